#include <algorithm>
#include <utility>

#include "client/engine/devices.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/purse.h"
#include "client/engine/reducers.h"
#include "client/engine/resend.h"
#include "client/engine/self.h"
#include "client/engine/setup.h"
#include "client/engine/transfers.h"
#include "session/convergence.h"

namespace pawl::client {
namespace {

constexpr Duration kMaintenanceInterval = Hours(1);
// The list is re-signed at half of what others tolerate, so that a week offline does no harm.
constexpr Duration kResignAfter = Days(7);
// Contacts' lists are looked at this often though nothing calls for it: a frozen view has to end.
constexpr Duration kListRecheck = Days(7);
// While another identity is shown nothing is sent: if that was false, it has to end soon.
constexpr Duration kPendingRecheck = Hours(1);
constexpr size_t kRechecksAtOnce = 16;
constexpr size_t kExpiredPage = 256;

absl::Status ResignList(Batch& batch) {
  if (!batch.self->account_key || batch.duties[Duty::kPutList].due) return OkStatus();
  const Duration age = batch.now - batch.self->list.fields().issued_at;
  if (age < kResignAfter) return OkStatus();
  PAWL_ASSIGN(const auto list,
              SignNextList(*batch.self, batch.self->list.fields().devices, batch.now));
  return PutOwnList(batch, list);
}

absl::Status RotateKeys(Batch& batch) {
  const auto& keys = *batch.bundle_keys;
  if (keys.empty() || session::DueForRotation(keys.front(), batch.now)) {
    PAWL_TRY(RotateBundle(batch));
  }
  PAWL_ASSIGN(const uint32_t erased, batch.tx.prekeys().EraseExpired(batch.now));
  if (erased > 0) {
    PAWL_ASSIGN(batch.bundle_keys, LoadBundleKeys(batch.tx));
  }
  return OkStatus();
}

absl::Status ExpireOutbox(Batch& batch) {
  PAWL_ASSIGN(const auto rows, batch.tx.outbox().Expired(batch.now, kExpiredPage));
  for (const store::OutboxRow& row : rows) {
    PAWL_ASSIGN(auto account, identity::Address::Parse(row.address));
    batch.answers.push_back({.to = {std::move(account), row.device}, .id = row.id, .taken = true});
    PAWL_TRY(FailRow(batch, row, Code::kExpired));
  }
  PAWL_ASSIGN(const auto waiting, batch.tx.pending().Expired(batch.now, kExpiredPage));
  for (const store::PendingRow& row : waiting) {
    PAWL_TRY(FailPendingRow(batch, row, Code::kExpired));
  }
  return OkStatus();
}

absl::Status ExpireSessions(Batch& batch) {
  PAWL_ASSIGN(const auto keys, batch.tx.skipped().EraseExpired(batch.now, kExpiredPage));
  for (const store::SkippedName& key : keys) batch.sessions.ExpireSkippedKeys(key.session);
  std::vector<SessionId> due;
  for (const auto& [id, entry] : batch.state.sessions.all()) {
    std::vector<const session::Session*> all;
    for (const SessionEntry* other : batch.sessions.With(entry->session.remote())) {
      all.push_back(&other->session);
    }
    if (session::DueForErasure(entry->session, all, batch.now)) due.push_back(id);
  }
  for (SessionId id : due) {
    batch.sessions.Erase(id);
    PAWL_TRY(batch.tx.sessions().Erase(id));
  }
  return OkStatus();
}

void RecheckLists(Batch& batch) {
  size_t asked = 0;
  for (const identity::Address& address : batch.peers.All()) {
    const Peer* peer = batch.peers.Find(address);
    const Duration interval = peer->pending ? kPendingRecheck : kListRecheck;
    if (!peer->accepted() && !peer->pending) continue;
    if (batch.now - peer->list_checked_at < interval) continue;
    batch.WantList(address);
    if (++asked == kRechecksAtOnce) return;
  }
}

absl::Status Hourly(Batch& batch) {
  batch.next_maintenance = batch.now + kMaintenanceInterval;
  PAWL_TRY(ExpireOutbox(batch));
  PAWL_TRY(ExpireSessions(batch));
  PAWL_TRY(batch.tx.dedupe().Prune(batch.now, kExpiredPage).status());
  batch.erased_content = true;  // sent content, used keys, sessions
  if (batch.setup != Setup::kListed && batch.setup != Setup::kReady) return OkStatus();
  PAWL_TRY(ResignList(batch));
  PAWL_TRY(RotateKeys(batch));
  if (batch.device_up) PAWL_TRY(TopUp(batch));
  RecheckLists(batch);
  PAWL_TRY(RefillPurse(batch));
  return RenewHandshakes(batch);
}

absl::Status EraseExpiredMessages(Batch& batch) {
  PAWL_ASSIGN(const uint32_t erased, batch.tx.messages().EraseExpired(batch.now, kExpiredPage));
  batch.erased_content = batch.erased_content || erased > 0;
  PAWL_ASSIGN(batch.next_expiry, batch.tx.messages().NextExpiry());
  return OkStatus();
}

}  // namespace

absl::Status Maintain(Batch& batch) {
  if (!batch.self) {
    batch.transfers_started = true;  // what this store will have on its way begins in this process
    return OkStatus();
  }
  if (batch.now >= batch.next_expiry) PAWL_TRY(EraseExpiredMessages(batch));
  const bool superseded = batch.standing == store::OpenedState::kSuperseded;
  if (!superseded) {
    PAWL_TRY(RestartTransfers(batch));
    PAWL_TRY(ReviewPurse(batch));
  }
  // A clock that was set back must not put maintenance off for as long as it was ahead.
  const bool overdue = batch.now >= batch.next_maintenance ||
                       batch.next_maintenance - batch.now > kMaintenanceInterval;
  if (!overdue) return OkStatus();
  if (!superseded) return Hourly(batch);
  batch.next_maintenance = batch.now + kMaintenanceInterval;
  return ExpireOutbox(batch);
}

void PostponeMaintenance(Batch& batch) {
  const Timestamp later = batch.now + kMaintenanceInterval;
  batch.next_maintenance = batch.next_expiry = batch.chores_not_before = later;
  batch.transfers_started = true;
  if (batch.purse.not_before != kLongAgo) batch.purse.not_before = later;
}

}  // namespace pawl::client
