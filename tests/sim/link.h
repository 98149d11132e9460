#ifndef PAWL_TESTS_SIM_LINK_H_
#define PAWL_TESTS_SIM_LINK_H_

#include <functional>
#include <memory>
#include <optional>

#include "client/engine/relay_port.h"
#include "sim/relay_host.h"
#include "sim/scene.h"
#include "transport/connection.h"

namespace pawl::sim {

// What goes wrong on one device's way to the relay; outlives its connections.
struct LinkFaults {
  Duration extra_delay{};
  std::optional<int64_t> cut_after;      // messages, of both directions
  std::optional<int64_t> silence_after;  // the same, and nobody is told
};

// One logical connection of a running device: the real transport machine, and a network between its
// sockets and the relay's. Messages of one socket and direction keep their order, as with TCP; a
// socket may break between any two of them.
class Link : public std::enable_shared_from_this<Link> {
 public:
  struct Owner {
    size_t device = 0;
    uint8_t network = 0;
    std::function<Timestamp()> now{};  // by the device's clock
    Rng* rng = nullptr;
    std::function<bool()> online{};
    std::function<std::optional<ByteArray<64>>(ByteView challenge)> sign{};
    std::function<void(client::Input)> on_input{};
  };
  static std::shared_ptr<Link> Make(Scene& scene, RelayHost& relay, client::Channel channel,
                                    std::shared_ptr<LinkFaults> faults, Owner owner,
                                    transport::Identity identity);
  ~Link();

  transport::State state() const { return connection_->status().state; }
  Timestamp NextDeadline() const { return connection_->NextDeadline(); }
  void Start();
  void Stop();
  void Tick();
  // The reply that ends the call at once, if it was not taken.
  std::optional<client::Reply> Submit(const client::Call& call);
  void Acknowledge(std::span<const MailboxCursor> cursors);
  // The socket breaks, and both sides hear of it.
  void Break();
  // What arrived and is borrowed by inputs may go.
  void ForgetMessages() { arrived_.clear(); }
  // The process is gone: nobody hears anything any more.
  void Abandon();

 private:
  Link(Scene& scene, RelayHost& relay, client::Channel channel, std::shared_ptr<LinkFaults> faults,
       Owner owner)
      : scene_(scene),
        relay_(relay),
        channel_(channel),
        faults_(std::move(faults)),
        owner_(std::move(owner)) {}

  transport::Turn Turn() { return {owner_.now(), *owner_.rng, effects_}; }
  void HandleEffects();
  void HandleSocket(transport::Effect& effect);
  void OpenSocket(transport::Attempt attempt);
  void Connect(transport::Attempt attempt);
  void SendLater(transport::SendMessage send);
  void Arrived(relay::ConnectionId socket, Bytes message);
  void SocketGone(uint16_t code);
  Timestamp Delivery(Timestamp& free);
  // Whether the next message of either direction gets through.
  bool GetsThrough();
  void CountState(transport::State state);

  Scene& scene_;
  RelayHost& relay_;
  const client::Channel channel_;
  const std::shared_ptr<LinkFaults> faults_;
  Owner owner_;
  std::optional<transport::Connection> connection_;
  std::optional<client::RelayPort> port_;
  std::optional<relay::ConnectionId> socket_;
  transport::Attempt attempt_;
  transport::Effects effects_;
  transport::State counted_ = transport::State::kOffline;
  bool handling_ = false;
  bool silent_ = false;  // this socket's messages get lost
  Timestamp to_relay_{}, from_relay_{};
  std::vector<Bytes> arrived_;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_LINK_H_
