#include "talk.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace pawl::bench {

double Time(int count, const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) run();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / count;
}

double ProcessorTime(int count, const std::function<void()>& run) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  for (int i = 0; i < count; ++i) run();
  return (now() - start) / count;
}

void Row::Add(double our_time, double floor_time) {
  ours = std::min(ours, our_time);
  floor = std::min(floor, floor_time);
}

void Row::Print(const char* suite, const char* what) const {
  std::printf("%-10s %-28s %9.0f ns %9.0f ns %6.2f ×\n", suite, what, ours, floor, ours / floor);
}

Bytes Seal(session::Session& session, const Bytes& content, Rng& rng) {
  session::Stage stage(session);
  Bytes envelope = Must(stage.Seal(content, {}, kNow, rng));
  session.Commit(std::move(stage));
  return envelope;
}

void Open(session::Session& session, const Bytes& envelope) {
  session::Stage stage(session);
  if (!stage.Open(envelope, kNow).ok()) std::abort();
  session.Commit(std::move(stage));
}

Pair::Pair(crypto::Suite suite)
    : alice(Make("alice@example.org")),
      bob(Make("bob@example.org")),
      of_alice(Publish(alice)),
      at_alice(Begin(suite)),
      at_bob(Must(bob.AcceptSession(Seal(at_alice, Bytes(1), rng), of_alice, kNow)).session) {
  Open(at_alice, Seal(at_bob, Bytes(1), rng));
}

session::DeviceIdentity Pair::Make(const char* address) {
  return Must(session::DeviceIdentity::Create(*identity::Address::Parse(address), kNow, rng));
}

session::PeerBundle Pair::Publish(session::DeviceIdentity& device) {
  return Must(session::PeerBundle::Parse(Must(device.PublicBundle(kNow, rng))));
}

session::Session Pair::Begin(crypto::Suite suite) {
  const session::PeerBundle of_bob = Publish(bob);
  return Must(session::Initiate({.local = alice.device(),
                                 .remote = of_bob.device(),
                                 .bundle = of_bob.bundle(),
                                 .one_time = of_bob.one_time(),
                                 .suites = {suite}},
                                kNow, rng));
}

}  // namespace pawl::bench
