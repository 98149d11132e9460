#include "client/engine/purse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "client/engine/setup.h"
#include "client/engine/transfers.h"
#include "support/purse_world.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::SizeIs;

class Purse : public PurseTest {};

TEST_F(Purse, AnUploadThatTheStockDoesNotCoverAsksForKeysThenTokensAndIsPaid) {
  const MessageId id = SendFile(1);
  NeedsPay(id, 3 * kMiB);
  EXPECT_TRUE(paid_.empty());
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  EXPECT_FALSE(IsDue(Duty::kIssueTokens)) << "not before the keys are known";
  SayKeys();
  EXPECT_TRUE(IsDue(Duty::kIssueTokens));
  EXPECT_EQ(Issue(), kStockSmall) << "always so many, whatever is missing";
  ASSERT_THAT(paid_[id], SizeIs(3));
  EXPECT_EQ(Free(), kStockSmall - 3);
  EXPECT_FALSE(IsDue(Duty::kIssueTokens));
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys));
}

TEST_F(Purse, WhatTheStockCoversIsPaidWithoutAWordToTheRelay) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  Issue();
  const MessageId second = SendFile(2);
  NeedsPay(second, 10 * kMiB);
  EXPECT_THAT(paid_[second], SizeIs(10));
  EXPECT_FALSE(Request());
}

TEST_F(Purse, ALargeFileIsPaidWithLargeTokensAndLittleWasted) {
  const MessageId id = SendFile(1);
  NeedsPay(id, 130 * kMiB);
  SayKeys();
  EXPECT_EQ(Request()->kind, wire::TokenKind::kLarge);
  EXPECT_EQ(Issue(), 2u);
  EXPECT_EQ(Request()->kind, wire::TokenKind::kSmall);
  Issue();
  EXPECT_THAT(paid_[id], SizeIs(4));
}

TEST_F(Purse, NoTokenIsGivenToTwoAndWhatOneWasGivenItKeepsAcrossARestart) {
  const MessageId first = SendFile(1), second = SendFile(2);
  NeedsPay(first, 2 * kMiB);
  SayKeys();
  Issue();
  const auto given = paid_[first];
  paid_.clear();
  ASSERT_THAT(world_.Restart(), IsOk());
  NeedsPay(second, 2 * kMiB);
  NeedsPay(first, 2 * kMiB);
  EXPECT_EQ(paid_[first], given);
  for (const wire::Token& token : paid_[second]) {
    EXPECT_EQ(std::count(given.begin(), given.end(), token), 0);
  }
}

TEST_F(Purse, WhatMayHaveBeenShownIsKnownAfterARestartAndNoTraceStaysOfWhatEnded) {
  const MessageId first = SendFile(1), second = SendFile(2);
  NeedsPay(first, 2 * kMiB);
  SayKeys();
  Issue();
  ASSERT_THAT(world_.Restart(), IsOk());
  Do([](Batch& batch) { return RestartTransfers(batch); });
  std::map<MessageId, bool> shown;
  for (const TransferJob& job : world_.effects.transfers) {
    if (const auto* start = std::get_if<StartUpload>(&job)) shown[start->message] = start->shown;
  }
  EXPECT_TRUE(shown.at(first));
  EXPECT_FALSE(shown.at(second));
  Do([&](Batch& batch) -> absl::Status {
    PAWL_TRY(Reduce(batch, TransferFailed{first, Code::kCancelled}));
    EXPECT_TRUE(batch.erased_content);
    return OkStatus();
  });
}

TEST_F(Purse, ARequestOutlivesItsProcessAndIsTheSame) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  const auto before = Request();
  ASSERT_THAT(world_.Restart(), IsOk());
  NeedsPay(id, kMiB);
  EXPECT_TRUE(IsDue(Duty::kIssueTokens));
  EXPECT_EQ(Request()->id, before->id);
  EXPECT_EQ(BlindedElements(*Request()), BlindedElements(*before));
  Issue();
  EXPECT_THAT(paid_[id], SizeIs(1));
}

TEST_F(Purse, OnceItIsBegunTheTokensAreGone) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  Do([&](Batch& batch) { return Reduce(batch, UploadBegun{id}); });
  world_.Read([&](store::Transaction& tx) {
    const auto row = Must(tx.transfers().LoadMessage(id)).at(0).id;
    EXPECT_TRUE(Must(tx.tokens().LoadAllotted(row)).empty());
    EXPECT_TRUE(Must(tx.transfers().Find(row))->begun);
    return 0;
  });
  // The relay has forgotten it: other tokens pay.
  const auto spent = paid_[id];
  NeedsPay(id, kMiB);
  ASSERT_THAT(paid_[id], SizeIs(1));
  EXPECT_NE(paid_[id], spent);
}

