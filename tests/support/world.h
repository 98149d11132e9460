#ifndef PAWL_TESTS_SUPPORT_WORLD_H_
#define PAWL_TESTS_SUPPORT_WORLD_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/seeded_rng.h"
#include "support/world_client.h"
#include "support/world_relay.h"

namespace pawl::test {

// Devices and a relay in virtual time: real engines, stores and transport machines, the real relay
// core and its embedded engine; no thread, no socket, no waiting. One seed, one world.
class World {
 public:
  struct Options {
    uint64_t seed = 1;
    relay::Config relay = DefaultRelay();
    relay::engine::Quotas quotas{};
  };

  World() : World(Options{}) {}
  explicit World(Options options)
      : rng_(options.seed), relay_(std::move(options.relay), options.quotas) {
    EXPECT_THAT(crypto::Init(), IsOk());
  }

  static relay::Config DefaultRelay() {
    relay::Config config;
    config.domain = "example.org";
    return config;
  }
  static client::Config DefaultClient() {
    client::Config config;
    config.suites = {crypto::Suite::kXChaCha20Poly1305};
    config.own_copy_delay = Milliseconds(0);
    return config;
  }

  // A device that is running, with an empty store.
  WorldClient& Add(std::string name, client::Config config = DefaultClient()) {
    clients_.push_back(
        std::make_unique<WorldClient>(std::move(name), relay_, rng_, std::move(config)));
    WorldClient& client = *clients_.back();
    client.network = static_cast<uint8_t>(clients_.size());
    client.clock = [this] { return now(); };
    client.Start(now());
    return client;
  }
  // The same, registered.
  WorldClient& AddRegistered(std::string name, client::Config config = DefaultClient()) {
    WorldClient& client = Add(std::move(name), std::move(config));
    const RequestId request = client.Do(client::Register{.address = client.address()});
    Settle();
    EXPECT_EQ(client.Completed(request), Code::kOk);
    return client;
  }
  // Both accepted each other.
  void MakeContacts(WorldClient& a, WorldClient& b) {
    a.Do(client::RequestContact{.peer = b.address()});
    Settle();
    b.Do(client::AnswerContact{.peer = a.address()});
    Settle();
  }
  void Kill(WorldClient& client) { client.Kill(now()); }
  void Restart(WorldClient& client) {
    if (client.alive()) client.Kill(now());
    client.Start(now());
  }
  void SetOnline(WorldClient& client, bool online) {
    client.SetOnline(online, now());
    if (online) client.Push(client::TimePassed{});
    Settle();
  }

  // Lets happen what happens within a moment: until nothing is left to do for a second.
  void Settle() { Run(Seconds(1)); }
  // Lets time pass.
  void Run(Duration duration) {
    const Timestamp end = now() + duration;
    for (;;) {
      Drain();
      const Timestamp next = NextDeadline();
      if (next > end) break;
      if (next > now()) clock_.Set(next);
      TickAll();
    }
    clock_.Set(end);
    TickAll();
    Drain();
  }

  Timestamp now() const { return clock_.Now(); }
  SeededRng& rng() { return rng_; }
  WorldRelay& relay() { return relay_; }

 private:
  static constexpr int kMuch = 200'000;

  void Drain() {
    for (int i = 0; i < kMuch; ++i) {
      bool any = relay_.DeliverOne();
      for (auto& client : clients_) {
        if (!client->has_inputs()) continue;
        client->StepOnce(now());
        any = any || client->last_step().ok();
      }
      if (!any) return;
    }
    ADD_FAILURE() << "the world does not come to rest";
  }
  Timestamp NextDeadline() const {
    Timestamp next = relay_tick_ + Seconds(1);
    for (const auto& client : clients_) next = std::min(next, client->NextDeadline());
    return std::max(next, now());
  }
  void TickAll() {
    if (now() - relay_tick_ >= Seconds(1)) {
      relay_tick_ = now();
      relay_.Tick(now());
    }
    int rounds = 0;
    for (auto& client : clients_) {
      if (client->NextDeadline() > now()) continue;
      client->Tick(now());
      EXPECT_LT(++rounds, kMuch);
    }
  }

  FakeClock clock_;
  SeededRng rng_;
  WorldRelay relay_;
  Timestamp relay_tick_ = FakeClock::kStart;
  std::vector<std::unique_ptr<WorldClient>> clients_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_H_
