#include "relay/core/delivery.h"

#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

Config Unlimited() {
  Config config = RelayWorld::DefaultConfig();
  config.rate_scale = 1000;
  return config;
}

class DeliveryTest : public ::testing::Test {
 protected:
  DeliveryTest()
      : world_(Unlimited()), bob_(world_.MakePerson("bob")), sender_(world_.ConnectAnonymously()) {}

  void SendMail(uint64_t first, uint64_t count, size_t size = 256) {
    for (uint64_t i = first; i < first + count; ++i) {
      world_.Say(sender_, world_.Mail(bob_, i, Bytes(size, static_cast<uint8_t>(i))));
      EXPECT_NE(world_.Expect<fb::Sent>(sender_), nullptr);
    }
  }
  // The cursors of the messages that are said now.
  std::vector<MailboxCursor> HearMail(ConnectionId id) {
    std::vector<MailboxCursor> cursors;
    while (auto heard = world_.Hear(id)) {
      if (const auto* message = heard->As<fb::Message>()) cursors.emplace_back(message->cursor());
      if (heard->As<fb::Empty>() != nullptr) ++empties_;
    }
    return cursors;
  }
  ConnectionId LoginReady(fb::Mode mode = fb::Mode::Device,
                          MailboxCursor after = MailboxCursor(0)) {
    const ConnectionId id = world_.Login(bob_, 1, mode, after);
    ready_ = world_.Expect<fb::Ready>(id);
    return id;
  }

  RelayWorld world_;
  RelayPerson bob_;
  ConnectionId sender_;
  const fb::Ready* ready_ = nullptr;
  int empties_ = 0;
};

TEST_F(DeliveryTest, WhatWaitedComesInOrderThenEmptyOnceThenWhatArrives) {
  SendMail(1, 3);
  const ConnectionId device = LoginReady();
  EXPECT_EQ(ready_->queue(), 3u);
  int64_t last = 0;
  for (int i = 1; i <= 3; ++i) {
    const auto* message = world_.Expect<fb::Message>(device);
    EXPECT_GT(message->cursor(), last);
    last = message->cursor();
    EXPECT_EQ(world_.last_payload(), Bytes(256, static_cast<uint8_t>(i)));
  }
  EXPECT_EQ(world_.Expect<fb::Empty>(device)->cursor(), last);
  EXPECT_EQ(ready_->cursor(), last);
  SendMail(4, 1);
  EXPECT_GT(world_.Expect<fb::Message>(device)->cursor(), last);
  EXPECT_TRUE(world_.HeardNothing(device));
}

TEST_F(DeliveryTest, AnEmptyMailboxIsEmptyAtOnce) {
  const ConnectionId device = LoginReady();
  EXPECT_EQ(world_.Expect<fb::Empty>(device)->cursor(), 0);
}

TEST_F(DeliveryTest, WhatIsNotAcknowledgedComesAgainAndWhatIsDoesNot) {
  SendMail(1, 4);
  const ConnectionId first = LoginReady();
  const auto cursors = HearMail(first);
  ASSERT_EQ(cursors.size(), 4u);
  const std::vector<MailboxCursor> acked = {cursors[0], cursors[2]};
  world_.Say(first, wire::Ack{acked});
  world_.Disconnect(first);
  const ConnectionId second = LoginReady();
  EXPECT_EQ(HearMail(second), (std::vector<MailboxCursor>{cursors[1], cursors[3]}));
  EXPECT_EQ(world_.stats().envelopes_acknowledged, 2u);
}

TEST_F(DeliveryTest, AWindowOfMessagesThenAcknowledgementsOpenIt) {
  SendMail(1, kMaxUnacknowledged + 50);
  const ConnectionId device = LoginReady();
  auto cursors = HearMail(device);
  EXPECT_EQ(cursors.size(), kMaxUnacknowledged);
  EXPECT_EQ(empties_, 0) << "not everything that waited was said";
  cursors.resize(10);
  world_.Say(device, wire::Ack{cursors});
  EXPECT_EQ(HearMail(device).size(), 10u);
}

TEST_F(DeliveryTest, AWindowOfBytes) {
  SendMail(1, 40, wire::kMaxEnvelopeSize);
  const ConnectionId device = LoginReady();
  auto cursors = HearMail(device);
  EXPECT_EQ(cursors.size(), kMaxUnacknowledgedBytes / wire::kMaxEnvelopeSize);
  world_.Say(device, wire::Ack{cursors});
  EXPECT_EQ(HearMail(device).size(), kMaxUnacknowledgedBytes / wire::kMaxEnvelopeSize);
}

TEST_F(DeliveryTest, EmptyComesOnceAfterALongBacklog) {
  SendMail(1, kMaxUnacknowledged + 50);
  const ConnectionId device = LoginReady();
  size_t heard = 0;
  for (auto cursors = HearMail(device); !cursors.empty(); cursors = HearMail(device)) {
    heard += cursors.size();
    world_.Say(device, wire::Ack{cursors});
  }
  EXPECT_EQ(heard, kMaxUnacknowledged + 50);
  EXPECT_EQ(empties_, 1);
  SendMail(1000, 2);
  EXPECT_EQ(HearMail(device).size(), 2u);
  EXPECT_EQ(empties_, 1);
}

