#ifndef PAWL_CLIENT_ENGINE_PEEK_PEOPLE_H_
#define PAWL_CLIENT_ENGINE_PEEK_PEOPLE_H_

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "client/engine/peer.h"
#include "client/engine/self.h"
#include "session/devices.h"
#include "store/snapshot.h"

namespace pawl::client {

// Who is who for a Peek: read from the store when first asked for, and never written.
class PeekPeople {
 public:
  // All outlive it. `lists` are the relay's word: one that the store's own knowledge contradicts is
  // not believed.
  PeekPeople(store::Snapshot& snapshot, const Self& self,
             const std::vector<identity::DeviceList>& lists, Timestamp now)
      : snapshot_(&snapshot), self_(&self), lists_(&lists), now_(now) {}
  PeekPeople(store::Snapshot&, const Self&, std::vector<identity::DeviceList>&&,
             Timestamp) = delete;

  const Self& self() const { return *self_; }
  // What is known of an account; a peer of no state when nothing is.
  absl::StatusOr<const Peer*> Find(const identity::Address& account);
  // The list to judge a sender by. Null: none.
  absl::StatusOr<const identity::DeviceList*> ListOf(const identity::Address& account);

 private:
  store::Snapshot* snapshot_;
  const Self* self_;
  const std::vector<identity::DeviceList>* lists_;
  Timestamp now_;
  absl::flat_hash_map<identity::Address, std::unique_ptr<Peer>> peers_;
};

// The device as a list names it; kDeviceNotListed.
absl::StatusOr<session::RemoteDevice> RemoteIn(const identity::DeviceList& list,
                                               const identity::DeviceAddress& device);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PEEK_PEOPLE_H_
