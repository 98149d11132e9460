#include "client/engine/inbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "support/world.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Inbound : public ::testing::Test {
 protected:
  Inbound() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {}
  // Mail that nobody of ours sent.
  void Inject(WorldClient& to, uint8_t id, ByteView bytes, int64_t cursor = 1'000'000) {
    kept_.push_back(ToBytes(bytes));
    to.Push(EnvelopeArrived{.cursor = MailboxCursor(cursor + id),
                            .id = EnvelopeId({id, 0xee}),
                            .received_at = world_.now(),
                            .bytes = kept_.back()});
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
  std::deque<Bytes> kept_;
};

TEST_F(Inbound, LostAcknowledgementsAndDuplicatesAreNotSeen) {
  world_.MakeContacts(alice_, bob_);
  bob_.faults.lose_acks = true;
  for (const char* text : {"one", "two", "three"}) {
    alice_.SendText(bob_.address(), text, world_.now());
  }
  world_.Settle();
  for (int i = 0; i < 3; ++i) {
    world_.SetOnline(bob_, false);
    world_.SetOnline(bob_, true);
  }
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("one", "two", "three"));
  bob_.faults.lose_acks = false;
  world_.SetOnline(bob_, false);
  world_.SetOnline(bob_, true);
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("one", "two", "three"));
}

TEST_F(Inbound, TheSameBytesUnderAnotherIdAreNotSeenTwice) {
  world_.MakeContacts(alice_, bob_);
  Bytes copy;
  bob_.faults.on_input = [&](Input& input) {
    if (auto* mail = std::get_if<EnvelopeArrived>(&input)) copy = ToBytes(mail->bytes);
    return true;
  };
  alice_.SendText(bob_.address(), "once", world_.now());
  world_.Settle();
  bob_.faults.on_input = nullptr;
  ASSERT_FALSE(copy.empty());
  Inject(bob_, 1, copy);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("once"));
}

TEST_F(Inbound, ARelayThatReordersIsReadInItsOrderAndNothingIsLost) {
  world_.MakeContacts(alice_, bob_);
  world_.SetOnline(bob_, false);
  for (int i = 0; i < 40; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Settle();
  std::vector<std::pair<EnvelopeArrived, Bytes>> held;
  bob_.faults.on_input = [&](Input& input) {
    if (auto* mail = std::get_if<EnvelopeArrived>(&input)) {
      held.emplace_back(*mail, ToBytes(mail->bytes));
      return false;
    }
    return true;
  };
  world_.SetOnline(bob_, true);
  ASSERT_EQ(held.size(), 40u);
  bob_.faults.on_input = nullptr;
  std::reverse(held.begin(), held.end());
  for (auto& [mail, bytes] : held) {
    mail.bytes = bytes;
    bob_.Push(mail);
  }
  world_.Settle();
  EXPECT_EQ(bob_.Texts(alice_.address()).size(), 40u);
  EXPECT_THAT(bob_.rejected(), IsEmpty());
}

TEST_F(Inbound, GarbageIsQuarantinedThenAcknowledgedAwayAndChangesNothing) {
  world_.MakeContacts(alice_, bob_);
  const Bytes noise = Bytes(512, 0x5a);
  Inject(bob_, 1, noise);
  Inject(bob_, 2, Bytes(511, 1));  // a size that nobody pads to
  Inject(bob_, 3, {});
  world_.Settle();
  ASSERT_EQ(bob_.rejected().size(), 2u);
  EXPECT_EQ(bob_.rejected()[0].code, Code::kMalformed);
  world_.Run(Minutes(11));
  ASSERT_EQ(bob_.rejected().size(), 3u);
  EXPECT_EQ(bob_.rejected()[2].code, Code::kUnknownSession);
  alice_.SendText(bob_.address(), "still fine", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("still fine"));
}

TEST_F(Inbound, AFloodOfGarbageIsBoundedAndMailStillComesThrough) {
  world_.MakeContacts(alice_, bob_);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 200; ++i) {
      Bytes noise(4096);
      world_.rng().Fill(noise);
      kept_.push_back(noise);
      bob_.Push(EnvelopeArrived{.cursor = MailboxCursor(2'000'000 + round * 200 + i),
                                .id = EnvelopeId(world_.rng().Array<16>()),
                                .received_at = world_.now(),
                                .bytes = kept_.back()});
    }
    world_.Settle();
  }
  // At most kMaxParked of them are held; the others were let go.
  EXPECT_GE(bob_.rejected().size(), 800u - kMaxParked);
  alice_.SendText(bob_.address(), "through", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("through"));
}

TEST_F(Inbound, EveryFlippedBitIsRejectedAndTheTrueOneIsStillRead) {
  world_.MakeContacts(alice_, bob_);
  Bytes original;
  bob_.faults.on_input = [&](Input& input) {
    auto* mail = std::get_if<EnvelopeArrived>(&input);
    if (!mail) return true;
    original = ToBytes(mail->bytes);
    return false;
  };
  alice_.SendText(bob_.address(), "untouched", world_.now());
  world_.Settle();
  ASSERT_FALSE(original.empty());
  bob_.faults.on_input = nullptr;
  uint8_t id = 0;
  for (size_t at = 0; at < original.size(); at += 37) {
    Bytes flipped = original;
    flipped[at] ^= 4;
    Inject(bob_, ++id, flipped);
  }
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), IsEmpty());
  Inject(bob_, 0xff, original);
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("untouched"));
}

TEST_F(Inbound, AMessageAheadOfTheAnnouncedTagsIsFoundByItsHeader) {
  world_.MakeContacts(alice_, bob_);
  int to_lose = 50;
  bob_.faults.on_input = [&](Input& input) {
    return !std::holds_alternative<EnvelopeArrived>(input) || to_lose-- <= 0;
  };
  for (int i = 0; i < 51; ++i) alice_.SendText(bob_.address(), std::to_string(i), world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("50"));
}

}  // namespace
}  // namespace pawl::client