TEST_F(DeliveryTest, CreditIsTheClientsOwnWindow) {
  const ConnectionId device = LoginReady();
  HearMail(device);
  world_.Say(device, wire::Credit{0});
  SendMail(1, 5);
  EXPECT_TRUE(world_.HeardNothing(device)) << "paused";
  world_.Say(device, wire::Credit{2});
  const auto cursors = HearMail(device);
  EXPECT_EQ(cursors.size(), 2u);
  world_.Say(device, wire::Credit{UINT32_MAX});
  EXPECT_EQ(HearMail(device).size(), 3u);
}

TEST_F(DeliveryTest, ResumingSkipsWhatTheClientHas) {
  SendMail(1, 3);
  const ConnectionId first = LoginReady();
  const auto cursors = HearMail(first);
  const ConnectionId second = LoginReady(fb::Mode::Device, cursors[1]);
  EXPECT_EQ(HearMail(second), std::vector<MailboxCursor>{cursors[2]});
  // It is still there for whoever does not have it.
  EXPECT_EQ(HearMail(LoginReady()).size(), 3u);
}

TEST_F(DeliveryTest, AcknowledgingWhatIsNotThereOrTwiceIsNothing) {
  SendMail(1, 1);
  const ConnectionId device = LoginReady();
  const auto cursors = HearMail(device);
  const std::vector<MailboxCursor> odd = {cursors[0], cursors[0], MailboxCursor(-1),
                                          MailboxCursor(INT64_MAX)};
  world_.Say(device, wire::Ack{odd});
  world_.Say(device, wire::Ack{odd});
  world_.Say(device, wire::Ack{});
  EXPECT_TRUE(world_.HeardNothing(device));
  EXPECT_EQ(world_.stats().envelopes_acknowledged, 1u);
}

TEST_F(DeliveryTest, NewsDuringAReadIsNotLost) {
  const ConnectionId device = LoginReady();
  HearMail(device);
  world_.HoldEngine();
  world_.Say(sender_, world_.Mail(bob_, 1, Bytes(10, 1)));
  world_.Say(sender_, world_.Mail(bob_, 2, Bytes(10, 1)));
  world_.ReleaseEngine();
  EXPECT_EQ(HearMail(device).size(), 2u);
}

TEST_F(DeliveryTest, AStorageThatFailsIsAskedAgain) {
  SendMail(1, 1);
  const ConnectionId device = LoginReady();
  const auto cursors = HearMail(device);
  world_.HoldEngine();
  world_.Say(sender_, world_.Mail(bob_, 2, Bytes(10, 1)));
  world_.ReleaseEngine();
  EXPECT_EQ(HearMail(device).size(), 1u);
  world_.Say(device, wire::Credit{2});
  SendMail(3, 1);
  EXPECT_TRUE(world_.HeardNothing(device)) << "the window is full";
  world_.FailEngine(Code::kIo);
  world_.Say(device, wire::Credit{10});
  EXPECT_TRUE(world_.HeardNothing(device));
  world_.FailEngine(std::nullopt);
  world_.Tick();
  EXPECT_EQ(HearMail(device).size(), 1u);
}

TEST_F(DeliveryTest, AnAcknowledgementThatTheStorageCouldNotTakeIsNotForgotten) {
  SendMail(1, 3);
  const ConnectionId device = LoginReady();
  const auto cursors = HearMail(device);
  world_.FailEngine(Code::kDiskFull);
  world_.Say(device, wire::Ack{cursors});
  world_.Tick();
  EXPECT_EQ(world_.stats().envelopes_acknowledged, 0u);
  world_.FailEngine(std::nullopt);
  world_.Tick();
  EXPECT_EQ(world_.stats().envelopes_acknowledged, 3u);
  EXPECT_TRUE(HearMail(LoginReady()).empty());
}

TEST_F(DeliveryTest, APeekReadsWithoutChangingAnything) {
  SendMail(1, 5);
  const ConnectionId peek = LoginReady(fb::Mode::Peek);
  EXPECT_TRUE(world_.HeardNothing(peek));
  world_.Say(peek, wire::Fetch{1, MailboxCursor(0), 3});
  std::vector<int64_t> cursors;
  for (int i = 0; i < 3; ++i) cursors.push_back(world_.Expect<fb::Message>(peek)->cursor());
  EXPECT_EQ(world_.Expect<fb::Ok>(peek)->value(), 3u);
  world_.Say(peek, wire::Fetch{2, MailboxCursor(cursors.back()), 100});
  EXPECT_EQ(HearMail(peek).size(), 2u);
  const std::vector<MailboxCursor> acked = {MailboxCursor(cursors[0])};
  world_.Say(peek, wire::Ack{acked});
  EXPECT_EQ(world_.ExpectError(peek, 0), Code::kWrongState);
  EXPECT_EQ(HearMail(LoginReady()).size(), 5u);
}

}  // namespace
}  // namespace pawl::relay
