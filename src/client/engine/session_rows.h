#ifndef PAWL_CLIENT_ENGINE_SESSION_ROWS_H_
#define PAWL_CLIENT_ENGINE_SESSION_ROWS_H_

#include <vector>

#include "client/engine/batch.h"
#include "identity/bundle.h"
#include "session/devices.h"
#include "session/session.h"

namespace pawl::client {

// Sessions kept with one device. Each handshake that a listed device makes is one more; what a
// device needs is the one in use, the one it replaces, and those under way at the same time.
constexpr size_t kMaxSessionsPerDevice = 16;

// A new session into store and Step. The oldest that is not sent on makes room.
absl::StatusOr<SessionId> InsertSession(Batch& batch, session::Session session);

// Remembers the highest epoch seen of a device and what it announces; a higher one than before is
// an event. False when `epoch` is below it (an old record shown again), or of the same number with
// another key.
absl::StatusOr<bool> NoteEpoch(Batch& batch, const session::RemoteDevice& remote,
                               const identity::EpochRecord& epoch, ByteView record,
                               const std::vector<crypto::Suite>& suites);
// Nothing is sent on it any more; what arrives is still read.
absl::Status RetireSession(Batch& batch, SessionId id);
// The same for those with the device that were made for an epoch of it below this one.
absl::Status RetireSessions(Batch& batch, const identity::DeviceAddress& device, DeviceEpoch below);
absl::StatusOr<DeviceEpoch> LeastEpoch(Batch& batch, const identity::DeviceAddress& device);

// One session as stored. kCorrupt when its rows do not decode.
absl::StatusOr<session::Session> DecodeSession(const store::SessionRow& row,
                                               const std::vector<store::SkippedRow>& skipped);
// Sessions as stored. kCorrupt when rows do not decode.
absl::StatusOr<SessionTable> LoadSessions(store::Transaction& tx);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_SESSION_ROWS_H_
