#include "relay/engine/sqlite/sqlite_engine.h"

#include "base/kill_point.h"
#include "relay/engine/sqlite/reads.h"

namespace pawl::relay::engine::sqlite {
namespace {

// A commit of 512 small messages or 1 MiB takes about as long as the disk's sync: more would only
// delay the first.
constexpr BatchLimits kWriteBatch{512, 1 << 20};
constexpr BatchLimits kReadBatch{64, 1 << 20};
// Answers leave one by one, so that a slow disk does not hold back what is done.
constexpr BatchLimits kBlobBatch{4, 256 << 10};

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteEngine>> SqliteEngine::Open(const Location& location,
                                                                 const Quotas& quotas, Sink& sink) {
  PAWL_TRY(MakeDirectory(location));
  PAWL_ASSIGN(FolderLock lock, FolderLock::Take(location.directory));
  Connections connections;
  PAWL_ASSIGN(connections.writer, OpenToWrite(location));
  PAWL_ASSIGN(BlobFiles files, OpenBlobs(location, *connections.writer));
  PAWL_ASSIGN(connections.reader, OpenToRead(location));
  PAWL_ASSIGN(connections.blob_reader, OpenToRead(location));
  return std::unique_ptr<SqliteEngine>(
      new SqliteEngine(std::move(lock), std::move(connections), std::move(files), quotas, sink));
}

SqliteEngine::SqliteEngine(FolderLock lock, Connections connections, BlobFiles files,
                           const Quotas& quotas, Sink& sink)
    : lock_(std::move(lock)),
      connections_(std::move(connections)),
      files_(std::move(files)),
      writes_(*connections_.writer, files_, quotas),
      sink_(sink) {
  const auto run = [this](void (SqliteEngine::*method)(std::span<const Request>)) {
    return [this, method](std::span<const Request> batch) { (this->*method)(batch); };
  };
  writer_ = std::make_unique<Worker>(kWriteBatch, run(&SqliteEngine::RunWrites));
  reader_ = std::make_unique<Worker>(kReadBatch, run(&SqliteEngine::RunReads));
  blobs_ = std::make_unique<Worker>(kBlobBatch, run(&SqliteEngine::RunBlobIo));
}

SqliteEngine::~SqliteEngine() {
  blobs_.reset();
  reader_.reset();
  writer_.reset();
}

void SqliteEngine::Submit(std::vector<Request> batch) {
  std::vector<Request> writes, reads, blobs;
  for (Request& request : batch) {
    auto& queue = IsBlobIo(request.op) ? blobs : IsWrite(request.op) ? writes : reads;
    queue.push_back(std::move(request));
  }
  writer_->Post(std::move(writes));
  reader_->Post(std::move(reads));
  blobs_->Post(std::move(blobs));
}

void SqliteEngine::Tell(Completions completions) {
  PAWL_KILL_POINT("relay.before_ack");
  sink_.Complete(std::move(completions));
  PAWL_KILL_POINT("relay.after_ack");
}

void SqliteEngine::RunWrites(std::span<const Request> batch) { Tell(writes_.Execute(batch)); }

void SqliteEngine::RunReads(std::span<const Request> batch) {
  Completions completions;
  for (const Request& request : batch) {
    completions.done.push_back({request.id, Read(*connections_.reader, request.op)});
  }
  Tell(std::move(completions));
}

void SqliteEngine::RunBlobIo(std::span<const Request> batch) {
  for (const Request& request : batch) {
    Result result = DoBlobIo(*connections_.blob_reader, files_, request.op);
    if (std::holds_alternative<CommitBlob>(request.op) && CodeOf(result) == Code::kOk) {
      writer_->Post({request});
      continue;
    }
    Completions completions;
    completions.done.push_back({request.id, std::move(result)});
    Tell(std::move(completions));
  }
}

}  // namespace pawl::relay::engine::sqlite
