#ifndef PAWL_CLIENT_ENGINE_PEEK_HANDSHAKE_H_
#define PAWL_CLIENT_ENGINE_PEEK_HANDSHAKE_H_

#include <optional>
#include <vector>

#include "client/engine/peek_people.h"
#include "session/prekeys.h"
#include "session/session.h"
#include "session/types.h"
#include "store/snapshot.h"

namespace pawl::client {

// What became of an envelope that may be the first of a session, or repeat its handshake.
struct PeekedFirst {
  // kUnknownSession: no handshake to us; kBlocked: of somebody whom the user does not want to hear;
  // else why it cannot be believed.
  Code code = Code::kOk;
  std::optional<identity::DeviceAddress> from{};  // who says to have sent it; proven when opened
  std::optional<session::Opened> opened{};
};

// Accepts it on copies that end with this call: no prekey is used up, no session begins. An error
// is the store's.
absl::StatusOr<PeekedFirst> PeekFirst(store::Snapshot& snapshot, PeekPeople& people,
                                      const std::vector<session::BundleKeys>& keys,
                                      ByteView envelope, Timestamp now);

// The store's sessions with a device, decoded; with its skipped keys the one alone that the
// handshake `whole` began, for a session may have thousands. kCorrupt.
absl::StatusOr<std::vector<session::Session>> SessionsWith(store::Snapshot& snapshot,
                                                           const identity::DeviceAddress& device,
                                                           const session::HandshakeId& whole);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PEEK_HANDSHAKE_H_
