#ifndef PAWL_CLIENT_ENGINE_STATE_H_
#define PAWL_CLIENT_ENGINE_STATE_H_

#include <memory>
#include <vector>

#include "client/engine/config.h"
#include "client/engine/duties.h"
#include "client/engine/list_claims.h"
#include "client/engine/outbox_index.h"
#include "client/engine/peer.h"
#include "client/engine/purse_state.h"
#include "client/engine/repair_table.h"
#include "client/engine/self.h"
#include "client/engine/session_table.h"
#include "client/engine/waiting.h"
#include "session/prekeys.h"
#include "store/store.h"

namespace pawl::client {

// The app's requests that end later than the Step that took them. Lost with the process.
struct OpenRequests {
  RequestId setup{};  // Register, CompleteLink or ImportAccount
  RequestId list{};   // RemoveDevice or ApproveLink, until the relay has the list
  Bytes list_result{};
  absl::flat_hash_map<MessageId, RequestId> transfers;
};

// All that an engine knows between Steps: what the store holds, decoded, and what a restart may
// forget (calls, connections, parked envelopes). Reducers see it const: they write to the store's
// transaction and to a Batch, and only a commit brings the two together.
struct State {
  store::Store* store = nullptr;
  Config config;

  // Committed.
  Setup setup = Setup::kNone;
  std::shared_ptr<const Self> self;  // null: no account yet, or linking
  std::shared_ptr<const std::vector<session::BundleKeys>> bundle_keys;  // newest first
  PeerTable peers;
  SessionTable sessions;
  OutboxIndex outbox;
  PendingIndex pending;
  RepairTable repairs;
  store::OpenedState standing = store::OpenedState::kCurrent;  // standing.h

  // Volatile.
  Duties duties;
  Fetches fetches;
  ListClaims claims;
  // Whom a repeated contact request was answered, and when.
  absl::flat_hash_map<identity::Address, Timestamp> said_yes;
  // Devices whose Resume was answered, and when.
  absl::flat_hash_map<identity::DeviceAddress, Timestamp> resumed;
  Bytes note;                              // to be put
  std::optional<store::Generation> noted;  // of what was last put on this connection
  Timestamp next_note{kLongAgo};
  Calls calls;
  Parked parked;
  OpenRequests requests;
  PurseState purse;
  bool device_up = false;
  bool anonymous_up = false;
  DeviceEpoch relay_epoch{};   // of this device, by the relay's word
  uint32_t one_time_left = 0;  // at the relay, by its word and our own count since
  uint64_t next_call = 1;
  size_t call_bytes = 0;
  int trial_budget = kTrialCapacity;  // see SpendTrials in inbound.h
  Timestamp trial_refill;
  std::vector<SessionId> repeating;  // see Batch
  Timestamp next_maintenance{kLongAgo};
  Timestamp chores_not_before{kLongAgo};  // repairs and notes: a Step could not do them
  Timestamp next_expiry{kLongAgo};        // of a message with a timer
  Timestamp next_top_up{kLongAgo};        // of one-time pairs, because the relay says it runs low
  Timestamp traces_due = kNever;          // of what was erased: out of the store's log, too
  Timestamp traces_erased_at{kLongAgo};
  Timestamp anchor_again{kLongAgo};  // not before: it failed, or the host was asked
  Timestamp pump_again = kNever;     // the store could not be read after a commit
  bool transfers_started = false;
};

// The state that a store holds. kCorrupt, kIo.
absl::StatusOr<std::unique_ptr<State>> LoadState(store::Store* store, Config config);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_STATE_H_
