#ifndef PAWL_CLIENT_ENGINE_BATCH_H_
#define PAWL_CLIENT_ENGINE_BATCH_H_

#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/rng.h"
#include "client/engine/effect.h"
#include "client/engine/state.h"
#include "store/transaction.h"

namespace pawl::client {

// What earlier tries at this Step found that cannot be carried out: it is done again without, since
// what was written before it failed must not stay.
struct Refusals {
  struct Refusal {
    Code why = Code::kOk;
    std::optional<identity::DeviceAddress> sender{};  // authentic; none: not known
  };
  absl::flat_hash_map<EnvelopeId, Refusal> envelopes{};
  absl::flat_hash_set<identity::DeviceAddress> devices{};  // that get no answer in this Step
  bool maintenance = false;
};
// What a Step is busy with, so that an error is laid to the one who caused it.
struct AtWork {
  std::optional<EnvelopeId> envelope{};
  std::optional<identity::DeviceAddress> device{};  // the envelope's sender; whom we answer
};

// One Step in the making: the transaction, the committed state (const) and everything that is to
// change in memory and to leave the process if, and only if, the transaction commits. Dropping a
// Batch undoes the Step.
struct Batch {
  Batch(const State& committed, store::Transaction& transaction, Timestamp time, Rng& random);

  const State& state;
  store::Transaction& tx;
  const Timestamp now;
  Rng& rng;

  // --- committed things as this Step sees them ---
  Setup setup;
  std::shared_ptr<const Self> self;
  std::shared_ptr<const std::vector<session::BundleKeys>> bundle_keys;
  PeerEdits peers;
  SessionEdits sessions;
  RepairEdits repairs;
  store::OpenedState standing;
  int PendingCount(const identity::DeviceAddress& to) const;

  // --- changes to the volatile part ---
  struct NewItem {
    identity::DeviceAddress to;
    OutboxItem item;
    Bytes frame{};
  };
  struct FetchChange {
    identity::DeviceAddress what;
    enum class Kind { kWant, kDone, kRetry } kind = Kind::kWant;
    Timestamp not_before{kLongAgo};
  };
  struct EphemeralFrame {
    SendEnvelope send;
  };
  std::vector<NewItem> new_items{};  // with their envelopes, which leave with the effects
  std::vector<std::pair<identity::DeviceAddress, OutboxItem>> new_rows{};
  std::vector<OutboxAnswer> answers{};
  std::vector<identity::DeviceAddress> erased_queues{};
  std::vector<identity::DeviceAddress> unblocked_queues{};
  absl::flat_hash_map<identity::DeviceAddress, int> pending_changes;
  std::optional<ListClaims> claims{};  // changed in this Step; none: the state's
  absl::flat_hash_map<identity::Address, Timestamp> said_yes{};
  absl::flat_hash_map<identity::DeviceAddress, Timestamp> resumed{};
  std::optional<Bytes> note{};  // another one is to be put
  std::optional<store::Generation> noted{};
  std::vector<FetchChange> fetches{};
  std::vector<std::pair<EnvelopeId, ParkedEnvelope>> parked{};
  std::vector<EnvelopeId> unparked{};
  std::vector<EphemeralFrame> ephemeral{};
  std::vector<uint64_t> ended_calls{};
  Duties duties;
  OpenRequests requests;
  PurseState purse;
  bool device_up, anonymous_up;
  bool device_lost = false, anonymous_lost = false;  // at any time in this Step
  DeviceEpoch relay_epoch{};
  uint32_t one_time_left;
  int trial_budget;
  Timestamp trial_refill{};
  // Sessions whose handshakes were repeated lately, the latest first: tried before any
  // decapsulation.
  std::vector<SessionId> repeating{};
  Timestamp next_maintenance{};
  Timestamp chores_not_before = kLongAgo;
  Timestamp next_expiry{};  // of a message with a timer
  Timestamp next_top_up{};
  bool erased_content = false;  // of which no trace shall stay
  bool transfers_started;
  bool session_began = false;

  // Messages that arrived in this Step, by the device that sent them: confirmed to it, in one
  // envelope, before the commit.
  absl::btree_map<identity::DeviceAddress, std::vector<MessageId>> to_confirm;

  // Devices that asked what of theirs arrived, with what the answer says (repair.h); after the
  // confirmations.
  absl::btree_map<identity::DeviceAddress, uint32_t> to_resume;

  // Devices whose handshake came, with the first message or another: they repeat it until they hear
  // from us.
  absl::btree_set<identity::DeviceAddress> handshakes_from;

  Refusals refused;
  AtWork at_work;

  Effects effects;

  // --- small verbs ---
  const identity::Address& own_address() const { return self->address(); }
  bool IsOwn(const identity::Address& address) const { return self && own_address() == address; }
  // `retry_after`: of a failure, how long the relay says that it lasts; 0: it does not say.
  void Complete(RequestId request, Code code, Bytes data = {}, Duration retry_after = {});
  void Want(const identity::DeviceAddress& what);
  void WantList(const identity::Address& account) { Want(WholeAccount(account)); }
  // The same because somebody says so whom it costs nothing: not more often than ListClaims lets.
  void HintList(const identity::Address& account);
  const ListClaims& Claims() const { return claims ? *claims : state.claims; }
  ListClaims& EditClaims() { return claims ? *claims : claims.emplace(state.claims); }
  void LeaveAnonymousConnection();  // for another one
  void Replace(Self next) { self = std::make_shared<const Self>(std::move(next)); }
};

// After the commit: into the state. Cannot fail. Leaves batch.effects as they are.
void ApplyBatch(Batch&& batch, State& state);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_BATCH_H_
