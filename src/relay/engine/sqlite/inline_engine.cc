#include "relay/engine/sqlite/inline_engine.h"

#include <algorithm>

#include "base/kill_point.h"
#include "relay/engine/sqlite/reads.h"

namespace pawl::relay::engine::sqlite {
namespace {

void Add(Completions&& more, Completions* all) {
  std::move(more.done.begin(), more.done.end(), std::back_inserter(all->done));
  all->woken.insert(all->woken.end(), more.woken.begin(), more.woken.end());
}

}  // namespace

absl::StatusOr<std::unique_ptr<InlineEngine>> InlineEngine::Open(const Location& location,
                                                                 const Quotas& quotas, Sink& sink) {
  PAWL_ASSIGN(auto db, OpenToWrite(location));
  PAWL_ASSIGN(BlobFiles files, OpenBlobs(location, *db));
  return std::unique_ptr<InlineEngine>(
      new InlineEngine(std::move(db), std::move(files), quotas, sink));
}

absl::StatusOr<std::unique_ptr<InlineEngine>> InlineEngine::OpenBeside(const Location& location,
                                                                       const Quotas& quotas,
                                                                       Sink& sink) {
  PAWL_ASSIGN(auto db, OpenToWrite(location));
  PAWL_ASSIGN(BlobFiles files, BlobFiles::Open(BlobDirectory(location)));
  return std::unique_ptr<InlineEngine>(
      new InlineEngine(std::move(db), std::move(files), quotas, sink));
}

void InlineEngine::Submit(std::vector<Request> batch) {
  Completions all;
  for (auto request = batch.begin(); request != batch.end();) {
    if (IsWrite(request->op)) {
      const auto end = std::find_if_not(request, batch.end(),
                                        [](const Request& next) { return IsWrite(next.op); });
      Add(writes_.Execute({request, end}), &all);
      request = end;
      continue;
    }
    Result result =
        IsBlobIo(request->op) ? DoBlobIo(*db_, files_, request->op) : Read(*db_, request->op);
    if (std::holds_alternative<CommitBlob>(request->op) && CodeOf(result) == Code::kOk) {
      Add(writes_.Execute({request, request + 1}), &all);
    } else {
      all.done.push_back({request->id, std::move(result)});
    }
    ++request;
  }
  PAWL_KILL_POINT("relay.before_ack");
  sink_.Complete(std::move(all));
  PAWL_KILL_POINT("relay.after_ack");
}

}  // namespace pawl::relay::engine::sqlite
