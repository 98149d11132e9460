#include "relay/core/step.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/matchers.h"

namespace pawl::relay {
namespace {

using test::kNow;

class Steps : public ::testing::Test {
 protected:
  Connection& Add(uint64_t id) {
    auto connection = std::make_unique<Connection>(ConnectionId(id), PeerInfo(), wire::Nonce32{},
                                                   kFrameBucket, kNow);
    connection->stage = Stage::kReady;
    Connection& reference = *connection;
    state_.connections.emplace(ConnectionId(id), std::move(connection));
    return reference;
  }
  static Config SomeConfig() {
    Config config;
    config.headroom = 16;
    return config;
  }

  State state_{SomeConfig()};
  Effects effects_;
};

TEST_F(Steps, WhatIsSaidInOneStepTravelsInOneMessage) {
  Connection& a = Add(1);
  Connection& b = Add(2);
  {
    Step step(state_, kNow, effects_);
    for (uint64_t i = 0; i < 10; ++i) {
      step.Say(a, wire::Ok{i, 0});
      step.Say(b, wire::Ok{i, 0});
    }
    EXPECT_TRUE(effects_.sends.empty());
  }
  ASSERT_EQ(effects_.sends.size(), 2u);
  wire::FrameReader reader(ByteView(effects_.sends[0].message).subspan(16));
  int frames = 0;
  while (reader.Next()) ++frames;
  EXPECT_EQ(frames, 10);
  EXPECT_EQ(a.writer, nullptr) << "an idle connection holds no buffer";
}

TEST_F(Steps, LongTalkIsCutIntoMessages) {
  Connection& a = Add(1);
  const Bytes envelope(wire::kMaxEnvelopeSize, 1);
  {
    Step step(state_, kNow, effects_);
    for (int i = 0; i < 5; ++i) {
      step.Say(a, wire::Message{MailboxCursor(1), {}, kNow, envelope});
    }
  }
  EXPECT_EQ(effects_.sends.size(), 5u);
  for (const SendMessage& send : effects_.sends) {
    EXPECT_LE(send.message.size(), 16 + wire::kMaxMessageSize);
  }
}

TEST_F(Steps, AfterTheCloseNothingIsSaid) {
  Connection& a = Add(1);
  {
    Step step(state_, kNow, effects_);
    step.Violate(a, Code::kMalformed, CloseCode::kMalformed);
    step.Say(a, wire::Ok{1, 0});
    step.Close(a, CloseCode::kReplaced);
  }
  EXPECT_EQ(effects_.sends.size(), 1u);
  ASSERT_EQ(effects_.closes.size(), 1u);
  EXPECT_EQ(effects_.closes[0].code, CloseCode::kMalformed);
}

TEST_F(Steps, ReadingGoesOnOnlyWhenNothingHoldsIt) {
  Connection& a = Add(1);
  Step step(state_, kNow, effects_);
  a.held_for_answers = true;
  a.held_for_rate = true;
  step.SetReading(a, true);
  a.held_for_answers = false;
  step.SetReading(a, true);
  EXPECT_TRUE(effects_.readings.empty());
  a.held_for_rate = false;
  step.SetReading(a, true);
  EXPECT_EQ(effects_.readings.size(), 1u);
}

TEST_F(Steps, TheRelaysOwnQuestionsDoNotCountAgainstAClient) {
  Connection& a = Add(1);
  Step step(state_, kNow, effects_);
  step.AskSelf(a.id, Purpose::kDeliver, engine::FetchMail());
  EXPECT_EQ(a.unanswered, 0u);
  EXPECT_TRUE(step.Ask(a, Purpose::kLookup, 1, engine::GetList(), 100));
  EXPECT_EQ(a.unanswered, 1u);
  EXPECT_EQ(a.unanswered_bytes, 100u);
  EXPECT_EQ(state_.pending_bytes, 100u);
  EXPECT_EQ(effects_.requests.size(), 2u);
}

}  // namespace
}  // namespace pawl::relay