TEST_F(Purse, WhatCannotBeTakenAnyMoreIsNoStock) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  Issue();
  world_.clock.Set(wire::EndOf(kPeriod) + wire::kTokenOverlap - Milliseconds(1));
  SayKeys(kPeriod + 1);
  EXPECT_EQ(Free(), kStockSmall - 1) << "for a week they are taken";
  world_.clock.Advance(Milliseconds(1));
  const MessageId second = SendFile(2);
  NeedsPay(second, kMiB);
  EXPECT_FALSE(paid_.contains(second));
  EXPECT_EQ(Free(), 0u);
  Issue();
  ASSERT_THAT(paid_[second], SizeIs(1));
  EXPECT_EQ(paid_[second][0].period, kPeriod + 1);
}

TEST_F(Purse, AClockThatIsAheadOfTheRelaysDropsNothingOfItsPeriod) {
  world_.clock.Set(wire::EndOf(kPeriod) + wire::kTokenOverlap + Days(1));
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  EXPECT_THAT(paid_[id], SizeIs(1));
  EXPECT_EQ(Free(), kStockSmall - 1);
  LetAnHourPass();
  EXPECT_EQ(Free(), kStockSmall - 1);
}

TEST_F(Purse, KeysOfAnotherTimeAreNoKeys) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  TokenKeysRecord late = KeysOf(kPeriod);
  late.until = late.until + Days(1);
  TokenKeysRecord never = KeysOf(kPeriod);
  never.period = UINT32_MAX;
  for (const TokenKeysRecord& keys : {late, never, KeysOf(kPeriod + 2), KeysOf(kPeriod - 2)}) {
    Say(keys);
    EXPECT_FALSE(Request()) << keys.period;
    EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
    EXPECT_EQ(world_.effects.events.back().code, Code::kMalformed);
  }
  SayKeys();
  EXPECT_TRUE(Request());
}

TEST_F(Purse, OtherKeysOfAPeriodOrOfAnEarlierOneAreNotTaken) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  Issue();
  TokenKeysRecord ours = KeysOf(kPeriod);
  ours.small = KeyOf(kPeriod + 9, false).public_key();
  const MessageId second = SendFile(2);
  for (const TokenKeysRecord& keys : {ours, KeysOf(kPeriod - 1)}) {
    NeedsPay(second, 40 * kMiB);
    Say(keys);
    EXPECT_FALSE(Request());
    EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
    EXPECT_EQ(world_.effects.events.back().code, Code::kAuthFailed);
    ASSERT_THAT(world_.Restart(), IsOk()) << "nor later";
  }
  NeedsPay(second, 40 * kMiB);
  SayKeys();
  Issue();
  EXPECT_THAT(paid_[second], SizeIs(40)) << "made with the keys that were there";
}

TEST_F(Purse, TheStockIsFilledUpInOneOfTheHoursAndNotBeyond) {
  LetHoursPass([&] {
    if (IsDue(Duty::kGetTokenKeys)) SayKeys();
    while (Request()) Issue();
    return Free(store::TokenKind::kLarge) == kStockLarge;
  });
  EXPECT_EQ(Free(), kStockSmall);
  for (int hour = 0; hour < 50; ++hour) {
    LetAnHourPass();
    EXPECT_FALSE(Request());
  }
}

TEST_F(Purse, NotEveryHourIsOneInWhichItIsFilledUp) {
  int asked = 0;
  for (int hour = 0; hour < 100; ++hour) {
    Do([](Batch& batch) {
      batch.duties[Duty::kGetTokenKeys] = {};
      return OkStatus();
    });
    LetAnHourPass();
    asked += IsDue(Duty::kGetTokenKeys) ? 1 : 0;
  }
  EXPECT_GT(asked, 5);
  EXPECT_LT(asked, 60);
}

TEST_F(Purse, TheTimeIsDrawnOnceHoweverOftenTheProcessBegins) {
  Do([](Batch& batch) { return RefillPurse(batch); });
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(world_.Restart(), IsOk());
    Do([](Batch& batch) { return RefillPurse(batch); });
    EXPECT_FALSE(IsDue(Duty::kGetTokenKeys));
  }
}

