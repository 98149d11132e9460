#include "relay/engine/sqlite/writes.h"

#include <algorithm>

#include "base/kill_point.h"
#include "db/transaction.h"
#include "relay/engine/sqlite/accounts.h"
#include "relay/engine/sqlite/append.h"
#include "relay/engine/sqlite/blob_rows.h"
#include "relay/engine/sqlite/mail.h"
#include "relay/engine/sqlite/prekeys.h"
#include "relay/engine/sqlite/tokens.h"

namespace pawl::relay::engine::sqlite {

bool IsBlobIo(const Op& op) {
  return std::holds_alternative<AppendBlob>(op) || std::holds_alternative<ReadBlob>(op) ||
         std::holds_alternative<CommitBlob>(op);
}

bool IsWrite(const Op& op) {
  return !IsBlobIo(op) && !std::holds_alternative<Attach>(op) &&
         !std::holds_alternative<FetchMail>(op) && !std::holds_alternative<GetList>(op);
}

absl::StatusOr<Result> Writes::ExecuteOne(WriteContext& context, const Op& op) {
  struct Visitor {
    Writes& writes;
    WriteContext& context;

    absl::StatusOr<Result> operator()(const BeginBlob& begin) const {
      return Do(context, writes.files_, begin);
    }
    absl::StatusOr<Result> operator()(const Expire& expire) const {
      return writes.expiry_.Do(context, expire);
    }
    absl::StatusOr<Result> operator()(const Append& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const Acknowledge& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const RegisterAccount& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const PutList& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const PutEpoch& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const PutPrekeys& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const TakePrekey& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const PutDeliveryKey& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const PutAnchor& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const PutInvitation& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const RemoveAccount& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const TakeRemovals& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const CommitBlob& write) const {
      return Do(context, writes.files_, write);
    }
    absl::StatusOr<Result> operator()(const DeleteBlob& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const GetTokenSeed& write) const {
      return Do(context, write);
    }
    absl::StatusOr<Result> operator()(const IssueTokens& write) const { return Do(context, write); }
    absl::StatusOr<Result> operator()(const Attach&) const { return NotAWrite(); }
    absl::StatusOr<Result> operator()(const FetchMail&) const { return NotAWrite(); }
    absl::StatusOr<Result> operator()(const GetList&) const { return NotAWrite(); }
    absl::StatusOr<Result> operator()(const AppendBlob&) const { return NotAWrite(); }
    absl::StatusOr<Result> operator()(const ReadBlob&) const { return NotAWrite(); }
    static absl::Status NotAWrite() { return Fail(Code::kInternal, "not a write"); }
  };
  return std::visit(Visitor{*this, context}, op);
}

absl::Status Writes::ExecuteAll(WriteContext& context, std::span<const Request> batch,
                                Completions& completions) {
  PAWL_ASSIGN(auto transaction, db::Transaction::Begin(db_));
  for (const Request& request : batch) {
    PAWL_ASSIGN(Result result, ExecuteOne(context, request.op));
    completions.done.push_back({request.id, std::move(result)});
  }
  PAWL_TRY(context.counters.Flush(db_));
  PAWL_KILL_POINT("relay.before_commit");
  PAWL_TRY(transaction.Commit());
  PAWL_KILL_POINT("relay.after_commit");
  return OkStatus();
}

Completions Writes::Execute(std::span<const Request> batch) {
  WriteContext context{db_, quotas_, full_, lines_, {}, {}, {}};
  Completions completions;
  completions.done.reserve(batch.size());
  const absl::Status status = ExecuteAll(context, batch, completions);
  if (!status.ok()) {
    completions.done.clear();
    full_.Clear();  // it may tell of removals that did not happen
    for (const Request& request : batch) {
      if (const auto* append = std::get_if<Append>(&request.op)) lines_.Refused(append->line);
      completions.done.push_back({request.id, FailureOf(request.op, pawl::CodeOf(status))});
    }
    return completions;
  }
  std::sort(context.woken.begin(), context.woken.end());
  context.woken.erase(std::unique(context.woken.begin(), context.woken.end()), context.woken.end());
  completions.woken = std::move(context.woken);
  for (const BlobId& id : context.removed_blobs) files_.Remove(id);
  return completions;
}

}  // namespace pawl::relay::engine::sqlite
