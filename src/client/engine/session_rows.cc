#include "client/engine/session_rows.h"

#include <algorithm>
#include <utility>

#include "client/engine/codes.h"
#include "client/engine/fanout.h"
#include "client/engine/inbox.h"
#include "session/convergence.h"

namespace pawl::client {
namespace {

absl::Status MakeRoom(Batch& batch, const identity::DeviceAddress& device) {
  std::vector<const SessionEntry*> entries = batch.sessions.With(device);
  if (entries.size() < kMaxSessionsPerDevice) return OkStatus();
  const SessionEntry* in_use = SendableSession(batch, device);
  std::erase(entries, in_use);
  const SessionEntry* oldest =
      *std::min_element(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
        return a->session.facts().created_at < b->session.facts().created_at;
      });
  const SessionId id = oldest->id;
  batch.sessions.Erase(id);
  return batch.tx.sessions().Erase(id);
}

store::SessionRow EncodeSession(const session::Session& session, Timestamp now) {
  store::SessionRow row;
  row.address = session.remote().account.ToString();
  row.device = session.remote().device;
  row.facts = session.EncodeFacts();
  row.progress = session.EncodeProgress();
  row.transcript_hash = *session.transcript_hash();
  row.initiator = session.facts().role == session::Role::kInitiator;
  row.confirmed = session.confirmed();
  row.created_at = session.facts().created_at;
  row.last_used_at = now;
  return row;
}

absl::Status RecordRekeyed(Batch& batch, const identity::DeviceAddress& device) {
  Event event;
  event.kind = EventKind::kDeviceRekeyed;
  event.peer = device.account;
  event.device = device.device;
  return Record(batch, event);
}

}  // namespace

absl::StatusOr<SessionId> InsertSession(Batch& batch, session::Session session) {
  PAWL_TRY(MakeRoom(batch, session.remote()));
  PAWL_ASSIGN(const SessionId id, batch.tx.sessions().Insert(EncodeSession(session, batch.now)));
  for (const session::SkippedRow& row : session.EncodeSkipped()) {
    PAWL_TRY(batch.tx.skipped().Add(id, *row.tag, row.value.Expose(),
                                    batch.now + ratchet::kSkippedKeyLifetime));
  }
  batch.sessions.Add(id, std::move(session));
  return id;
}

absl::StatusOr<bool> NoteEpoch(Batch& batch, const session::RemoteDevice& remote,
                               const identity::EpochRecord& epoch, ByteView record,
                               const std::vector<crypto::Suite>& suites) {
  const std::string address = remote.address.account.ToString();
  PAWL_ASSIGN(auto known, batch.tx.peer_devices().Find(address, remote.address.device));
  store::PeerDeviceRow row = known ? *std::move(known) : store::PeerDeviceRow{};
  if (epoch.epoch < row.epoch) return false;
  if (epoch.epoch == row.epoch && !row.epoch_record.empty()) {
    const auto before = identity::EpochRecord::Parse(row.epoch_record, remote.signing_key);
    if (before.ok() && before->identity_key != epoch.identity_key) return false;
  }
  const bool rekeyed = *row.epoch != 0 && epoch.epoch > row.epoch;
  row.address = address;
  row.device = remote.address.device;
  row.signing_key = remote.signing_key;
  row.epoch = epoch.epoch;
  row.epoch_record = ToBytes(record);
  row.suites.clear();
  for (crypto::Suite suite : suites) row.suites.push_back(static_cast<uint16_t>(suite));
  PAWL_TRY(batch.tx.peer_devices().Save(row));
  if (!rekeyed) return true;
  PAWL_TRY(RetireSessions(batch, remote.address, epoch.epoch));
  PAWL_TRY(RecordRekeyed(batch, remote.address));
  return true;
}

absl::Status RetireSession(Batch& batch, SessionId id) {
  batch.sessions.Retire(id);
  return batch.tx.sessions().Retire(id, batch.now + session::kIdleSessionLifetime);
}

absl::Status RetireSessions(Batch& batch, const identity::DeviceAddress& device,
                            DeviceEpoch below) {
  for (const SessionEntry* entry : batch.sessions.With(device)) {
    const session::Facts& facts = entry->session.facts();
    if (facts.receive_only || facts.remote_epoch >= below) continue;
    PAWL_TRY(RetireSession(batch, entry->id));
  }
  return OkStatus();
}

absl::StatusOr<DeviceEpoch> LeastEpoch(Batch& batch, const identity::DeviceAddress& device) {
  PAWL_ASSIGN(const auto row,
              batch.tx.peer_devices().Find(device.account.ToString(), device.device));
  return row ? std::max(row->epoch, DeviceEpoch(1)) : DeviceEpoch(1);
}

absl::StatusOr<session::Session> DecodeSession(const store::SessionRow& row,
                                               const std::vector<store::SkippedRow>& skipped) {
  std::vector<session::SkippedRow> keys;
  keys.reserve(skipped.size());
  for (const store::SkippedRow& key : skipped) {
    if (key.key.size() != session::SkippedRowValue::kSize) {
      return Fail(Code::kCorrupt, "skipped key of wrong size");
    }
    keys.push_back(
        {session::RouteTag(key.tag),
         session::SkippedRowValue::From(
             std::span<const uint8_t, session::SkippedRowValue::kSize>(key.key.Expose()))});
  }
  PAWL_ASSIGN(auto session,
              FromStore(session::Session::Decode(row.facts.Expose(), row.progress.Expose(), keys)));
  if (row.retired_until != kNever) session.Retire();
  return session;
}

absl::StatusOr<SessionTable> LoadSessions(store::Transaction& tx) {
  SessionTable table;
  PAWL_ASSIGN(const auto rows, tx.sessions().LoadAll());
  for (const store::SessionRow& row : rows) {
    PAWL_ASSIGN(const auto skipped, tx.skipped().LoadOf(row.id));
    PAWL_ASSIGN(auto session, DecodeSession(row, skipped));
    table.Insert(std::make_unique<SessionEntry>(SessionEntry{row.id, std::move(session)}));
  }
  return table;
}

}  // namespace pawl::client
