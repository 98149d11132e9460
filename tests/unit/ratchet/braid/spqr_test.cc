#include "ratchet/braid/spqr.h"

#include <gmock/gmock.h>

#include <deque>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;

TEST(Spqr, InPingPongAnEpochTakesARoundForEachChunk) {
  Pair pair;
  for (const uint64_t epoch : {2u, 3u, 4u, 5u}) {
    int rounds = 0;
    while (*pair.a.epoch() < epoch || *pair.b.epoch() < epoch) {
      pair.Round();
      ASSERT_LE(++rounds, 16);
    }
    EXPECT_GE(rounds, 14);
  }
}

TEST(Spqr, BothSidesUseTheSameKeyForEveryMessageAndNeverOneTwice) {
  Pair pair;
  std::set<std::string> keys;
  for (int i = 0; i < 200; ++i) {
    for (Party* from : {&pair.a, &pair.b}) {
      const Sent sent = from->Send();
      EXPECT_TRUE(keys.insert(std::string(AsText(sent.key.Expose()))).second);
      EXPECT_EQ((from == &pair.a ? pair.b : pair.a).Receive(sent), Code::kOk);
    }
  }
  EXPECT_GT(*pair.a.epoch(), 10u);
}

TEST(Spqr, AnEpochGoesOnThoughMostMessagesAreLost) {
  Pair pair;
  test::SeededRng chance(3);
  int messages = 0;
  while (*pair.a.epoch() < 6 && messages < 5000) {
    for (Party* from : {&pair.a, &pair.b}) {
      const Sent sent = from->Send();
      ++messages;
      if (chance.Below(4) == 0) {
        EXPECT_EQ((from == &pair.a ? pair.b : pair.a).Receive(sent), Code::kOk);
      }
    }
  }
  EXPECT_EQ(*pair.a.epoch(), 6u);
}

TEST(Spqr, WhatComesLateAndInAnyOrderFindsItsKey) {
  Pair pair;
  test::SeededRng chance(4);
  std::deque<Sent> to_a, to_b;
  for (int i = 0; i < 600; ++i) {
    to_b.push_back(pair.a.Send());
    to_a.push_back(pair.b.Send());
    const auto deliver = [&](std::deque<Sent>& queue, Party& to) {
      // Up to nine messages wait; any of them may be the next.
      while (queue.size() > chance.Below(10)) {
        const auto at = static_cast<ptrdiff_t>(chance.Below(queue.size()));
        ASSERT_EQ(to.Receive(queue[static_cast<size_t>(at)]), Code::kOk);
        queue.erase(queue.begin() + at);
      }
    };
    deliver(to_b, pair.b);
    deliver(to_a, pair.a);
  }
  EXPECT_GT(*pair.a.epoch(), 15u);
}

TEST(Spqr, AMessageIsReadOnce) {
  Pair pair;
  const Sent first = pair.a.Send();
  const Sent second = pair.a.Send();
  EXPECT_EQ(pair.b.Receive(second), Code::kOk);
  EXPECT_EQ(pair.b.Receive(second), Code::kReplayed);
  EXPECT_EQ(pair.b.Receive(first), Code::kOk);
  EXPECT_EQ(pair.b.Receive(first), Code::kReplayed);
}

TEST(Spqr, AnExchangeThatBreaksLeavesTheChainsReadable) {
  Pair pair;
  pair.RoundsUntilA<EkSentCt1Received>();
  Sent poisoned = pair.b.Send();
  const Sent good = pair.b.Send();
  ASSERT_EQ(poisoned.stamp.message.kind, Kind::kCt2);
  poisoned.stamp.message.chunk_bytes[0] ^= 1;
  EXPECT_EQ(pair.a.Receive(poisoned), Code::kOk);
  EXPECT_EQ(pair.a.Receive(good), Code::kOk) << "its own key is that of the epoch before";
  EXPECT_TRUE(pair.a.spqr.broken);
  EXPECT_EQ(pair.a.Receive(pair.b.Send()), Code::kOk);
  EXPECT_THAT(PrepareSend(ProductionScheme(), pair.a.spqr, pair.a.rng), HasCode(Code::kWrongState));
}

