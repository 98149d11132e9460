#include "relay/core/sending.h"

#include <gtest/gtest.h>

#include <string>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Sending : public ::testing::Test {
 protected:
  Sending() : bob_(world_.MakePerson("bob")), sender_(world_.ConnectAnonymously()) {}

  Code CodeOfAnswer() {
    const auto heard = world_.Hear(sender_);
    if (!heard) return Code::kInternal;
    if (const auto* error = heard->As<fb::Error>()) {
      retry_after_ = Milliseconds(error->retry_after_ms());
      return static_cast<Code>(error->code());
    }
    EXPECT_NE(heard->As<fb::Sent>(), nullptr);
    return Code::kOk;
  }
  Code SendAndHear(const wire::Send& send) {
    world_.Say(sender_, send);
    return CodeOfAnswer();
  }

  RelayWorld world_;
  RelayPerson bob_;
  ConnectionId sender_;
  const Bytes envelope_ = Bytes(256, 0xE5);
  Duration retry_after_;
};

TEST_F(Sending, SentComesWhenTheMessageIsStoredAndNotBefore) {
  world_.HoldEngine();
  world_.Say(sender_, world_.Mail(bob_, 1, envelope_));
  EXPECT_TRUE(world_.HeardNothing(sender_));
  world_.ReleaseEngine();
  const auto* sent = world_.Expect<fb::Sent>(sender_);
  EXPECT_EQ(sent->req(), 1u);
  EXPECT_FALSE(sent->duplicate());
  EXPECT_EQ(sent->list_version(), 1u);
  EXPECT_EQ(world_.stats().envelopes_stored, 1u);
}

TEST_F(Sending, WhatFollowsARefusedOneDoesNotOvertakeItInTheStorageEither) {
  wire::Send first = world_.Mail(bob_, 1, envelope_);
  first.delivery_key = ByteArray<32>{1};
  wire::Send second = world_.Mail(bob_, 2, envelope_);
  second.follows = true;
  world_.HoldEngine();
  world_.Say(sender_, first, second);
  world_.ReleaseEngine();
  EXPECT_EQ(CodeOfAnswer(), Code::kAuthFailed);
  EXPECT_EQ(CodeOfAnswer(), Code::kWouldBlock);
  EXPECT_EQ(SendAndHear(second), Code::kWouldBlock);
  second.follows = false;
  EXPECT_EQ(SendAndHear(second), Code::kOk);
}

TEST_F(Sending, TheSameIdAgainIsADuplicate) {
  const wire::Send send = world_.Mail(bob_, 1, envelope_);
  world_.Say(sender_, send, send);
  EXPECT_FALSE(world_.Expect<fb::Sent>(sender_)->duplicate());
  EXPECT_TRUE(world_.Expect<fb::Sent>(sender_)->duplicate());
  EXPECT_EQ(world_.stats().envelopes_stored, 1u);
  EXPECT_EQ(world_.stats().envelopes_duplicate, 1u);
}

TEST_F(Sending, AWrongKeyAndNobodyHaveTheSameAnswer) {
  wire::Send wrong = world_.Mail(bob_, 1, envelope_);
  wrong.delivery_key = ByteArray<32>{};
  world_.Say(sender_, wrong);
  const auto to_bob = world_.Hear(sender_);
  wire::Send nobody = wrong;
  nobody.account = "nobody@example.org";
  world_.Say(sender_, nobody);
  const auto to_nobody = world_.Hear(sender_);
  EXPECT_EQ(to_bob->message, to_nobody->message);
  EXPECT_EQ(static_cast<Code>(to_bob->As<fb::Error>()->code()), Code::kAuthFailed);
  wrong.delivery_key.reset();
  EXPECT_EQ(SendAndHear(wrong), Code::kAuthFailed);
}

TEST_F(Sending, AnEnvelopeHasALimit) {
  const Bytes largest(wire::kMaxEnvelopeSize, 1);
  const Bytes larger(wire::kMaxEnvelopeSize + 1, 1);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 1, largest)), Code::kOk);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 2, larger)), Code::kTooLarge);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 3, {})), Code::kInvalidArgument);
}

