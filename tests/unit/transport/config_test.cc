#include "transport/config.h"

#include <functional>

#include "unit/transport/harness.h"

namespace pawl::transport {
namespace {

using pawl::test::HasCode;
using pawl::test::IsOk;
using test::ConfigFor;

TEST(ConnectionConfig, DefaultsOfEachModeAreAccepted) {
  for (Mode mode : {Mode::kDevice, Mode::kPeek, Mode::kAnonymous}) {
    EXPECT_THAT(Check(ConfigFor(mode)), IsOk());
  }
}

TEST(ConnectionConfig, OnlyAnonymousConnectionsFlushAtRandomTimes) {
  EXPECT_GT(ConfigFor(Mode::kAnonymous).flush_delay_max, Milliseconds(0));
  EXPECT_EQ(ConfigFor(Mode::kDevice).flush_delay_max, Milliseconds(0));
}

TEST(ConnectionConfig, AnonymousMustNotCarryAnIdentity) {
  ConnectionConfig config = ConfigFor(Mode::kAnonymous);
  config.identity.account = "alice@example.org";
  EXPECT_THAT(Check(config), HasCode(Code::kInvalidArgument));
  config = ConfigFor(Mode::kAnonymous);
  config.identity.device = DeviceId(1);
  EXPECT_THAT(Check(config), HasCode(Code::kInvalidArgument));
}

TEST(ConnectionConfig, AuthenticatedModesNeedAWholeIdentity) {
  for (Mode mode : {Mode::kDevice, Mode::kPeek}) {
    ConnectionConfig config = ConfigFor(mode);
    config.identity.device = DeviceId(0);
    EXPECT_THAT(Check(config), HasCode(Code::kInvalidArgument));
    config = ConfigFor(mode);
    config.identity.encoded_address.clear();
    EXPECT_THAT(Check(config), HasCode(Code::kInvalidArgument));
  }
}

TEST(ConnectionConfig, ContradictionsAreRefused) {
  const std::function<void(ConnectionConfig&)> breaks[] = {
      [](auto& c) { c.endpoint = *Endpoint::Parse("ws://relay.example.org/"); },
      [](auto& c) { c.queue_bytes = 1024; },
      [](auto& c) { c.drained_below = c.queue_bytes; },
      [](auto& c) { c.socket_bytes = 0; },
      [](auto& c) { c.max_requests = 0; },
      [](auto& c) { c.receive_window = 0; },
      [](auto& c) { c.receive_window = 257; },
      [](auto& c) { c.dead_after = c.ping_after; },
      [](auto& c) { c.backoff_cap = Milliseconds(1); },
      [](auto& c) { c.backoff_base = Milliseconds(0); },
      [](auto& c) { c.connect_timeout = Milliseconds(-1); },
      [](auto& c) { c.stable_after = Days(2); },
      [](auto& c) { c.flush_delay_max = Milliseconds(-1); },
  };
  for (const auto& spoil : breaks) {
    ConnectionConfig config = ConfigFor(Mode::kDevice);
    spoil(config);
    EXPECT_THAT(Check(config), HasCode(Code::kInvalidArgument));
    EXPECT_THAT(Connection::Create(config), HasCode(Code::kInvalidArgument));
  }
}

}  // namespace
}  // namespace pawl::transport
