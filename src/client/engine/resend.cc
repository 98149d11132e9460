#include "client/engine/resend.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "base/sim_hooks.h"
#include "client/engine/retransmit.h"
#include "session/convergence.h"

namespace pawl::client {
namespace {

// Messages looked at for one device: as many as a session takes before a fresh one must begin.
constexpr size_t kWindow = ratchet::kMaxUnanswered;
constexpr uint32_t kMostDoublings = 6;
// A confirmation may be on its way.
constexpr Duration kGrace = Hours(1);

bool IsUnansweredHandshake(const SessionEntry& entry) {
  return entry.session.facts().role == session::Role::kInitiator && !entry.session.confirmed();
}

absl::btree_set<identity::DeviceAddress> SilentDevices(const Batch& batch) {
  absl::btree_set<identity::DeviceAddress> devices;
  for (const auto& [id, entry] : batch.state.sessions.all()) {
    if (IsUnansweredHandshake(*entry)) devices.insert(entry->session.remote());
  }
  return devices;
}

bool WouldAnswer(const Batch& batch, const identity::Address& account) {
  const Peer* peer = batch.peers.Find(account);
  return batch.IsOwn(account) || (peer && peer->delivery_key && !peer->pending);
}

// Messages, and copies of ours, for the device that lie at the relay, on handshakes that it did not
// answer; oldest first.
absl::StatusOr<std::vector<store::OutboxRow>> SentInVain(Batch& batch,
                                                         const identity::DeviceAddress& to) {
  PAWL_ASSIGN(auto rows, batch.tx.outbox().LoadFor(to.account.ToString(), to.device, kWindow));
  const auto entries = batch.sessions.With(to);
  std::erase_if(rows, [&](const store::OutboxRow& row) {
    const bool unanswered = std::any_of(entries.begin(), entries.end(), [&](const auto* entry) {
      return entry->id == row.session && IsUnansweredHandshake(*entry);
    });
    return !unanswered || row.message == MessageId() || row.state != store::OutboxState::kAtRelay;
  });
  return rows;
}

// The recipient takes one message of an id, however often it comes.
absl::Status Resend(Batch& batch, const identity::DeviceAddress& to, const store::OutboxRow& row) {
  PAWL_PASSED("recovery.resent_on_fresh_session");
  return Retransmit(batch, to, row);
}

const SessionEntry* Current(const std::vector<const SessionEntry*>& entries) {
  std::vector<const session::Session*> sessions;
  for (const SessionEntry* entry : entries) sessions.push_back(&entry->session);
  const session::Session* chosen = session::SendingSession(sessions);
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const auto* entry) { return &entry->session == chosen; });
  return at == entries.end() ? nullptr : *at;
}

bool IsTimeToRenew(const Batch& batch, const SessionEntry& current,
                   const std::vector<const SessionEntry*>& entries) {
  const auto made =
      static_cast<uint32_t>(std::count_if(entries.begin(), entries.end(), [](const auto* entry) {
        return IsUnansweredHandshake(*entry);
      }));
  const Duration patience =
      Milliseconds(kRenewHandshakeAfter.ms << std::min(made - 1, kMostDoublings));
  return batch.now - current.session.facts().created_at >= patience;
}

absl::Status Renew(Batch& batch, const identity::DeviceAddress& to) {
  const auto entries = batch.sessions.With(to);
  const SessionEntry* current = Current(entries);
  if (!current) return OkStatus();
  PAWL_ASSIGN(const auto rows, SentInVain(batch, to));
  if (IsUnansweredHandshake(*current)) {
    const bool in_vain =
        !rows.empty() || (batch.IsOwn(to.account) && current->session.unanswered() > 0);
    if (in_vain && IsTimeToRenew(batch, *current, entries)) batch.Want(to);
    return OkStatus();
  }
  const auto heard = current->session.last_received_at();
  for (const store::OutboxRow& row : rows) {
    // Since then it has fetched its mail, and answered other things.
    if (!heard || *heard <= row.created_at || batch.now - row.created_at < kGrace) continue;
    PAWL_TRY(Resend(batch, to, row));
  }
  return OkStatus();
}

}  // namespace

absl::Status RenewHandshakes(Batch& batch) {
  for (const identity::DeviceAddress& device : SilentDevices(batch)) {
    if (WouldAnswer(batch, device.account)) PAWL_TRY(Renew(batch, device));
  }
  return OkStatus();
}

absl::Status ResendOldest(Batch& batch, const identity::DeviceAddress& to) {
  if (!WouldAnswer(batch, to.account)) return OkStatus();
  PAWL_ASSIGN(const auto rows, SentInVain(batch, to));
  return rows.empty() ? OkStatus() : Resend(batch, to, rows.front());
}

}  // namespace pawl::client
