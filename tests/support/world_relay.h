#ifndef PAWL_TESTS_SUPPORT_WORLD_RELAY_H_
#define PAWL_TESTS_SUPPORT_WORLD_RELAY_H_

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::test {

// A relay of a World: the real core over the real embedded engine. Sockets are ids; what it says to
// one goes to the handler that opened it, in order, never from inside a call.
class WorldRelay : private relay::engine::Sink {
 public:
  struct Socket {
    std::function<void(ByteView message)> on_message;
    std::function<void(uint16_t code)> on_close;
  };

  WorldRelay(relay::Config config, relay::engine::Quotas quotas)
      : config_(std::move(config)), quotas_(quotas) {
    Start();
  }

  relay::ConnectionId Open(uint8_t network, Socket socket, Timestamp now, Rng& rng) {
    const relay::ConnectionId id(++last_id_);
    sockets_[id] = std::move(socket);
    relay::PeerInfo peer;
    peer.network[0] = network;
    relay::Effects effects;
    core_->Opened(id, peer, now, rng, effects);
    CarryOut(std::move(effects), now);
    return id;
  }
  void Receive(relay::ConnectionId id, ByteView message, Timestamp now) {
    if (!sockets_.contains(id)) return;
    relay::Effects effects;
    core_->Received(id, message, now, effects);
    CarryOut(std::move(effects), now);
  }
  void Close(relay::ConnectionId id, Timestamp now) {
    if (sockets_.erase(id) == 0) return;
    relay::Effects effects;
    core_->Closed(id, now, effects);
    CarryOut(std::move(effects), now);
  }
  void Tick(Timestamp now) {
    relay::Effects effects;
    core_->Tick(now, effects);
    CarryOut(std::move(effects), now);
  }

  // Delivers the next thing said; false when there is nothing.
  bool DeliverOne() {
    if (said_.empty()) return false;
    auto said = std::move(said_.front());
    said_.pop_front();
    auto socket = sockets_.find(said.to);
    if (socket == sockets_.end()) return true;
    if (said.close_code != 0) {
      auto on_close = std::move(socket->second.on_close);
      sockets_.erase(socket);
      on_close(said.close_code);
    } else {
      auto on_message = socket->second.on_message;
      on_message(said.message);
    }
    return true;
  }

  // Killed and started again: connections and everything not on disk are gone.
  void Restart() {
    said_.clear();
    auto sockets = std::exchange(sockets_, {});
    engine_.reset();
    core_.reset();
    Start();
    for (auto& [id, socket] : sockets) socket.on_close(0);
  }
  relay::Stats stats() const { return core_->stats(); }
  std::filesystem::path folder() const { return folder_.path(); }

 private:
  struct Said {
    relay::ConnectionId to;
    Bytes message;
    uint16_t close_code = 0;
  };

  void Start() {
    core_ = std::make_unique<relay::Core>(config_);
    relay::engine::sqlite::Location location;
    location.directory = folder_.path().string();
    auto engine = relay::engine::sqlite::InlineEngine::Open(location, quotas_, *this);
    ASSERT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
  }

  void Complete(relay::engine::Completions completions) override {
    completed_.push_back(std::move(completions));
  }

  void CarryOut(relay::Effects effects, Timestamp now) {
    for (auto& send : effects.sends) said_.push_back({send.to, std::move(send.message), 0});
    for (const auto& close : effects.closes) {
      said_.push_back({close.id, {}, static_cast<uint16_t>(close.code)});
    }
    if (effects.requests.empty()) return;
    engine_->Submit(std::move(effects.requests));
    for (auto& completions : std::exchange(completed_, {})) {
      relay::Effects more;
      core_->Completed(std::move(completions), now, more);
      CarryOut(std::move(more), now);
    }
  }

  const relay::Config config_;
  const relay::engine::Quotas quotas_;
  TempDir folder_;
  std::unique_ptr<relay::Core> core_;
  std::unique_ptr<relay::engine::Engine> engine_;
  std::vector<relay::engine::Completions> completed_;
  std::map<relay::ConnectionId, Socket> sockets_;
  std::deque<Said> said_;
  uint64_t last_id_ = 0;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_RELAY_H_
