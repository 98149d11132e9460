#include <utility>

#include "store/opening.h"
#include "store/store.h"
#include "store/store_impl.h"

namespace pawl::store {

// The connection goes first: SQLite keeps locks of its own on the database and on the log's index
// for as long as one is open.
void Store::Impl::LetGo() {
  Drop();
  batch.Attach(nullptr);
  connection.reset();
  lock.reset();
  suspended = true;
}

absl::StatusOr<bool> Store::Impl::TakeUp(Timestamp now, Rng& rng) {
  PAWL_ASSIGN(const Presence presence, layout.Look());
  if (presence != Presence::kStore) return Fail(Code::kNotFound, "the store is gone");
  if (absl::Status connected = Connect({key->Clone(), std::nullopt}); !connected.ok()) {
    // OpenWithEither has reason to call it damage; here the key is the one of an earlier time.
    const bool rekeyed = CodeOf(connected) == Code::kCorrupt;
    return rekeyed ? Fail(Code::kWrongKey, "the store was encrypted anew, or is damaged: open it")
                   : connected;
  }
  PAWL_ASSIGN(Meta found, LoadMeta(batch));
  PAWL_ASSIGN(lineage, LoadLineage(batch));
  if (found.id != meta.id) return Fail(Code::kCorrupt, "another store stands in its place");
  Meta left = std::exchange(meta, std::move(found));
  // Another may have been open in between: what is committed from now on is another opening's.
  instance = InstanceId(rng.Array<16>());
  anchor = AnchorSchedule();
  const bool changed = meta.generation != left.generation || meta.state != left.state;
  // What we have seen ourselves is an anchor too: a store below it is an older copy.
  const AnchorOptions seen = HostAnchor{left.generation};
  const AnchorOptions kept = anchor_dir ? AnchorOptions(AnchorFile{*anchor_dir}) : seen;
  suspended = false;
  const bool older = meta.generation < left.generation;
  absl::Status compared = CompareWithAnchor(older ? seen : kept, now);
  if (compared.ok()) return changed;
  meta = std::move(left);
  return compared;
}

absl::Status Store::Suspend(Timestamp now) {
  if (!impl_->key) return Fail(Code::kClosed, "the store is closed");
  // Where a re-encryption could not connect again only the lock is left.
  const bool connected = impl_->connection != nullptr;
  if (connected || impl_->suspended) PAWL_TRY(impl_->CheckIdle());
  if (impl_->readers->load() > 0) return Fail(Code::kWrongState, "a reader of the store is open");
  // One that cannot be raised (disk full) is behind, as after a crash.
  if (connected) impl_->RaiseAnchor(impl_->anchor.Pending(), now).IgnoreError();
  impl_->LetGo();
  return OkStatus();
}

absl::StatusOr<bool> Store::Resume(Timestamp now, Rng& rng) {
  if (!impl_->suspended) return Fail(Code::kWrongState, "the store is not suspended");
  PAWL_ASSIGN(WriterLock lock, WriterLock::Take(impl_->layout.Lock()));
  impl_->lock.emplace(std::move(lock));
  absl::StatusOr<bool> changed = impl_->TakeUp(now, rng);
  if (!changed.ok()) impl_->LetGo();
  return changed;
}

}  // namespace pawl::store