TEST(Spqr, TwoWithDifferentHandshakesBreakAtTheFirstHeader) {
  Pair pair;
  AuthKey other = AuthKey::Zero();
  Spqr stranger = Spqr::Start(ProductionScheme(), Role::kResponder, other);
  const Sent sent = pair.a.Send();
  SkippedPqMap none;
  SkippedPqDelta delta(none);
  auto key = PrepareReceiveKey(ProductionScheme(), stranger, delta, sent.stamp, {}, Timestamp{1});
  ASSERT_THAT(key, test::IsOk());
  EXPECT_FALSE(key->key.Equals(sent.key));
  ApplyReceive(ProductionScheme(), *std::move(key), sent.stamp.message, stranger, delta);
  EXPECT_TRUE(stranger.broken);
}

// Somebody with all that a party had at one moment, who goes on as that party would, with
// randomness of its own, and sees every stamp.
class Thief {
 public:
  Thief(const Party& of, Role role) : party_(ProductionScheme(), role, 31337) {
    party_.spqr = of.spqr.Clone();
    for (const auto& [id, key] : of.skipped) party_.skipped.emplace(id, key.Clone());
  }
  // Knows the key of what its party received. Must be told before the party is, or after.
  bool Reads(const Sent& received) {
    SkippedPqDelta delta(party_.skipped);
    auto key = PrepareReceiveKey(ProductionScheme(), party_.spqr, delta, received.stamp,
                                 Timestamp{1}, Timestamp{1} + Days(30));
    if (!key.ok()) return false;
    const bool reads = key->key.Equals(received.key);
    ApplyReceive(ProductionScheme(), *std::move(key), received.stamp.message, party_.spqr, delta);
    std::move(delta).CommitTo(party_.skipped);
    return reads;
  }
  // Knows the key of what its party sent.
  bool Foretells(const Sent& sent) {
    auto send = PrepareSend(ProductionScheme(), party_.spqr, party_.rng);
    if (!send.ok()) return false;
    const bool foretells = send->key.Equals(sent.key);
    SkippedPqDelta delta(party_.skipped);
    ApplySend(ProductionScheme(), *std::move(send), party_.spqr, delta);
    std::move(delta).CommitTo(party_.skipped);
    return foretells;
  }

 private:
  Party party_;
};

// Healing: whatever was on its way when the state was read, the second epoch after it has keys that
// came of randomness which the thief has not seen.
TEST(Spqr, WhoReadTheWholeStateKnowsNoKeyTwoEpochsLater) {
  constexpr int kMoments = 40;  // more than two epochs: every state of either role
  for (int moment = 0; moment < kMoments; ++moment) {
    SCOPED_TRACE(moment);
    Pair pair;
    for (int i = 0; i < moment; ++i) pair.Round();
    Thief thief(pair.b, Role::kResponder);
    const uint64_t epoch = *pair.b.epoch();
    int known = 0, later = 0;
    bool first = true;
    while (*pair.b.epoch() < epoch + 4) {
      const Sent to_b = pair.a.Send();
      const bool reads = thief.Reads(to_b);
      ASSERT_EQ(pair.b.Receive(to_b), Code::kOk);
      const Sent to_a = pair.b.Send();
      const bool foretells = thief.Foretells(to_a);
      ASSERT_EQ(pair.a.Receive(to_a), Code::kOk);
      if (std::exchange(first, false)) {
        EXPECT_TRUE(reads && foretells) << "the state is what it says";
      }
      known += (reads ? 1 : 0) + (foretells ? 1 : 0);
      if (*to_b.stamp.message.epoch >= epoch + 2) {
        EXPECT_FALSE(reads);
        ++later;
      }
      if (*to_a.stamp.message.epoch >= epoch + 2) {
        EXPECT_FALSE(foretells);
        ++later;
      }
    }
    EXPECT_GT(known, 1);
    EXPECT_GT(later, 40) << "nothing to know would be known to nobody";
  }
}

}  // namespace
}  // namespace pawl::ratchet::braid
