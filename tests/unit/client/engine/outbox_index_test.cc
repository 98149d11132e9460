#include "client/engine/outbox_index.h"

#include <gtest/gtest.h>

namespace pawl::client {
namespace {

constexpr size_t kWindow = 3;
constexpr Timestamp kThen{1000};

class OutboxIndexTest : public ::testing::Test {
 protected:
  void Add(int64_t id, Timestamp not_before = Timestamp{0}) {
    index_.Add(bob_, {.id = store::OutboxId(id), .not_before = not_before});
  }
  // What the pump does: the ids that leave now.
  std::vector<int64_t> Leave(Timestamp now = kThen) {
    std::vector<int64_t> left;
    auto found = index_.queues().find(bob_);
    if (found == index_.queues().end()) return left;
    DeviceQueue& queue = found->second;
    while (OutboxItem* item = queue.Next(now, kWindow)) {
      item->call = ++calls_;
      ++queue.on_the_way;
      ++queue.unanswered;
      left.push_back(*item->id);
    }
    return left;
  }
  void Taken(int64_t id) {
    index_.Answer({.to = bob_, .id = store::OutboxId(id), .taken = true, .blocked_until = {}});
  }
  void Refused(int64_t id, Timestamp until) {
    index_.Answer({.to = bob_, .id = store::OutboxId(id), .taken = false, .blocked_until = until});
  }
  using Ids = std::vector<int64_t>;

  const identity::DeviceAddress bob_ = *identity::DeviceAddress::Parse("bob@example.org/1");
  OutboxIndex index_;
  uint64_t calls_ = 0;
};

TEST_F(OutboxIndexTest, LeavesInOrderWithinTheWindow) {
  for (int id = 1; id <= 5; ++id) Add(id);
  EXPECT_EQ(Leave(), (Ids{1, 2, 3}));
  EXPECT_EQ(Leave(), Ids{});
  Taken(1);
  EXPECT_EQ(Leave(), Ids{4});
  Taken(3);  // answers may overtake each other
  Taken(2);
  EXPECT_EQ(Leave(), Ids{5});
  Taken(4);
  Taken(5);
  EXPECT_EQ(index_.size(), 0u);
  EXPECT_EQ(index_.Find(bob_), nullptr);
}

TEST_F(OutboxIndexTest, AfterARefusalNothingLeavesUntilAllIsAnsweredAndTheTimeHasCome) {
  for (int id = 1; id <= 4; ++id) Add(id);
  EXPECT_EQ(Leave(), (Ids{1, 2, 3}));
  Refused(1, Timestamp{5000});
  EXPECT_EQ(Leave(), Ids{}) << "2 and 3 are not answered";
  Refused(2, Timestamp{4000});
  Refused(3, Timestamp{4000});
  EXPECT_EQ(Leave(), Ids{}) << "the relay said later";
  EXPECT_EQ(index_.Find(bob_)->NextTime(kWindow), Timestamp{5000});
  EXPECT_EQ(Leave(Timestamp{5000}), (Ids{1, 2, 3}));
  EXPECT_EQ(index_.Find(bob_)->items.front().attempts, 1u);
}

TEST_F(OutboxIndexTest, WhatWasTakenBehindARefusalDoesNotLeaveAgain) {
  for (int id = 1; id <= 3; ++id) Add(id);
  EXPECT_EQ(Leave(), (Ids{1, 2, 3}));
  Refused(1, kThen);
  Taken(2);
  Taken(3);
  EXPECT_EQ(Leave(), Ids{1});
}

TEST_F(OutboxIndexTest, ALostConnectionStartsOverFromTheFront) {
  for (int id = 1; id <= 4; ++id) Add(id);
  EXPECT_EQ(Leave(), (Ids{1, 2, 3}));
  Taken(1);
  index_.ForgetCalls();
  EXPECT_EQ(Leave(), (Ids{2, 3, 4}));
}

TEST_F(OutboxIndexTest, OneThatWaitsHoldsBackWhatIsBehindIt) {
  Add(1, Timestamp{2000});
  Add(2);
  EXPECT_EQ(Leave(), Ids{});
  EXPECT_EQ(index_.Find(bob_)->NextTime(kWindow), Timestamp{2000});
  EXPECT_EQ(Leave(Timestamp{2000}), (Ids{1, 2}));
}

TEST_F(OutboxIndexTest, AnswersToWhatIsGoneChangeNothing) {
  Taken(7);
  Add(1);
  Taken(7);
  Refused(7, Timestamp{9000});
  EXPECT_EQ(Leave(), Ids{1});
  index_.Erase(bob_);
  EXPECT_EQ(index_.size(), 0u);
  Taken(1);
}

TEST_F(OutboxIndexTest, UnblockingLetsAQueueGoOnAtOnce) {
  Add(1);
  EXPECT_EQ(Leave(), Ids{1});
  Refused(1, Timestamp{9000});
  EXPECT_EQ(Leave(), Ids{});
  index_.Unblock(bob_);
  EXPECT_EQ(Leave(), Ids{1});
}

}  // namespace
}  // namespace pawl::client
