#include "client/engine/purse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/purse_world.h"

namespace pawl::client {
namespace {

using ::testing::SizeIs;

class PurseRefusals : public PurseTest {
 protected:
  // The request that ended in the last Step; null: none did.
  const Event* Completed() const {
    for (const Event& event : world_.effects.events) {
      if (event.kind == EventKind::kCompleted) return &event;
    }
    return nullptr;
  }
};

TEST_F(PurseRefusals, AFirstReplayMayBeOurOwnASecondIsACopysWhichHasTheRestToo) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  const auto spent = paid_[id];
  NeedsPay(id, kMiB, Code::kReplayed);
  EXPECT_EQ(Free(), kStockSmall - 2) << "begun, and forgotten before we heard of it";
  ASSERT_THAT(paid_[id], SizeIs(1));
  EXPECT_NE(paid_[id], spent);
  paid_.clear();
  NeedsPay(id, kMiB, Code::kReplayed);
  EXPECT_EQ(Free(), 0u);
  EXPECT_TRUE(paid_.empty());
  WaitForReview();
  Issue();
  EXPECT_THAT(paid_[id], SizeIs(1));
}

TEST_F(PurseRefusals, OnlyWhatIsExpiredGoesAndTheRestIsToppedUp) {
  const MessageId first = SendFile(1);
  NeedsPay(first, 14 * kMiB);
  SayKeys();
  Issue();
  Do([&](Batch& batch) { return Reduce(batch, UploadBegun{first}); });
  world_.clock.Set(wire::EndOf(kPeriod) + Days(1));
  const MessageId second = SendFile(2);
  NeedsPay(second, 3 * kMiB);
  SayKeys(kPeriod + 1);
  Issue();
  const auto mixed = paid_[second];
  const auto is_fresh = [](const wire::Token& token) { return token.period == kPeriod + 1; };
  ASSERT_EQ(std::count_if(mixed.begin(), mixed.end(), is_fresh), 1) << "the old ones first";
  world_.clock.Set(wire::EndOf(kPeriod) + wire::kTokenOverlap);
  NeedsPay(second, 3 * kMiB, Code::kExpired);
  const auto paid = paid_[second];
  ASSERT_THAT(paid, SizeIs(3));
  EXPECT_EQ(std::count_if(paid.begin(), paid.end(), is_fresh), 3);
  const auto kept = *std::find_if(mixed.begin(), mixed.end(), is_fresh);
  EXPECT_EQ(std::count(paid.begin(), paid.end(), kept), 1) << "it was shown, and pays for no other";
  EXPECT_EQ(Free(), kStockSmall - 3);
}

TEST_F(PurseRefusals, ThatTokensAreExpiredIsNotBelievedAgainstTheClock) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  paid_.clear();
  NeedsPay(id, kMiB, Code::kExpired);
  EXPECT_EQ(Free(), 0u) << "the relay's keys are other ones, whatever it says";
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys)) << "not at once";
  WaitForReview();
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
}

TEST_F(PurseRefusals, AfterARefusedPaymentNothingIsAskedForAWhileAndNotOnThatConnection) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  world_.state().anonymous_up = true;
  NeedsPay(id, kMiB, Code::kAuthFailed);
  EXPECT_TRUE(world_.effects.renew_anonymous);
  EXPECT_FALSE(world_.state().anonymous_up);
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys));
  EXPECT_FALSE(Request());
  ASSERT_FALSE(world_.effects.events.empty());
  EXPECT_EQ(world_.effects.events.back().code, Code::kAuthFailed);
  const Timestamp then = NextPump(world_.state());
  EXPECT_EQ(world_.effects.events.back().retry_at, then);
  EXPECT_GT(then, world_.clock.Now());
  EXPECT_LE(then, world_.clock.Now() + Hours(1));
  // Nor for another file, nor for the stock.
  NeedsPay(SendFile(2), kMiB);
  world_.state().purse.first = true;
  Do([](Batch& batch) { return RefillPurse(batch); });
  EXPECT_FALSE(Request());
  Do([](Batch& batch) { return ReviewPurse(batch); });
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys));
  WaitForReview();
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  EXPECT_EQ(NextPump(world_.state()), kNever) << "it is over, and wakes nobody any more";
}

TEST_F(PurseRefusals, ARelayThatTakesNoTokensIsGivenUp) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  for (uint32_t i = 0; i < kMaxRefusedPayments; ++i) {
    SayKeys();
    Issue();
    NeedsPay(id, kMiB, Code::kAuthFailed);
    ASSERT_FALSE(Ended(id)) << i;
    WaitForReview();
  }
  SayKeys();
  Issue();
  NeedsPay(id, kMiB, Code::kAuthFailed);
  EXPECT_EQ(Ended(id), Code::kRelayRefused);
}

TEST_F(PurseRefusals, ARelayThatForgetsWhatWasPaidIsGivenUp) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  for (uint32_t i = 0; i < kMaxRefusedPayments; ++i) {
    Do([&](Batch& batch) { return Reduce(batch, UploadBegun{id}); });
    NeedsPay(id, kMiB);
    ASSERT_FALSE(Ended(id)) << i;
    NeedsPay(id, kMiB);
    ASSERT_FALSE(Ended(id)) << "that it is asked for again is no refusal " << i;
  }
  Do([&](Batch& batch) { return Reduce(batch, UploadBegun{id}); });
  NeedsPay(id, kMiB);
  EXPECT_EQ(Ended(id), Code::kRelayRefused);
}

