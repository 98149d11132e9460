#include <algorithm>
#include <utility>

#include "client/engine/codes.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/session_rows.h"
#include "client/engine/setup.h"
#include "client/engine/state.h"
#include "crypto/init.h"

namespace pawl::client {
namespace {

constexpr size_t kLoadPage = 512;

absl::Status LoadPeers(store::Transaction& tx, State& state) {
  PAWL_ASSIGN(const auto rows, tx.peers().LoadAll());
  for (const store::PeerRow& row : rows) {
    PAWL_ASSIGN(Peer peer, DecodePeer(row));
    const identity::Address address = peer.address;
    state.peers[address] = std::make_shared<const Peer>(std::move(peer));
  }
  return OkStatus();
}

absl::Status LoadOutbox(store::Transaction& tx, State& state) {
  store::OutboxId after;
  for (;;) {
    PAWL_ASSIGN(const auto rows, tx.outbox().Due(kNever, after, kLoadPage));
    for (const store::OutboxRow& row : rows) {
      PAWL_ASSIGN(auto account, FromStore(identity::Address::Parse(row.address)));
      state.outbox.Add({std::move(account), row.device},
                       {.id = row.id,
                        .envelope = row.envelope,
                        .size = static_cast<uint32_t>(row.frame_size),
                        .attempts = row.attempts,
                        .urgent = row.cls == store::OutboxClass::kMessage,
                        // A wait that the relay asked for ended with the connection: it is asked
                        // again. A delay of our own holds.
                        .not_before = row.attempts > 0 ? Timestamp() : row.not_before,
                        .expires_at = row.expires_at});
      after = row.id;
    }
    if (rows.size() < kLoadPage) return OkStatus();
  }
}

// Whatever waits for a list or for prekeys asks for them again.
absl::Status LoadPending(store::Transaction& tx, State& state) {
  store::PendingId after;
  for (;;) {
    PAWL_ASSIGN(const auto rows, tx.pending().Due(kNever, after, kLoadPage));
    for (const store::PendingRow& row : rows) {
      PAWL_ASSIGN(auto account, FromStore(identity::Address::Parse(row.address)));
      const identity::DeviceAddress to{std::move(account), row.device};
      state.pending.Add(to, 1);
      if (row.reason != store::PendingReason::kIdentityChanged) state.fetches.try_emplace(to);
      after = row.id;
    }
    if (rows.size() < kLoadPage) return OkStatus();
  }
}

std::vector<crypto::Suite> SuitesOf(const Config& config) {
  return config.suites.empty() ? session::AnnouncedSuites() : config.suites;
}

}  // namespace

absl::StatusOr<std::unique_ptr<State>> LoadState(store::Store* store, Config config) {
  auto state = std::make_unique<State>();
  state->store = store;
  state->config = std::move(config);
  state->config.suites = SuitesOf(state->config);
  PAWL_ASSIGN(store::Transaction tx, store->Begin());
  PAWL_ASSIGN(state->setup, LoadSetup(tx));
  PAWL_ASSIGN(const auto account, tx.account().Load());
  if (account) {
    PAWL_ASSIGN(Self self, DecodeSelf(*account));
    state->self = std::make_shared<const Self>(std::move(self));
  } else if (state->setup != Setup::kNone && state->setup != Setup::kLinking) {
    return Fail(Code::kCorrupt, "an account under way without its keys");
  }
  PAWL_ASSIGN(state->bundle_keys, LoadBundleKeys(tx));
  PAWL_ASSIGN(state->duties, LoadDuties(tx, state->setup));
  PAWL_TRY(LoadPeers(tx, *state));
  PAWL_ASSIGN(state->sessions, LoadSessions(tx));
  PAWL_TRY(LoadOutbox(tx, *state));
  PAWL_TRY(LoadPending(tx, *state));
  PAWL_ASSIGN(state->repairs, LoadRepairs(tx.repairs()));
  state->standing = store->opened_state();
  if (state->setup == Setup::kImporting) {
    state->fetches.try_emplace(WholeAccount(state->self->address()));
  }
  return state;
}

}  // namespace pawl::client
