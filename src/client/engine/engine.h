#ifndef PAWL_CLIENT_ENGINE_ENGINE_H_
#define PAWL_CLIENT_ENGINE_ENGINE_H_

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/engine/config.h"
#include "client/engine/effect.h"
#include "client/engine/input.h"
#include "crypto/ed25519.h"
#include "identity/address.h"

namespace pawl::store {
class Store;
}

namespace pawl::client {

struct Batch;
struct State;

// One device of an account: everything that is decided about its messages, as a function
//   Step(inputs, now, rng) -> effects
// over the store. No clock, no socket, no thread. One Step is one transaction and one commit.
// Thread-compatible: one thread at a time, the runner's.
class Engine {
 public:
  // `store` is open for writing and outlives the engine; empty or holding an account, in any state
  // a crash may have left. Starts what was under way: call Step once with TimePassed.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(store::Store* store, Config config);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Inputs in the order they happened; what is wrong with a single one (a bad envelope, a refused
  // command) ends in an event, never in an error here. An error is the store's (kDiskFull, kIo,
  // kStorage, kCorrupt): then nothing has changed, nothing may be released, and the same inputs can
  // be stepped again. At most kMaxBatch inputs are wise: they share one commit.
  absl::StatusOr<Effects> Step(std::span<const Input> inputs, Timestamp now, Rng& rng);

  // Durable events with a number above `after`, ascending, complete with their content: what the
  // app has not acknowledged. Between Steps only.
  absl::StatusOr<std::vector<Event>> ReadInbox(InboxSeq after, size_t limit);

  // When Step wants to be called without any input; kNever when there is nothing to wait for.
  Timestamp NextDeadline() const;

  // Requests whose end this engine still owes; they are lost with it, what they began is not.
  std::vector<RequestId> OpenRequestIds() const;

  // This device, once its keys are made.
  std::optional<identity::DeviceAddress> self() const;
  // The device key's signature under "pawl relay auth v1" over what the transport machine asks to
  // have signed. kWrongState without a device.
  absl::StatusOr<crypto::Ed25519Signature> SignRelayAuth(ByteView challenge) const;

  static constexpr size_t kMaxBatch = 256;

 private:
  explicit Engine(std::unique_ptr<State> state);
  // After the commit: what the Step decided becomes the state, and what is due leaves.
  Effects Release(Batch&& batch);

  std::unique_ptr<State> state_;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_ENGINE_H_