TEST_F(PurseRefusals, WithoutQuotaItIsAskedForToTheTokenThenTheFileEnds) {
  const MessageId id = SendFile(1);
  NeedsPay(id, 3 * kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  ASSERT_TRUE(Request());
  EXPECT_THAT(Request()->items, SizeIs(3));
  EXPECT_FALSE(Ended(id));
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
  ASSERT_TRUE(Completed());
  EXPECT_EQ(Completed()->code, Code::kQuotaExceeded);
  EXPECT_EQ(Completed()->retry_at, wire::EndOf(kPeriod)) << "there is another one then";
  EXPECT_FALSE(Request());
  EXPECT_FALSE(IsDue(Duty::kIssueTokens));
}

TEST_F(PurseRefusals, WithoutQuotaALargeTokenPaysForASmallFile) {
  const MessageId large = SendFile(1);
  NeedsPay(large, 64 * kMiB);
  SayKeys();
  Issue();
  Do([&](Batch& batch) { return Reduce(batch, TransferFailed{large, Code::kCancelled}); });
  EXPECT_EQ(Free(store::TokenKind::kLarge), 0u) << "it may have been shown";
  const MessageId small = SendFile(2);
  Do([&](Batch& batch) -> absl::Status {
    return batch.tx.tokens().Add({.serial = {9},
                                  .period = kPeriod,
                                  .kind = store::TokenKind::kLarge,
                                  .mac = store::TokenMac::Zero()});
  });
  NeedsPay(small, 3 * kMiB);
  EXPECT_FALSE(paid_.contains(small)) << "61 MiB would be wasted";
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  EXPECT_FALSE(paid_.contains(small)) << "3 MiB may be left";
  EXPECT_THAT(Request()->items, SizeIs(3));
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  EXPECT_THAT(paid_[small], SizeIs(1));
  EXPECT_FALSE(Ended(small));
}

TEST_F(PurseRefusals, WithoutQuotaTheFileEndsThatWasAskedForAndOthersAreAskedFor) {
  const MessageId second = SendFile(2), first = SendFile(1);
  NeedsPay(second, 5 * kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  ASSERT_THAT(Request()->items, SizeIs(5));
  NeedsPay(first, 2 * kMiB);
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  EXPECT_EQ(Ended(second), Code::kQuotaExceeded);
  EXPECT_FALSE(Ended(first));
  ASSERT_TRUE(Request());
  EXPECT_THAT(Request()->items, SizeIs(2));
  Issue();
  EXPECT_THAT(paid_[first], SizeIs(2));
}

TEST_F(PurseRefusals, AnotherPeriodsQuotaIsAskedForRoundedUpAgain) {
  const MessageId id = SendFile(1);
  NeedsPay(id, 3 * kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  ASSERT_THAT(Request()->items, SizeIs(3));
  Refuse(Duty::kIssueTokens, Code::kExpired);
  world_.clock.Set(wire::EndOf(kPeriod));
  SayKeys(kPeriod + 1);
  EXPECT_THAT(Request()->items, SizeIs(kStockSmall));
}

TEST_F(PurseRefusals, WhatPassesIsTriedAgainLaterWithTheSameRequestAndTheAppIsTold) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  const auto before = Request();
  Refuse(Duty::kIssueTokens, Code::kRateLimited);
  ASSERT_FALSE(world_.effects.events.empty());
  EXPECT_EQ(world_.effects.events.back().kind, EventKind::kProgress);
  EXPECT_EQ(world_.effects.events.back().code, Code::kRateLimited);
  EXPECT_EQ(world_.effects.events.back().total, kMiB);
  EXPECT_GE(world_.state().duties[Duty::kIssueTokens].not_before, world_.clock.Now());
  EXPECT_EQ(Request()->id, before->id);
}

TEST_F(PurseRefusals, AnAnswerOfAnotherKeyIsThrownAwayAndTheKeysAreAskedForAnewWithGrowingPauses) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  for (uint32_t i = 1; i <= 3; ++i) {
    SayKeys();
    Answer(KeyOf(kPeriod, true));
    EXPECT_FALSE(paid_.contains(id));
    EXPECT_EQ(Free(), 0u);
    EXPECT_FALSE(Request());
    EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
    EXPECT_EQ(world_.state().duties[Duty::kGetTokenKeys].attempts, i);
  }
}

TEST_F(PurseRefusals, APeriodThatIsOverForTheRelayStartsAnew) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kExpired);
  EXPECT_FALSE(Request());
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  SayKeys(kPeriod + 1);
  EXPECT_EQ(Request()->period, kPeriod + 1);
}

TEST_F(PurseRefusals, AFileThatTheRelayFindsTooLargeThoughItIsPaidEndsAsAboveTheQuota) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  NeedsPay(id, kMiB, Code::kQuotaExceeded);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
  ASSERT_TRUE(Completed());
  EXPECT_EQ(Completed()->retry_at, Timestamp{}) << "no waiting makes it smaller";
  EXPECT_EQ(Free(), kStockSmall - 1) << "the others are good";
}

TEST_F(PurseRefusals, AFileThatNoTokensCanPayForEndsAsAboveTheQuota) {
  const MessageId id = SendFile(1);
  NeedsPay(id, uint64_t{1} << 40);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
}

}  // namespace
}  // namespace pawl::client
