#include "client/engine/standing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "client/engine/repair.h"
#include "support/step_world.h"
#include "support/world_devices.h"
#include "wire/tokens.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::World;
using test::WorldClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class Standing : public ::testing::Test {
 protected:
  Standing() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
    Say(alice_, bob_, "hello");
    Say(bob_, alice_, "good day");
  }
  MessageId Say(WorldClient& from, WorldClient& to, const char* text) {
    const MessageId id = from.SendText(to.address(), text, world_.now());
    world_.Settle();
    return id;
  }
  // So long that anchor and note have followed.
  void LetTimePass() { world_.Run(Minutes(2)); }
  static DeviceEpoch EpochOf(WorldClient& client) {
    store::Transaction tx = test::Must(client.store().Begin());
    return test::Must(tx.account().Load())->epoch;
  }
  static size_t CountCode(const WorldClient& client, EventKind kind, Code code) {
    size_t count = 0;
    for (const Event& event : client.journal()) count += event.kind == kind && event.code == code;
    return count;
  }
  static void ExpectNumbersRise(const WorldClient& client) {
    std::set<InboxSeq> seen;
    for (const Event& event : client.journal()) {
      EXPECT_TRUE(seen.insert(event.seq).second) << *event.seq;
    }
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Standing, AnUndisturbedStoreStaysCurrentOverManyOpenings) {
  for (int i = 0; i < 5; ++i) {
    world_.Restart(alice_);
    LetTimePass();
    Say(alice_, bob_, "again");
  }
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(1));
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kCurrent);
  EXPECT_EQ(bob_.Count(EventKind::kDeviceRekeyed), 0u);
}

TEST_F(Standing, ANoteThatWasLostWithItsConnectionAsksForNoStepBeforeItIsAnswered) {
  bool lost = false;
  alice_.faults.on_call = [&](Call& call) {
    if (!std::holds_alternative<PutNote>(call.body)) return true;
    lost = true;
    return false;
  };
  Say(alice_, bob_, "something to note");
  LetTimePass();
  ASSERT_TRUE(lost);
  world_.SetOnline(alice_, false);
  world_.SetOnline(alice_, true);
  EXPECT_GT(alice_.NextDeadline(), world_.now());
  alice_.faults.on_call = nullptr;
}

TEST_F(Standing, AnOlderCopyHealsWithinOneRoundTripAndLosesNothingThatWasNotAcknowledged) {
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  Say(alice_, bob_, "after the copy");
  Say(bob_, alice_, "taken, and lost with the copy");
  LetTimePass();
  world_.SetOnline(alice_, false);
  Say(bob_, alice_, "not taken yet 1");
  Say(bob_, alice_, "not taken yet 2");

  world_.Restore(alice_, snapshot);
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kDiverged);
  world_.SetOnline(alice_, true);
  world_.Settle();

  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(2));
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kCurrent);
  EXPECT_EQ(bob_.Count(EventKind::kDeviceRekeyed), 1u);
  EXPECT_THAT(alice_.Texts(bob_.address()), ElementsAre("good day", "taken, and lost with the copy",
                                                        "not taken yet 1", "not taken yet 2"));
  EXPECT_EQ(CountCode(alice_, EventKind::kGap, Code::kDiverged), 1u);
  const Event* repaired = alice_.Last(EventKind::kRepaired);
  ASSERT_NE(repaired, nullptr);
  EXPECT_EQ(repaired->code, Code::kOk);
  EXPECT_EQ(repaired->count, 1u) << "what was acknowledged after the copy was made";
  ExpectNumbersRise(alice_);

  Say(alice_, bob_, "here again");
  Say(bob_, alice_, "welcome");
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello", "after the copy", "here again"));
  EXPECT_EQ(alice_.Texts(bob_.address()).back(), "welcome");
}

// 'a' for each envelope of alice's, 'b' for each of bob's, from the moment she is there again until
// she is told that she has all back.
TEST_F(Standing, HealingIsOneEnvelopeOutAndOneBatchBack) {
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  Say(bob_, alice_, "taken, and lost with the copy");
  world_.SetOnline(alice_, false);
  constexpr int kWaiting = 5;
  for (int i = 0; i < kWaiting; ++i) Say(bob_, alice_, "not taken yet");
  world_.Restore(alice_, snapshot);
  std::string envelopes;
  const auto watch = [&](WorldClient& client, char name) {
    client.faults.on_call = [&, name](Call& call) {
      const bool healed = alice_.Count(EventKind::kRepaired) > 0;
      if (!healed && std::holds_alternative<SendEnvelope>(call.body)) envelopes += name;
      return true;
    };
  };
  watch(alice_, 'a');
  watch(bob_, 'b');
  world_.SetOnline(alice_, true);
  world_.Settle();
  alice_.faults.on_call = nullptr;
  bob_.faults.on_call = nullptr;
  ASSERT_EQ(alice_.Count(EventKind::kRepaired), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kRepaired)->code, Code::kOk);
  EXPECT_THAT(envelopes, MatchesRegex("ab+a*"))
      << "one question; all that answers it without a further word of hers; what she confirms";
  EXPECT_GT(std::count(envelopes.begin(), envelopes.end(), 'b'), kWaiting);
}