TEST_F(Purse, KeysForTheStockAreUsedInAnHourOfTheirOwn) {
  LetHoursPass([&] { return IsDue(Duty::kGetTokenKeys); });
  SayKeys();
  EXPECT_FALSE(Request()) << "whoever asked for them is who asks now";
  LetHoursPass([&] { return Request().has_value(); });
  Refuse(Duty::kIssueTokens, Code::kExpired);
  EXPECT_FALSE(Request());
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys)) << "nor the other way round";
  LetHoursPass([&] { return IsDue(Duty::kGetTokenKeys); });
}

TEST_F(Purse, TheKeysOfTheNextPeriodAreGotThoughTheStockIsFull) {
  LetHoursPass([&] {
    if (IsDue(Duty::kGetTokenKeys)) SayKeys();
    while (Request()) Issue();
    return Free(store::TokenKind::kLarge) == kStockLarge;
  });
  world_.clock.Set(wire::EndOf(kPeriod) - Hours(1));
  LetHoursPass([&] { return IsDue(Duty::kGetTokenKeys); });
  EXPECT_EQ(Free(), kStockSmall);
}

TEST_F(Purse, TheFirstStockComesSoonButIsNotAskedForRightNow) {
  Do([](Batch& batch) {
    FillPurseFirst(batch);
    return OkStatus();
  });
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  EXPECT_GT(world_.state().duties[Duty::kGetTokenKeys].not_before, world_.clock.Now());
  SayKeys();
  EXPECT_FALSE(Request());
  LetAnHourPass();
  ASSERT_TRUE(Request());
  while (Request()) Issue();
  EXPECT_EQ(Free(), kStockSmall);
  EXPECT_EQ(Free(store::TokenKind::kLarge), kStockLarge);
}

TEST_F(Purse, AnAccountThatBecomesReadyIsToFillIt) {
  Do([](Batch& batch) -> absl::Status {
    PAWL_TRY(SetSetup(batch, Setup::kListed));
    return OnDutyDone(batch, DoesDuty{.duty = Duty::kPutDeliveryKey});
  });
  EXPECT_EQ(world_.state().setup, Setup::kReady);
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  EXPECT_TRUE(world_.state().purse.first);
}

TEST_F(Purse, AFileThatWaitsAsksForKeysAtOnceThoughTheFirstStockIsInNoHurry) {
  Do([](Batch& batch) {
    FillPurseFirst(batch);
    return OkStatus();
  });
  NeedsPay(SendFile(1), kMiB);
  EXPECT_LE(world_.state().duties[Duty::kGetTokenKeys].not_before, world_.clock.Now());
}

TEST_F(Purse, AnUploadThatTheStockPaysDoesNotFillItUp) {
  NeedsPay(SendFile(1), 15 * kMiB);
  SayKeys();
  Issue();
  EXPECT_FALSE(Request()) << "nor one that it does not pay: that alone is asked for";
  const MessageId second = SendFile(2);
  NeedsPay(second, kMiB);
  EXPECT_THAT(paid_[second], SizeIs(1));
  EXPECT_FALSE(Request());
  EXPECT_FALSE(IsDue(Duty::kGetTokenKeys));
}

TEST_F(Purse, ARequestIsRepeatedWhenTheProcessBeginsNotWhenAFileNeedsIt) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_TRUE(IsDue(Duty::kIssueTokens));
}

TEST_F(Purse, AnOlderCopySpendsNothingAndThenBeginsWithAnEmptyPurse) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  Issue();
  world_.state().standing = store::OpenedState::kDiverged;
  const MessageId second = SendFile(2);
  NeedsPay(second, kMiB);
  EXPECT_FALSE(paid_.contains(second)) << "what it has, its lost future has shown";
  NeedsPay(SendFile(3), 40 * kMiB);
  EXPECT_FALSE(Request());
  Do([](Batch& batch) {
    batch.standing = store::OpenedState::kCurrent;
    return EmptyPurse(batch);
  });
  EXPECT_EQ(Free(), 0u);
  EXPECT_TRUE(Request()) << "for the files that wait";
  const auto before = Request()->id;
  Do([](Batch& batch) {
    batch.purse.unpaid.clear();
    return EmptyPurse(batch);
  });
  EXPECT_FALSE(Request()) << "what it brings was shown, too " << before[0];
  EXPECT_FALSE(IsDue(Duty::kIssueTokens));
}

}  // namespace
}  // namespace pawl::client
