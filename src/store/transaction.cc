#include "store/transaction.h"

#include <algorithm>
#include <utility>

#include "store/store.h"
#include "store/store_impl.h"

namespace pawl::store {

Transaction::Transaction(Transaction&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)) {}

Transaction::~Transaction() {
  if (store_ != nullptr) store_->impl_->Drop();
}

Account& Transaction::account() { return store_->impl_->tables.account; }
Values& Transaction::values() { return store_->impl_->tables.values; }
Peers& Transaction::peers() { return store_->impl_->tables.peers; }
PeerDevices& Transaction::peer_devices() { return store_->impl_->tables.peer_devices; }
Sessions& Transaction::sessions() { return store_->impl_->tables.sessions; }
Skipped& Transaction::skipped() { return store_->impl_->tables.skipped; }
Prekeys& Transaction::prekeys() { return store_->impl_->tables.prekeys; }
Replay& Transaction::replay() { return store_->impl_->tables.replay; }
Conversations& Transaction::conversations() { return store_->impl_->tables.conversations; }
Messages& Transaction::messages() { return store_->impl_->tables.messages; }
Outbox& Transaction::outbox() { return store_->impl_->tables.outbox; }
Pending& Transaction::pending() { return store_->impl_->tables.pending; }
Inbox& Transaction::inbox() { return store_->impl_->tables.inbox; }
Dedupe& Transaction::dedupe() { return store_->impl_->tables.dedupe; }
Transfers& Transaction::transfers() { return store_->impl_->tables.transfers; }
Repairs& Transaction::repairs() { return store_->impl_->tables.repairs; }
Tokens& Transaction::tokens() { return store_->impl_->tables.tokens; }

absl::Status Transaction::Mark(OpenedState state) {
  PAWL_TRY(SetOpenedState(store_->impl_->batch, state));
  state_after_ = state;
  return OkStatus();
}

absl::Status Transaction::Absorb(ByteView note) {
  const Store::Impl& impl = *store_->impl_;
  const auto opened = OpenNote(note, impl.meta.id, impl.meta.anchor_key);
  if (!opened || JudgeNote(*opened, impl.lineage, impl.meta.generation) != NoteVerdict::kForeign) {
    return OkStatus();
  }
  beyond_ = std::max(impl.meta.generation, opened->generation);
  // A machine copied as it ran has our own opening: only the generation tells it from us.
  if (opened->instance == impl.instance) return OkStatus();
  absorbed_ = Instance{opened->instance, Generation(**beyond_ + 1), true};
  return BeginInstance(store_->impl_->batch, *absorbed_);
}

absl::Status Transaction::Commit(Timestamp now) {
  Store* const store = std::exchange(store_, nullptr);
  if (store == nullptr) return Fail(Code::kWrongState, "the transaction is over");
  Store::Impl& impl = *store->impl_;
  PAWL_TRY(impl.Commit(Generation(*beyond_.value_or(impl.meta.generation) + 1),
                       state_after_.value_or(impl.meta.state), now));
  if (!absorbed_) return OkStatus();
  std::erase_if(impl.lineage, [&](const Instance& i) { return i.id == absorbed_->id; });
  impl.lineage.push_back(*absorbed_);
  return OkStatus();
}

}  // namespace pawl::store