TEST_F(Standing, AnOlderCopyThatHealsShowsNoTokenThatItsLostFutureMayHaveShown) {
  const auto free = [&] {
    store::Transaction tx = test::Must(alice_.store().Begin());
    return test::Must(tx.tokens().CountFree(store::TokenKind::kSmall));
  };
  {
    store::Transaction tx = test::Must(alice_.store().Begin());
    EXPECT_THAT(tx.tokens().Add({.serial = {9}, .period = wire::PeriodAt(world_.now())}),
                test::IsOk());
    EXPECT_THAT(tx.Commit(world_.now()), test::IsOk());
  }
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  Say(alice_, bob_, "after the copy");
  LetTimePass();
  EXPECT_EQ(free(), 1u);
  world_.SetOnline(alice_, false);
  world_.Restore(alice_, snapshot);
  EXPECT_EQ(free(), 1u);
  world_.SetOnline(alice_, true);
  world_.Settle();
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(2));
  EXPECT_EQ(free(), 0u);
}

TEST_F(Standing, ACopyWithItsAnchorIsToldByTheNoteAtTheRelay) {
  LetTimePass();
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kIncluded);
  Say(alice_, bob_, "after the copy");
  Say(bob_, alice_, "lost with it");
  LetTimePass();
  Say(alice_, bob_, "much later");
  world_.Restore(alice_, snapshot);
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kCurrent) << "the anchor agrees";
  world_.Settle();
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(2));
  Say(alice_, bob_, "here again");
  EXPECT_THAT(bob_.Texts(alice_.address()),
              ElementsAre("hello", "after the copy", "much later", "here again"));
}

TEST_F(Standing, OfTwoCopiesThatRunAtOnceOneGoesOnAndTheOtherStops) {
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  WorldClient& clone = world_.Clone(alice_, snapshot);
  world_.Settle();
  EXPECT_EQ(EpochOf(clone), DeviceEpoch(2)) << "no anchor there";
  const MessageId waiting = alice_.SendText(bob_.address(), "from the first", world_.now());
  world_.SetOnline(alice_, false);
  world_.SetOnline(alice_, true);
  world_.Run(Minutes(1));
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kSuperseded);
  EXPECT_EQ(alice_.Count(EventKind::kSuperseded), 1u);
  EXPECT_NE(alice_.StateOf(waiting), MessageState::kQueued) << "nothing waits for ever";
  alice_.SendText(bob_.address(), "not any more", world_.now());
  const RequestId refused = alice_.last_send();
  world_.Settle();
  EXPECT_EQ(alice_.Completed(refused), Code::kSuperseded);
  // The first one's last login had closed the connection of the second.
  world_.SetOnline(clone, false);
  world_.SetOnline(clone, true);
  Say(clone, bob_, "from the second");
  Say(bob_, clone, "to the one that is left");
  EXPECT_EQ(bob_.Texts(alice_.address()).back(), "from the second");
  EXPECT_EQ(clone.Texts(bob_.address()).back(), "to the one that is left");
  EXPECT_EQ(EpochOf(clone), DeviceEpoch(2)) << "once is enough";

  world_.Restart(alice_);
  world_.SetOnline(alice_, true);
  LetTimePass();
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kSuperseded) << "for good";
  EXPECT_EQ(EpochOf(clone), DeviceEpoch(2));
}

TEST_F(Standing, ACloneThatTookItsAnchorAlongIsFoundAtTheRelay) {
  LetTimePass();
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kIncluded);
  Say(alice_, bob_, "the first goes on");
  LetTimePass();
  WorldClient& clone = world_.Clone(alice_, snapshot);
  world_.Settle();
  EXPECT_EQ(EpochOf(clone), DeviceEpoch(2));
  world_.SetOnline(alice_, false);
  world_.SetOnline(alice_, true);
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kSuperseded);
}

TEST_F(Standing, TheSameCopyPutBackTwiceIsFoundTwice) {
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  for (uint32_t round = 1; round <= 2; ++round) {
    Say(alice_, bob_, "between");
    LetTimePass();
    world_.Restore(alice_, snapshot);
    LetTimePass();
    EXPECT_EQ(EpochOf(alice_), DeviceEpoch(1 + round));
    Say(bob_, alice_, "and back");
    EXPECT_EQ(alice_.Texts(bob_.address()).back(), "and back");
    ExpectNumbersRise(alice_);
  }
  EXPECT_EQ(bob_.Count(EventKind::kDeviceRekeyed), 2u);
}

