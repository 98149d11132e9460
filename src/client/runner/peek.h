#ifndef PAWL_CLIENT_RUNNER_PEEK_H_
#define PAWL_CLIENT_RUNNER_PEEK_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "client/engine/peek.h"
#include "client/runner/client.h"
#include "client/runner/peek_fetch.h"
#include "store/snapshot.h"

namespace pawl::runner {

struct PeekOptions {
  std::string dir{};
  StoreKey key{};
  std::string anchor_dir{};  // empty: the platform's
};

// A second process's look at a client's mail: for a notification, without taking anything from the
// client. Between two calls no file of the store is open and no lock held. Thread-safe; one call at
// a time, a second one waits.
class Peek {
 public:
  // Blocks for Argon2id under a passphrase. Fails as store::Observer does; kWrongState: no account
  // in this store, or no relay.
  static absl::StatusOr<std::shared_ptr<Peek>> Open(PeekOptions options);
  ~Peek();
  Peek(const Peek&) = delete;
  Peek& operator=(const Peek&) = delete;

  struct Page {
    std::vector<client::Peeked> items;  // oldest first
    uint64_t beyond = 0;                // envelopes that wait at the relay besides
  };
  // What waits at the relay. Blocks for the network, `timeout_ms` at most (above 0). Fails as
  // PeekFetch::Fetch and store::Observer::Look do; kClosed.
  absl::StatusOr<Page> Fetch(int64_t timeout_ms);
  // One envelope that came another way, as in a push.
  absl::StatusOr<Page> Look(ByteView envelope);

  // Ends a Fetch under way (kCancelled); everything later is kClosed. Any thread.
  void Close();

 private:
  explicit Peek(store::Observer observer) : observer_(std::move(observer)) {}
  absl::StatusOr<std::unique_ptr<PeekFetch>> Visit() const;
  absl::Status Enter(std::shared_ptr<PeekFetch> fetch);
  absl::StatusOr<Page> Read(PeekFetch& fetch, PeekFetch::Mail mail);

  const store::Observer observer_;
  std::mutex call_mutex_;
  std::mutex state_mutex_;  // the two below
  bool closed_ = false;
  std::shared_ptr<PeekFetch> fetch_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_PEEK_H_
