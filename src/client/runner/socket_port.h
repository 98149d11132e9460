#ifndef PAWL_CLIENT_RUNNER_SOCKET_PORT_H_
#define PAWL_CLIENT_RUNNER_SOCKET_PORT_H_

#include "base/bytes.h"
#include "base/status.h"
#include "transport/endpoint.h"
#include "transport/ws/loop.h"

namespace pawl::runner {

using transport::ws::SocketId;

// The sockets as the core sees them: transport/ws/loop.h, or a test's.
class SocketPort {
 public:
  virtual ~SocketPort() = default;
  virtual absl::StatusOr<SocketId> Open(const transport::Endpoint& endpoint) = 0;
  virtual void Send(SocketId socket, Bytes buffer) = 0;
  virtual void Ping(SocketId socket) = 0;
  virtual void Close(SocketId socket, uint16_t ws_code) = 0;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_SOCKET_PORT_H_
