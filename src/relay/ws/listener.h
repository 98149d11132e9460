#ifndef PAWL_RELAY_WS_LISTENER_H_
#define PAWL_RELAY_WS_LISTENER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"
#include "relay/core/peer.h"

namespace pawl::relay::ws {

// The listening socket. libwebsockets' own listener spins when descriptors run out, and takes no
// limits.
class Listener {
 public:
  // kInvalidArgument: no such address; kIo: it cannot be bound.
  static absl::StatusOr<Listener> Bind(const std::string& host, uint16_t port);
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  int fd() const { return fd_; }
  uint16_t port() const { return port_; }

  struct Accepted {
    int fd = -1;
    PeerNetwork network{};
  };
  // The next waiting connection, non-blocking and with small kernel buffers; nothing when there is
  // none. When the process is out of descriptors the connection is dropped and the next one tried,
  // so that the queue does not stand.
  std::optional<Accepted> Accept();
  static void Drop(int fd);
  void Close();

 private:
  Listener(int fd, uint16_t port);

  int fd_ = -1;
  int reserve_ = -1;  // given up for a moment to drop a connection that there is no descriptor for
  uint16_t port_ = 0;
};

}  // namespace pawl::relay::ws

#endif  // PAWL_RELAY_WS_LISTENER_H_
