#ifndef PAWL_TRANSPORT_CONFIG_H_
#define PAWL_TRANSPORT_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "transport/endpoint.h"

namespace pawl::transport {

// What a connection may do at the relay (DESIGN §7).
enum class Mode : uint8_t {
  kDevice = 1,     // authenticated; owns the mailbox; a newer device connection replaces it
  kPeek = 2,       // authenticated; fetches without acknowledging and without replacing the device
                   // connection
  kAnonymous = 3,  // no identity in any frame; flushes at its own random times
};

// Who authenticates. Unused in anonymous mode, where it must stay empty.
struct Identity {
  std::string account;  // "name@domain", as in HELLO
  DeviceId device{0};
  Bytes encoded_address;  // identity::Write(DeviceAddress): part of what is signed
};

struct ConnectionConfig {
  Endpoint endpoint;
  TlsPolicy tls;
  Mode mode = Mode::kAnonymous;
  Identity identity;

  // Bounds. Queue: bytes of frames accepted by TrySend and not yet taken by the socket.
  size_t queue_bytes = size_t{1} << 20;
  size_t drained_below = size_t{256} << 10;  // where a refused sender is told to go on
  size_t socket_bytes = size_t{64} << 10;    // handed to the socket and not yet reported as sent
  size_t max_requests = 512;                 // under way at once; what a relay takes
  uint32_t receive_window = 256;  // messages delivered and not yet acknowledged; at most 256

  // Times.
  Duration connect_timeout = Seconds(20);       // resolve, connect, TLS, upgrade
  Duration authenticate_timeout = Seconds(10);  // HELLO to READY, our own signature included
  Duration ping_after = Seconds(25);            // of silence from the relay
  Duration dead_after = Seconds(45);            // of silence: the peer is gone
  Duration backoff_base = Milliseconds(500);    // full jitter: uniform in [0, min(cap, base * 2^n)]
  Duration backoff_cap = Minutes(2);
  Duration stable_after = Seconds(30);         // online that long: the backoff starts anew
  Duration flush_delay_max = Milliseconds(0);  // frames leave at a random time within it

  // The defaults of a mode: anonymous connections flush at random times within 20 ms.
  static ConnectionConfig For(Mode mode, Endpoint endpoint, TlsPolicy tls);
};

// kInvalidArgument when the parts contradict each other.
absl::Status Check(const ConnectionConfig& config);

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_CONFIG_H_
