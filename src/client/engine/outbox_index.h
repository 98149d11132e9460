#ifndef PAWL_CLIENT_ENGINE_OUTBOX_INDEX_H_
#define PAWL_CLIENT_ENGINE_OUTBOX_INDEX_H_

#include <deque>
#include <vector>

#include "absl/container/btree_map.h"
#include "base/clock.h"
#include "base/ids.h"
#include "identity/address.h"
#include "store/outbox.h"

namespace pawl::client {

// One row of the outbox that the relay has not taken yet; the sealed envelope stays in the store.
struct OutboxItem {
  store::OutboxId id{};
  EnvelopeId envelope{};
  uint32_t size = 0;
  uint32_t attempts = 0;
  bool urgent = false;  // somebody waits for it: worth waking a sleeping device
  Timestamp not_before{};
  Timestamp expires_at = kNever;
  uint64_t call = 0;  // of the unanswered call that carries it; 0: none
};

// What waits for one device, in the order it was sealed, which is the order it must reach the relay
// in. Only a prefix of it is ever on the way. A refusal stops the queue until everything on the way
// is answered and `blocked_until` has come; then it goes on from its front.
struct DeviceQueue {
  std::deque<OutboxItem> items;
  size_t on_the_way = 0;  // items[0..on_the_way) have a call, but for those refused in between
  size_t unanswered = 0;  // of them, without an answer
  bool refused = false;   // one of them was: nothing leaves until the others are answered
  Timestamp blocked_until{kLongAgo};

  // The next one that may leave at `now`; null when none may.
  OutboxItem* Next(Timestamp now, size_t window);
  // When Next could give one without an answer coming first; kNever when only an answer helps.
  Timestamp NextTime(size_t window) const;
};

// What is to become of an answered item.
struct OutboxAnswer {
  identity::DeviceAddress to;
  store::OutboxId id{};
  bool taken = false;         // the relay has it, or it was given up: gone from the queue
  Timestamp blocked_until{};  // when not taken
};

// The queued rows of the store's outbox by recipient device, without their envelopes. Loaded once,
// kept in step with the commits.
class OutboxIndex {
 public:
  void Add(const identity::DeviceAddress& to, OutboxItem item);
  void Answer(const OutboxAnswer& answer);
  // Nothing is on the way any more: the connection is gone.
  void ForgetCalls();
  void Erase(const identity::DeviceAddress& to);
  // The item that Next gives has no envelope any more. The queue stays, though it may be empty now.
  void DropNext(DeviceQueue& queue);
  // Lets a blocked queue go on at once.
  void Unblock(const identity::DeviceAddress& to);

  const DeviceQueue* Find(const identity::DeviceAddress& to) const;
  absl::btree_map<identity::DeviceAddress, DeviceQueue>& queues() { return queues_; }
  const absl::btree_map<identity::DeviceAddress, DeviceQueue>& queues() const { return queues_; }
  size_t size() const { return size_; }

 private:
  absl::btree_map<identity::DeviceAddress, DeviceQueue> queues_;
  size_t size_ = 0;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OUTBOX_INDEX_H_
