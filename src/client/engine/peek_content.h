#ifndef PAWL_CLIENT_ENGINE_PEEK_CONTENT_H_
#define PAWL_CLIENT_ENGINE_PEEK_CONTENT_H_

#include "client/engine/peek.h"
#include "client/engine/peek_people.h"
#include "session/types.h"

namespace pawl::client {

// What a notification may say of an authentic message from that device: what the engine would make
// of it, were it received now.
absl::StatusOr<Peeked> PeekContent(store::Snapshot& snapshot, PeekPeople& people,
                                   const identity::DeviceAddress& from, session::Opened opened);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PEEK_CONTENT_H_
