#ifndef PAWL_STORE_SNAPSHOT_H_
#define PAWL_STORE_SNAPSHOT_H_

#include <memory>
#include <optional>
#include <string>

#include "base/status.h"
#include "db/connection.h"
#include "db/transaction.h"
#include "store/anchor.h"
#include "store/batch.h"
#include "store/ids.h"
#include "store/key_wrap.h"
#include "store/layout.h"
#include "store/tables.h"

namespace pawl::store {

// A store at one instant: all reads see the same commit, whatever its writer does meanwhile. Open
// files and shared locks on them (never the writer's lock) end with the object; keep it short.
// Writes through its tables fail (kStorage). Thread-compatible.
class Snapshot {
 public:
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  Tables& tables() { return tables_; }
  Generation generation() const { return generation_; }

 private:
  friend class Observer;
  explicit Snapshot(std::unique_ptr<db::Connection> connection)
      : connection_(std::move(connection)), batch_(connection_.get()) {}

  // Destroyed in reverse order: the transaction before the connection.
  std::unique_ptr<db::Connection> connection_;
  Batch batch_;
  Tables tables_{batch_};
  std::optional<db::Transaction> transaction_;
  Generation generation_;
};

struct ObserverOptions {
  std::string dir;
  WrapKey key;
  AnchorOptions anchor{};  // read only; one that cannot be read is not missed
  std::string vfs{};
};

// A store for a process that is not its writer: nothing is ever committed, and between two Looks no
// file of it is open and no lock held, so that a system may suspend the process at any time.
// Thread-safe.
class Observer {
 public:
  // Blocks for Argon2id under a passphrase. kNotFound, kWrongKey, kCorrupt, kIo, kInvalidArgument.
  static absl::StatusOr<Observer> Open(const ObserverOptions& options);

  // The latest commit. kStoreTooOld: an earlier release made the store, and its writer has not
  // brought it up to date; kStoreTooNew; kDiverged: it is an older copy of itself, or was and
  // is not healed; kSuperseded; kStoreLocked: the writer was stopped in the one moment in which
  // nobody can begin to read (tried for kPatience); kWrongKey: it was encrypted anew, so Open
  // again; kCorrupt, kIo, kNotFound.
  absl::StatusOr<std::unique_ptr<Snapshot>> Look() const;

  static constexpr Duration kPatience = Seconds(2);
  static constexpr int32_t kCacheKib = 256;

 private:
  Observer(Layout layout, DatabaseKeys keys, std::string vfs)
      : layout_(std::move(layout)), keys_(std::move(keys)), vfs_(std::move(vfs)) {}
  absl::StatusOr<std::unique_ptr<db::Connection>> Connect() const;
  // What the anchor said before the snapshot began, so that a commit of the writer in between
  // cannot pass for a lost future.
  std::optional<Generation> Anchored(Batch& batch) const;

  Layout layout_;
  DatabaseKeys keys_;
  std::string vfs_;
  std::optional<std::string> anchor_dir_;
  std::optional<Generation> host_anchor_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_SNAPSHOT_H_
