#include "client/engine/peek_handshake.h"

#include <algorithm>
#include <utility>

#include "client/engine/own_prekeys.h"
#include "client/engine/session_rows.h"
#include "session/handshake.h"
#include "session/stage.h"

namespace pawl::client {
namespace {

using identity::DeviceAddress;
using session::PeekedHandshake;
using session::Session;

bool WasBegunBy(const Session& session, const session::HandshakeId& id) {
  return session.facts().role == session::Role::kResponder && session.facts().handshake_id == id;
}

// The session that this handshake began, in the store already.
const Session* BegunBy(const std::vector<Session>& sessions, const session::HandshakeId& id) {
  const auto found = std::find_if(sessions.begin(), sessions.end(),
                                  [&](const Session& session) { return WasBegunBy(session, id); });
  return found == sessions.end() ? nullptr : &*found;
}

// Below the highest epoch seen, or the same one with another key.
absl::StatusOr<bool> Contradicts(store::Snapshot& snapshot, const PeekedHandshake& peeked,
                                 const session::RemoteDevice& remote, DeviceEpoch& least) {
  const DeviceAddress& from = remote.address;
  PAWL_ASSIGN(const auto row,
              snapshot.tables().peer_devices.Find(from.account.ToString(), from.device));
  least = row ? std::max(row->epoch, DeviceEpoch(1)) : DeviceEpoch(1);
  if (!row || row->epoch_record.empty() || row->epoch != peeked.sender.epoch) return false;
  const auto before = identity::EpochRecord::Parse(row->epoch_record, remote.signing_key);
  return before.ok() && before->identity_key != peeked.sender.identity_key;
}

// Changes nothing, whatever the result.
absl::StatusOr<PeekedFirst> AcceptFrom(store::Snapshot& snapshot, const Self& self,
                                       const std::vector<session::BundleKeys>& all,
                                       const std::vector<Session>& sessions, ByteView envelope,
                                       const PeekedHandshake& peeked,
                                       const session::RemoteDevice& remote, Timestamp now) {
  PeekedFirst first{.from = remote.address};
  const auto* keys = session::FindBySignedPrekey(all, peeked.block.signed_prekey_id);
  if (!keys) {
    first.code = Code::kExpired;
    return first;
  }
  std::optional<session::OneTimeKeys> one_time;
  if (peeked.block.one_time_id) {
    PAWL_ASSIGN(one_time, FindOneTime(snapshot.tables().prekeys, *peeked.block.one_time_id));
  }
  DeviceEpoch least{1};
  PAWL_ASSIGN(const bool contradicts, Contradicts(snapshot, peeked, remote, least));
  std::vector<const Session*> known;
  for (const Session& session : sessions) known.push_back(&session);
  auto accepted = session::Accept({.local = self.device,
                                   .remote = remote,
                                   .handshake = peeked,
                                   .envelope = envelope,
                                   .bundle_keys = *keys,
                                   .one_time = one_time ? &*one_time : nullptr,
                                   .sessions = known,
                                   .least_epoch = least},
                                  now);
  first.code = contradicts ? Code::kIdentityChanged : CodeOf(accepted);
  if (first.code == Code::kOk) first.opened = std::move(accepted->opened);
  return first;
}

// A list as new as the one that the sender itself speaks of, which names it.
bool IsEnough(const identity::DeviceList* list, const PeekedHandshake& peeked) {
  return list && list->Find(peeked.sender.device.device) &&
         list->ref().version >= peeked.block.list.version;
}

absl::StatusOr<PeekedFirst> OpenPeeked(store::Snapshot& snapshot, PeekPeople& people,
                                       const std::vector<session::BundleKeys>& keys,
                                       ByteView envelope, const PeekedHandshake& peeked,
                                       Timestamp now) {
  const DeviceAddress& from = peeked.sender.device;
  const session::HandshakeId handshake = peeked.block.Id();
  PAWL_ASSIGN(const std::vector<Session> sessions, SessionsWith(snapshot, from, handshake));
  if (const Session* known = BegunBy(sessions, handshake)) {
    session::Stage scratch(*known);
    auto opened = scratch.OpenRepeated(envelope, now);
    PeekedFirst first{.code = CodeOf(opened), .from = from};
    if (opened.ok()) first.opened = *std::move(opened);
    return first;
  }
  PAWL_ASSIGN(const bool replayed, snapshot.tables().replay.Seen(*handshake));
  if (replayed) return PeekedFirst{.code = Code::kReplayed, .from = from};
  PAWL_ASSIGN(const Peer* peer, people.Find(from.account));
  if (peer->blocked()) return PeekedFirst{.code = Code::kBlocked, .from = from};
  PAWL_ASSIGN(const identity::DeviceList* list, people.ListOf(from.account));
  if (!IsEnough(list, peeked)) return PeekedFirst{.code = Code::kDeviceNotListed, .from = from};
  PAWL_ASSIGN(const session::RemoteDevice remote, RemoteIn(*list, from));
  return AcceptFrom(snapshot, people.self(), keys, sessions, envelope, peeked, remote, now);
}

}  // namespace

absl::StatusOr<std::vector<Session>> SessionsWith(store::Snapshot& snapshot,
                                                  const DeviceAddress& device,
                                                  const session::HandshakeId& whole) {
  PAWL_ASSIGN(const auto rows,
              snapshot.tables().sessions.LoadWith(device.account.ToString(), device.device));
  std::vector<Session> sessions;
  for (const store::SessionRow& row : rows) {
    PAWL_ASSIGN(Session session, DecodeSession(row, {}));
    if (WasBegunBy(session, whole)) {
      PAWL_ASSIGN(const auto skipped, snapshot.tables().skipped.LoadOf(row.id));
      PAWL_ASSIGN(session, DecodeSession(row, skipped));
    }
    sessions.push_back(std::move(session));
  }
  return sessions;
}

absl::StatusOr<PeekedFirst> PeekFirst(store::Snapshot& snapshot, PeekPeople& people,
                                      const std::vector<session::BundleKeys>& keys,
                                      ByteView envelope, Timestamp now) {
  const auto peeked = session::PeekHandshake(envelope, people.self().device.address, keys);
  if (!peeked.ok()) return PeekedFirst{.code = Code::kUnknownSession};
  return OpenPeeked(snapshot, people, keys, envelope, *peeked, now);
}

}  // namespace pawl::client
