#ifndef PAWL_CLIENT_ENGINE_RELAY_PORT_H_
#define PAWL_CLIENT_ENGINE_RELAY_PORT_H_

#include <optional>

#include "absl/container/flat_hash_map.h"
#include "client/engine/input.h"
#include "client/engine/relay_call.h"
#include "transport/connection.h"

namespace pawl::client {

// Between an engine and one transport connection: calls become frames, frames become inputs. Holds
// nothing but which request answers which call. Used by the runner and by the simulator alike;
// thread-compatible.
class RelayPort {
 public:
  RelayPort(Channel channel, transport::Connection* connection)
      : channel_(channel), connection_(connection) {}

  // Nothing when the frame was taken: its Reply comes through Convert. Else the Reply that ends the
  // call at once.
  std::optional<Reply> Submit(const Call& call, transport::Turn turn);
  // For every transport effect; those that do not concern the engine (sockets, signatures, blob
  // frames of the runner) give nothing. The input borrows what the effect borrows.
  std::optional<Input> Convert(const transport::Effect& effect);

 private:
  std::optional<Input> FromDelivered(const wire::FrameView& frame) const;
  std::optional<Input> FromState(const transport::Status& status);
  std::optional<Reply> End(transport::RequestNumber request, decltype(Reply::body) body);

  Channel channel_;
  transport::Connection* connection_;
  absl::flat_hash_map<transport::RequestNumber, uint64_t> calls_;
  ChannelUp ready_;
  bool up_ = false;
};

// How long a call may go unanswered before it counts as lost.
constexpr Duration kCallTimeout = Seconds(30);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_RELAY_PORT_H_
