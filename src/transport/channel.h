#ifndef PAWL_TRANSPORT_CHANNEL_H_
#define PAWL_TRANSPORT_CHANNEL_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::transport {

// What an opened socket knows of its TLS channel. All zero on a plain socket (loopback, simulator).
struct ChannelInfo {
  ByteArray<32>
      exporter{};  // RFC 9266 tls-exporter: differs for every connection, equal at both ends
  ByteArray<32> server_spki{};  // SHA-256 of the server certificate's SubjectPublicKeyInfo
};

// How far a socket came before it ended without a close frame.
enum class SocketFailure : uint8_t {
  kNone,            // a close frame from the relay, or our own Close
  kResolve,         // no address for the host
  kConnect,         // nobody accepted, or not in time
  kTls,             // handshake failed: version, certificate, host name or pin
  kUpgradeRefused,  // the server answered, but not as a Pawl relay
  kMalformed,       // the peer broke RFC 6455, or sent a text message
  kTooLarge,        // a message beyond the limit
  kLost,            // reset, half-closed, or no longer answering
};

// RFC 6455 §7.4 close codes of interest. 4xxx are Pawl's own (wire/PROTOCOL.md).
enum WsClose : uint16_t {
  kCloseNone = 0,
  kCloseNormal = 1000,
  kCloseGoingAway = 1001,
  kCloseProtocolError = 1002,
  kCloseUnsupportedData = 1003,
  kCloseTooLarge = 1009,
  kCloseServiceRestart = 1012,
  kCloseTryAgainLater = 1013,
  kCloseUnauthenticated = 4401,
  kCloseNotListed = 4403,
  kCloseSlowConsumer = 4408,
  kCloseReplaced = 4409,
  kCloseRateLimited = 4429,
};

struct SocketEnd {
  SocketFailure failure = SocketFailure::kLost;
  uint16_t ws_code = kCloseNone;  // the relay's code if it sent a close frame
};

// The error class a socket's end is reported as.
constexpr Code CauseOf(SocketFailure failure) {
  switch (failure) {
    case SocketFailure::kTls:
      return Code::kTlsFailed;
    case SocketFailure::kUpgradeRefused:
      return Code::kRelayRefused;
    case SocketFailure::kMalformed:
      return Code::kMalformed;
    case SocketFailure::kTooLarge:
      return Code::kTooLarge;
    case SocketFailure::kNone:
    case SocketFailure::kResolve:
    case SocketFailure::kConnect:
    case SocketFailure::kLost:
      break;
  }
  return Code::kDisconnected;
}

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_CHANNEL_H_
