#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "codec/reader.h"
#include "crypto/init.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"
#include "wire/frames.h"

// Bytes as what three peers say to a relay: a device, a stranger, and one that has not logged in.
// The input is a list of
//   u8 who | u16 length | that many bytes: one WebSocket message
// and between them time passes. Whatever is said, the relay answers within its framing (the world
// checks that), and its accounts come out even.
namespace {

using namespace pawl;
using test::RelayWorld;

struct Setting {
  Setting() : world(FuzzConfig()), bob(world.MakePerson("bob")) {
    GTEST_FLAG_SET(break_on_failure, true);  // what the world checks ends the run
  }

  static relay::Config FuzzConfig() {
    relay::Config config = RelayWorld::DefaultConfig();
    config.rate_scale = 1e6;
    return config;
  }

  RelayWorld world;
  test::RelayPerson bob;
};

// The same accounts for every input: an input can only touch Bob's mailbox and one blob, which the
// next one finds as another process would.
Setting& Shared() {
  static auto* setting = new Setting();
  return *setting;
}

}  // namespace

namespace {

enum Who { kDevice, kStranger, kNobody, kPeek, kWhoCount };

// Only whoever speaks connects: a login costs more than everything else.
relay::ConnectionId Connect(Setting& setting, int who) {
  switch (who) {
    case kDevice:
      return setting.world.Login(setting.bob);
    case kPeek:
      return setting.world.Login(setting.bob, 1, wire::fb::Mode::Peek);
    case kStranger:
      return setting.world.ConnectAnonymously();
    default:
      return setting.world.Connect();
  }
}

bool IsEven(const relay::Stats& stats) {
  return stats.pending_requests == 0 && stats.pending_bytes == 0 && stats.device_connections == 0 &&
         stats.anonymous_connections == 0 && stats.peek_connections == 0 &&
         stats.opening_connections == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Setting& setting = Shared();
  RelayWorld& world = setting.world;
  std::optional<relay::ConnectionId> peers[kWhoCount];
  codec::Reader input(ByteView(data, size));
  while (input.remaining() > 3) {
    const int who = input.U8() % kWhoCount;
    if (!peers[who]) peers[who] = Connect(setting, who);
    const size_t length = std::min<size_t>(input.U16(), input.remaining());
    const Bytes message = ToBytes(input.Fixed(length));  // a receive buffer is aligned
    world.SayBytes(*peers[who], message);
    world.Tick(Milliseconds(10));
  }
  for (const auto& id : peers) {
    if (id) world.Disconnect(*id);
  }
  world.ForgetPeers();
  if (!IsEven(world.stats())) __builtin_trap();
  return 0;
}
