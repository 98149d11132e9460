#include "canary.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <variant>

#include "base/system_clock.h"
#include "crypto/init.h"
#include "transport/connection.h"
#include "transport/ws/loop.h"

namespace pawl_demo {
namespace {

namespace transport = pawl::transport;

// One anonymous connection that makes one request and ends.
class Uploader final : public transport::ws::LoopHandler {
 public:
  Uploader(transport::Connection connection, pawl::wire::Send send)
      : connection_(std::move(connection)), send_(send) {}

  bool Run(transport::ws::WsLoop* loop) {
    loop_ = loop;
    loop_->Post([this] { Turn([this](transport::Turn turn) { connection_.Start(turn); }); });
    loop_->Post([this] { loop_->WakeAfter(pawl::Milliseconds(20)); });
    loop_->Run();
    return accepted_;
  }

  void OnOpened(transport::ws::SocketId, const transport::ChannelInfo& channel) override {
    Turn([&](transport::Turn turn) { connection_.SocketOpened(attempt_, channel, turn); });
  }
  void OnMessage(transport::ws::SocketId, pawl::ByteView message) override {
    Turn([&](transport::Turn turn) { connection_.SocketMessage(attempt_, message, turn); });
  }
  void OnSent(transport::ws::SocketId, pawl::Bytes buffer) override {
    Turn([&](transport::Turn turn) { connection_.SocketSent(attempt_, std::move(buffer), turn); });
  }
  void OnPong(transport::ws::SocketId) override {}
  void OnClosed(transport::ws::SocketId, transport::SocketEnd) override { loop_->Stop(); }
  void OnWake() override {
    Turn([this](transport::Turn turn) { connection_.Tick(turn); });
    if (++wakes_ < 500) loop_->WakeAfter(pawl::Milliseconds(20));
    if (wakes_ >= 500) loop_->Stop();
  }

 private:
  template <typename Step>
  void Turn(Step step) {
    transport::Effects effects;
    step(transport::Turn{clock_.Now(), rng_, effects});
    for (transport::Effect& effect : effects) Carry(effect);
  }

  void Carry(transport::Effect& effect) {
    if (auto* open = std::get_if<transport::OpenSocket>(&effect)) {
      attempt_ = open->attempt;
      if (auto socket = loop_->Open(open->endpoint); socket.ok()) socket_ = *socket;
    } else if (auto* message = std::get_if<transport::SendMessage>(&effect)) {
      loop_->Send(socket_, std::move(message->buffer));
    } else if (auto* close = std::get_if<transport::CloseSocket>(&effect)) {
      loop_->Close(socket_, close->ws_code);
    } else if (auto* changed = std::get_if<transport::StateChanged>(&effect)) {
      if (changed->status.state == transport::State::kOnline) Upload();
    } else if (std::holds_alternative<transport::Answered>(effect)) {
      accepted_ = true;
      loop_->Stop();
    } else if (std::holds_alternative<transport::RequestFailed>(effect)) {
      loop_->Stop();
    }
  }

  void Upload() {
    Turn([this](transport::Turn turn) {
      if (!connection_.Request(send_, pawl::Seconds(5), turn).ok()) loop_->Stop();
    });
  }

  pawl::SystemClock clock_;
  pawl::crypto::SystemRng rng_;
  transport::Connection connection_;
  pawl::wire::Send send_;
  transport::ws::WsLoop* loop_ = nullptr;
  transport::ws::SocketId socket_;
  transport::Attempt attempt_;
  int wakes_ = 0;
  bool accepted_ = false;
};

std::optional<transport::TlsPolicy> PinnedTo(const std::string& pin_hex) {
  transport::TlsPolicy policy;
  policy.roots = transport::TlsPolicy::Roots::kNone;
  pawl::ByteArray<32> pin{};
  if (pin_hex.size() != 2 * pin.size()) return std::nullopt;
  for (size_t i = 0; i < pin.size(); ++i) {
    pin[i] = static_cast<uint8_t>(std::stoul(pin_hex.substr(2 * i, 2), nullptr, 16));
  }
  policy.spki_pins.push_back(pin);
  return policy;
}

}  // namespace

bool UploadInClear(const std::string& relay_url, const std::string& pin_hex,
                   const std::string& account, const std::string& text) {
  const auto policy = PinnedTo(pin_hex);
  auto endpoint = transport::Endpoint::Parse(relay_url);
  if (!policy || !endpoint.ok() || !pawl::crypto::Init().ok()) return false;
  auto connection = transport::Connection::Create(
      transport::ConnectionConfig::For(transport::Mode::kAnonymous, *endpoint, *policy));
  if (!connection.ok()) return false;

  std::string envelope = text;
  envelope.resize(std::bit_ceil(std::max<size_t>(text.size(), 1024)), '.');
  pawl::wire::Send send;
  send.account = account;
  send.device = pawl::DeviceId{1};
  send.id = pawl::EnvelopeId{pawl::crypto::SystemRng().Array<16>()};
  send.request = true;
  send.envelope = pawl::AsBytes(envelope);
  Uploader uploader(*std::move(connection), send);
  transport::ws::LoopOptions options;
  options.tls = *policy;
  auto loop = transport::ws::WsLoop::Create(options, &uploader);
  return loop.ok() && uploader.Run(loop->get());
}

}  // namespace pawl_demo
