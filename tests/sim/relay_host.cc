#include "sim/relay_host.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "sim/memory_vfs.h"

namespace pawl::sim {
namespace {

relay::Config ConfigOfRelay() {
  relay::Config config;
  config.domain = "example.org";
  return config;
}

}  // namespace

RelayHost::RelayHost(Scene& scene, std::string folder, const std::map<std::string, Bytes>& image)
    : scene_(scene), folder_(std::move(folder)), disk_(folder_ + "/relay.db") {
  disk_.Restore(image);
  Start();
}

RelayHost::~RelayHost() {
  disk_.Die();
  engine_.reset();
}

void RelayHost::Start() {
  disk_.Revive(scene_.chance);
  auto engine = relay::engine::sqlite::InlineEngine::Open(
      {.directory = folder_, .key = std::nullopt, .vfs = kMemoryVfs}, {}, *this);
  if (!engine.ok()) {
    scene_.Fail("the relay does not start: " + std::string(CodeName(CodeOf(engine.status()))));
    return;
  }
  engine_ = *std::move(engine);
  core_ = std::make_unique<relay::Core>(ConfigOfRelay());
}

relay::ConnectionId RelayHost::Open(uint8_t network, Socket socket) {
  const relay::ConnectionId id(++last_id_);
  sockets_[id] = std::move(socket);
  relay::PeerInfo peer;
  peer.network[0] = network;
  relay::Effects effects;
  core_->Opened(id, peer, scene_.now, scene_.chance, effects);
  CarryOut(std::move(effects));
  return id;
}

void RelayHost::LookFor(ByteView message) {
  if (AsText(message).find(kCanary) != std::string_view::npos) {
    scene_.Fail("the relay was sent a plaintext");
  }
}

void RelayHost::Receive(relay::ConnectionId id, ByteView message) {
  if (!core_ || !sockets_.contains(id)) return;
  LookFor(message);
  relay::Effects effects;
  core_->Received(id, message, scene_.now, effects);
  CarryOut(std::move(effects));
}

void RelayHost::Close(relay::ConnectionId id) {
  if (sockets_.erase(id) == 0 || !core_) return;
  relay::Effects effects;
  core_->Closed(id, scene_.now, effects);
  CarryOut(std::move(effects));
}

void RelayHost::Tick() {
  if (!core_) return;
  relay::Effects effects;
  core_->Tick(scene_.now, effects);
  CarryOut(std::move(effects));
}

void RelayHost::Complete(relay::engine::Completions completions) {
  completed_.push_back(std::move(completions));
}

bool RelayHost::Died() {
  if (!disk_.gone()) return false;
  if (core_) {
    scene_.tally.Count("fault.relay_crash");
    Kill(Seconds(5));
  }
  return true;
}

void RelayHost::CarryOut(relay::Effects effects) {
  if (!core_) return;
  for (auto& send : effects.sends) {
    const auto socket = sockets_.find(send.to);
    if (socket != sockets_.end()) socket->second.on_message(std::move(send.message));
  }
  for (const auto& close : effects.closes) {
    const auto socket = sockets_.find(close.id);
    if (socket == sockets_.end()) continue;
    const auto on_close = std::move(socket->second.on_close);
    sockets_.erase(socket);
    on_close(static_cast<uint16_t>(close.code));
  }
  std::move(effects.requests.begin(), effects.requests.end(), std::back_inserter(requests_));
}

void RelayHost::Flush() {
  while (core_ && !requests_.empty()) {
    prekeys_taken_ += static_cast<uint64_t>(std::count_if(
        requests_.begin(), requests_.end(), [](const relay::engine::Request& request) {
          return std::holds_alternative<relay::engine::TakePrekey>(request.op);
        }));
    engine_->Submit(std::exchange(requests_, {}));
    if (Died()) return;
    for (auto& completions : std::exchange(completed_, {})) {
      relay::Effects effects;
      core_->Completed(std::move(completions), scene_.now, effects);
      CarryOut(std::move(effects));
    }
  }
}

void RelayHost::Kill(Duration pause) {
  disk_.Die();
  auto sockets = std::exchange(sockets_, {});
  completed_.clear();
  requests_.clear();
  engine_.reset();
  core_.reset();
  scene_.trace.Happened(scene_.now, 0, "relay dies");
  for (auto& [id, socket] : sockets) socket.on_close(0);
  scene_.After(pause, [this] { Start(); });
}

}  // namespace pawl::sim
