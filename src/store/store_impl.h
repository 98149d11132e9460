#ifndef PAWL_STORE_STORE_IMPL_H_
#define PAWL_STORE_STORE_IMPL_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "db/transaction.h"
#include "store/batch.h"
#include "store/generation.h"
#include "store/layout.h"
#include "store/lock.h"
#include "store/store.h"
#include "store/tables.h"

namespace pawl::store {

// The state of an open store. Members end in reverse order: the lock last.
struct Store::Impl {
  Impl(Layout where, WriterLock held) : layout(std::move(where)), lock(std::move(held)) {}

  // Opening.
  absl::Status Create(const OpenOptions& options, Rng& rng);
  absl::Status OpenExisting(const OpenOptions& options, Rng& rng);
  absl::Status Connect(DatabaseKeys keys);
  absl::StatusOr<std::optional<Generation>> ReadAnchored(const AnchorOptions& options) const;
  absl::Status CompareWithAnchor(const AnchorOptions& options, Timestamp now);

  // suspension.cc
  void LetGo();
  absl::StatusOr<bool> TakeUp(Timestamp now, Rng& rng);

  // kClosed, kWrongState inside a transaction.
  // Whether this opening has committed anything.
  bool HasBegun() const;
  absl::Status CheckIdle() const;
  absl::Status Begin();
  void Drop() { running.reset(); }
  // Ends the transaction: with what it changed, at `generation`; or without anything.
  absl::Status Commit(Generation generation, OpenedState state, Timestamp now);
  void NoteCommitted(Timestamp now);
  // The file anchor; a host's is the host's to raise.
  absl::Status RaiseAnchor(std::optional<Generation> to, Timestamp now);

  // The key file: `key` and, during a re-encryption, the one that follows it.
  absl::Status WriteKeys(const WrapKey& wrap, std::optional<DatabaseKey> next, Rng& rng) const;

  Layout layout;
  std::optional<WriterLock> lock;  // nullopt while suspended, and once closed
  std::string vfs;
  std::optional<DatabaseKey> key;              // nullopt once closed
  std::unique_ptr<db::Connection> connection;  // null while suspended, and once closed
  Batch batch{nullptr};
  Tables tables{batch};
  Meta meta;
  InstanceId instance;  // this opening; in `lineage` from its first commit on
  Lineage lineage;
  std::optional<std::string> anchor_dir;  // nullopt: the host keeps the anchor
  bool suspended = false;
  AnchorSchedule anchor;
  std::optional<db::Transaction> running;
  // Open Readers: a re-encryption pulls the key from under them.
  std::shared_ptr<std::atomic<int>> readers = std::make_shared<std::atomic<int>>(0);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_STORE_IMPL_H_
