#ifndef PAWL_RELAY_ENGINE_SQLITE_SQLITE_ENGINE_H_
#define PAWL_RELAY_ENGINE_SQLITE_SQLITE_ENGINE_H_

#include <memory>

#include "relay/engine/sqlite/database.h"
#include "relay/engine/sqlite/folder_lock.h"
#include "relay/engine/sqlite/worker.h"
#include "relay/engine/sqlite/writes.h"

namespace pawl::relay::engine::sqlite {

// The embedded engine: one thread commits (group commit), one reads, one moves the bytes of blobs,
// each with its own connection to relay.db. Completions come from all three threads.
class SqliteEngine final : public Engine {
 public:
  // `sink` must outlive the engine. As OpenToWrite; kStoreLocked when another relay serves this
  // folder.
  static absl::StatusOr<std::unique_ptr<SqliteEngine>> Open(const Location& location,
                                                            const Quotas& quotas, Sink& sink);
  // Finishes what its threads are at; what is still queued never completes.
  ~SqliteEngine() override;

  void Submit(std::vector<Request> batch) override;

 private:
  struct Connections {
    std::unique_ptr<db::Connection> writer;
    std::unique_ptr<db::Connection> reader;
    std::unique_ptr<db::Connection> blob_reader;
  };
  SqliteEngine(FolderLock lock, Connections connections, BlobFiles files, const Quotas& quotas,
               Sink& sink);

  void RunWrites(std::span<const Request> batch);
  void RunReads(std::span<const Request> batch);
  void RunBlobIo(std::span<const Request> batch);
  void Tell(Completions completions);

  const FolderLock lock_;
  const Connections connections_;
  const BlobFiles files_;
  Writes writes_;
  Sink& sink_;
  // The blob thread posts to the writer, so it ends first.
  std::unique_ptr<Worker> writer_;
  std::unique_ptr<Worker> reader_;
  std::unique_ptr<Worker> blobs_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_SQLITE_ENGINE_H_