TEST_F(Standing, KilledAtAnyStepOfItsHealingItHealsAllTheSame) {
  for (size_t step = 1; step <= 8; ++step) {
    const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
    Say(bob_, alice_, "lost");
    LetTimePass();
    world_.SetOnline(alice_, false);
    const std::string text = "round " + std::to_string(step);
    Say(bob_, alice_, text.c_str());
    world_.Restore(alice_, snapshot);
    alice_.kill_after_steps = alice_.steps() + step;
    world_.SetOnline(alice_, true);
    world_.Settle();
    if (!alice_.alive()) world_.Restart(alice_);
    world_.Run(Minutes(20));  // whoever answered lately does so again
    EXPECT_EQ(alice_.Texts(bob_.address()).back(), text);
    EXPECT_EQ(EpochOf(alice_), DeviceEpoch(static_cast<uint32_t>(1 + step)));
    ExpectNumbersRise(alice_);
  }
}

TEST_F(Standing, ARelayThatLiesAboutTheEpochStopsNobody) {
  world_.SetOnline(alice_, false);
  alice_.faults.on_input = [](Input& input) {
    if (auto* up = std::get_if<ChannelUp>(&input); up && up->channel == Channel::kDevice) {
      up->epoch = DeviceEpoch(99);
      up->epoch_record = ToBytes(AsBytes("not a record of that device's key"));
      up->note = Bytes(store::kNoteSize, 7);
    }
    return true;
  };
  world_.SetOnline(alice_, true);
  EXPECT_EQ(alice_.store().opened_state(), store::OpenedState::kCurrent);
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(1));
  Say(alice_, bob_, "still here");
  EXPECT_EQ(bob_.Texts(alice_.address()).back(), "still here");
}

TEST_F(Standing, AnOldNoteOfItsOwnMakesNobodyHeal) {
  LetTimePass();
  Bytes old;
  alice_.faults.on_input = [&](Input& input) {
    if (auto* up = std::get_if<ChannelUp>(&input); up && up->channel == Channel::kDevice) {
      if (old.empty()) old = up->note;
      up->note = old;
    }
    return true;
  };
  for (int i = 0; i < 3; ++i) {
    world_.SetOnline(alice_, false);
    world_.SetOnline(alice_, true);
    Say(alice_, bob_, "on and on");
    LetTimePass();
  }
  ASSERT_FALSE(old.empty());
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(1));
}

// The relay keeps showing the note of the future that was lost.
TEST_F(Standing, OneForeignNoteIsHealedFromOnce) {
  LetTimePass();
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kIncluded);
  Say(alice_, bob_, "goes on");
  LetTimePass();
  Bytes foreign;
  alice_.faults.on_input = [&](Input& input) {
    if (auto* up = std::get_if<ChannelUp>(&input); up && up->channel == Channel::kDevice) {
      if (foreign.empty()) foreign = up->note;
      up->note = foreign;
    }
    return true;
  };
  world_.Restore(alice_, snapshot);
  for (int i = 0; i < 4; ++i) {
    world_.SetOnline(alice_, false);
    world_.SetOnline(alice_, true);
    LetTimePass();
  }
  EXPECT_EQ(EpochOf(alice_), DeviceEpoch(2));
  EXPECT_EQ(bob_.Count(EventKind::kDeviceRekeyed), 1u);
}

TEST_F(Standing, WhatIsWrittenOnAnOlderCopyBeforeItIsOnlineLeavesOnFreshSessions) {
  const auto snapshot = world_.TakeSnapshot(alice_, World::Anchor::kLeftOut);
  Say(alice_, bob_, "of the lost future");
  LetTimePass();
  world_.SetOnline(alice_, false);
  world_.Restore(alice_, snapshot);
  alice_.SendText(bob_.address(), "written offline", world_.now());
  world_.Settle();
  world_.SetOnline(alice_, true);
  world_.Settle();
  EXPECT_EQ(bob_.Texts(alice_.address()).back(), "written offline");
  EXPECT_EQ(bob_.Count(EventKind::kUndecryptable), 0u);
}

// The answer to a note is lost: nothing is due until the relay has it.
TEST_F(Standing, ANoteOnItsWayKeepsNobodyBusy) {
  alice_.faults.on_call = [](Call& call) { return !std::get_if<PutNote>(&call.body); };
  Say(alice_, bob_, "something to note");
  LetTimePass();
  EXPECT_GT(alice_.NextDeadline(), world_.now());
  const size_t steps = alice_.steps();
  world_.Run(Minutes(1));
  EXPECT_LT(alice_.steps() - steps, 20u);
}

TEST_F(Standing, OwnDevicesHearOfItAndGiveBackTheirCopies) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  world_.Settle();
  const auto snapshot = world_.TakeSnapshot(laptop, World::Anchor::kLeftOut);
  Say(laptop, bob_, "makes the copy an older one");
  LetTimePass();
  world_.SetOnline(laptop, false);
  Say(alice_, bob_, "said while it was away");
  world_.Restore(laptop, snapshot);
  world_.SetOnline(laptop, true);
  LetTimePass();
  EXPECT_EQ(alice_.Count(EventKind::kDeviceRekeyed), 1u);
  const Event* copy = laptop.Last(EventKind::kMessage);
  ASSERT_NE(copy, nullptr);
  EXPECT_TRUE(copy->outgoing);
  EXPECT_EQ(WorldClient::TextOf(*copy), "said while it was away");
}

}  // namespace
}  // namespace pawl::client