TEST_F(Sending, AnAddressThatIsNoneIsRefused) {
  wire::Send send = world_.Mail(bob_, 1, envelope_);
  send.account = "bob";
  EXPECT_EQ(SendAndHear(send), Code::kInvalidArgument);
  send = world_.Mail(bob_, 1, envelope_);
  send.device = DeviceId(0);
  EXPECT_EQ(SendAndHear(send), Code::kInvalidArgument);
  send.device = DeviceId(2);
  EXPECT_EQ(SendAndHear(send), Code::kNotFound);
}

TEST_F(Sending, StrangersKnockAtTheirOwnDoor) {
  wire::Send request = world_.Mail(bob_, 1, envelope_);
  request.delivery_key.reset();
  request.request = true;
  EXPECT_EQ(SendAndHear(request), Code::kOk);
  request.account = "nobody@example.org";
  EXPECT_EQ(SendAndHear(request), Code::kNotFound);
}

TEST_F(Sending, StrangersAreLimitedMuchMoreThanContacts) {
  int requests = 0;
  for (uint64_t i = 1;; ++i) {
    wire::Send request = world_.Mail(bob_, i, envelope_);
    request.request = true;
    if (SendAndHear(request) != Code::kOk) break;
    ++requests;
  }
  EXPECT_EQ(requests, static_cast<int>(kRequestBucket.burst));
  EXPECT_EQ(retry_after_, Seconds(60));
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 100, envelope_)), Code::kOk) << "contacts go on";
}

TEST_F(Sending, OneSenderCannotFloodOneMailbox) {
  uint64_t sent = 0;
  while (SendAndHear(world_.Mail(bob_, sent + 1, envelope_)) == Code::kOk) ++sent;
  EXPECT_EQ(sent, static_cast<uint64_t>(kSendBucket.burst));
  EXPECT_EQ(world_.stats().rate_limited, 1u);
  world_.Tick(Seconds(1));
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, sent + 1, envelope_)), Code::kOk);
}

TEST_F(Sending, NamesThatArePluckedFromTheAirCostThePeerItsOwnTokens) {
  wire::Send nobody = world_.Mail(bob_, 1, envelope_);
  std::string name;
  int asked = 0;
  while (asked < 100'000) {
    name = "n" + std::to_string(asked) + "@example.org";
    nobody.account = name;
    if (SendAndHear(nobody) == Code::kRateLimited) break;
    ++asked;
  }
  EXPECT_EQ(asked, static_cast<int>(kSendPeerBucket.burst));
  const ConnectionId other = world_.ConnectAnonymously(77);
  world_.Say(other, world_.Mail(bob_, 2, envelope_));
  EXPECT_NE(world_.Expect<fb::Sent>(other), nullptr) << "another peer goes on";
}

TEST_F(Sending, ARequestIsNotEphemeral) {
  wire::Send send = world_.Mail(bob_, 1, envelope_);
  send.request = send.ephemeral = true;
  EXPECT_EQ(SendAndHear(send), Code::kInvalidArgument);
}

TEST_F(Sending, EphemeralMessagesDoNotPileUpAtTheirRecipient) {
  const ConnectionId device = world_.ConnectDevice(bob_);
  const Bytes large(wire::kMaxEnvelopeSize, 1);
  const auto passed = [&](int count) {
    for (int i = 0; i < count; ++i) {
      wire::Send typing = world_.Mail(bob_, static_cast<uint64_t>(i) + 1, large);
      typing.ephemeral = true;
      EXPECT_EQ(SendAndHear(typing), Code::kOk) << "dropped without a word";
    }
    size_t bytes = 0;
    while (const auto heard = world_.Hear(device)) bytes += heard->payload().size();
    return bytes;
  };
  EXPECT_EQ(passed(100), kMaxPassingBytes) << "at one moment";
  world_.Tick(kPassingInterval);
  EXPECT_EQ(passed(1), large.size());
  Effects effects;
  world_.core().Busy(device, true, world_.clock().Now(), effects);
  world_.Tick(kPassingInterval);
  EXPECT_EQ(passed(1), 0u) << "it does not take what it has";
}

TEST_F(Sending, AMessageLivesAsLongAsItsSenderSaysAndNoLongerThanWeAllow) {
  wire::Send brief = world_.Mail(bob_, 1, envelope_);
  brief.ttl_s = 10;
  wire::Send endless = world_.Mail(bob_, 2, envelope_);
  endless.ttl_s = UINT32_MAX;
  world_.Say(sender_, brief, endless);
  world_.Tick(Seconds(10));
  EXPECT_EQ(world_.Expect<fb::Ready>(world_.Login(bob_))->queue(), 1u);
  world_.Tick(kMaxMailLife);
  EXPECT_EQ(world_.Expect<fb::Ready>(world_.Login(bob_))->queue(), 0u);
}

TEST_F(Sending, NothingThatWasSentAheadOvertakesWhatWasRefused) {
  wire::Send refused = world_.Mail(bob_, 1, envelope_);
  refused.delivery_key = ByteArray<32>{1};
  EXPECT_EQ(SendAndHear(refused), Code::kAuthFailed);
  wire::Send ahead = world_.Mail(bob_, 2, envelope_);
  ahead.follows = true;
  EXPECT_EQ(SendAndHear(ahead), Code::kWouldBlock);
  EXPECT_GT(retry_after_.ms, 0);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 1, envelope_)), Code::kOk);
  EXPECT_EQ(SendAndHear(ahead), Code::kOk);
}

TEST_F(Sending, NothingOvertakesWhatTheRateLimitRefusedEitherThoughATokenCameBack) {
  uint64_t number = 0;
  while (SendAndHear(world_.Mail(bob_, ++number, envelope_)) == Code::kOk) {
  }
  const auto refused = number;
  world_.Tick(Seconds(1));
  wire::Send ahead = world_.Mail(bob_, ++number, envelope_);
  ahead.follows = true;
  EXPECT_EQ(SendAndHear(ahead), Code::kWouldBlock);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, refused, envelope_)), Code::kOk);
  EXPECT_EQ(SendAndHear(ahead), Code::kOk);
}

TEST_F(Sending, EphemeralReachesWhoIsThereAndNobodyElse) {
  wire::Send typing = world_.Mail(bob_, 1, envelope_);
  typing.ephemeral = true;
  EXPECT_EQ(SendAndHear(typing), Code::kOk);
  const ConnectionId device = world_.ConnectDevice(bob_);
  EXPECT_TRUE(world_.HeardNothing(device)) << "it was not kept";
  EXPECT_EQ(SendAndHear(typing), Code::kOk);
  const auto* message = world_.Expect<fb::Message>(device);
  EXPECT_EQ(message->cursor(), 0);
  EXPECT_EQ(world_.last_payload(), envelope_);
  typing.delivery_key = ByteArray<32>{};
  EXPECT_EQ(SendAndHear(typing), Code::kAuthFailed);
  EXPECT_TRUE(world_.HeardNothing(device));
}

TEST_F(Sending, TroublesOfTheStorageAreForLaterAndSayNoMore) {
  const auto failing = [&](Code code) {
    world_.FailEngine(code);
    const Code told = SendAndHear(world_.Mail(bob_, 1, envelope_));
    EXPECT_GT(retry_after_.ms, 0);
    return told;
  };
  EXPECT_EQ(failing(Code::kDiskFull), Code::kDiskFull);
  EXPECT_EQ(failing(Code::kIo), Code::kStorage);
  EXPECT_EQ(failing(Code::kCorrupt), Code::kStorage);
  EXPECT_EQ(failing(Code::kInternal), Code::kStorage);
  EXPECT_EQ(failing(Code::kQuotaExceeded), Code::kQuotaExceeded);
  world_.FailEngine(std::nullopt);
  EXPECT_EQ(SendAndHear(world_.Mail(bob_, 1, envelope_)), Code::kOk);
  EXPECT_EQ(world_.stats().storage_failures, 4u);
}

TEST_F(Sending, ASenderThatLeavesHasSentAllTheSame) {
  world_.HoldEngine();
  world_.Say(sender_, world_.Mail(bob_, 1, envelope_));
  world_.Disconnect(sender_);
  world_.ReleaseEngine();
  EXPECT_EQ(world_.Expect<fb::Ready>(world_.Login(bob_))->queue(), 1u);
}

TEST_F(Sending, AnAuthenticatedConnectionCannotSend) {
  const ConnectionId device = world_.ConnectDevice(bob_);
  world_.Say(device, world_.Mail(bob_, 1, envelope_));
  EXPECT_EQ(world_.ExpectError(device, 1), Code::kWrongState);
  EXPECT_FALSE(world_.ClosedWith(device));
}

}  // namespace
}  // namespace pawl::relay
