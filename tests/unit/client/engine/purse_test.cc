#include "client/engine/purse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "client/engine/reducers.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::SizeIs;

constexpr uint64_t kMiB = wire::kSmallToken;
constexpr uint32_t kPeriod = 700;

// A ready account, Steps taken by hand, and the relay's part played with real keys.
class Purse : public ::testing::Test {
 protected:
  Purse() {
    world_.MakeAccount();
    world_.Know(carol_);
  }
  MessageId SendFile(uint8_t n) {
    const MessageId id({n});
    Do([&](Batch& batch) {
      return Reduce(batch, RequestId(n),
                    client::SendFile{.id = id, .to = carol_.local.address.account, .path = "/x"});
    });
    return id;
  }
  void NeedsPay(const MessageId& id, uint64_t size, Code refused = Code::kOk) {
    Do([&](Batch& batch) {
      return Reduce(batch,
                    UploadUnpaid{.message = id, .size = size, .total = size, .refused = refused});
    });
  }
  template <typename What>
  void Do(const What& what) {
    EXPECT_THAT(world_.Step(what), IsOk());
    for (TransferJob& job : world_.effects.transfers) {
      if (auto* pay = std::get_if<PayUpload>(&job)) {
        paid_[pay->message] = Must(wire::ParseTokens(pay->tokens.Expose()));
      }
    }
  }
  bool IsDue(Duty duty) { return world_.state().duties[duty].due; }

  void SayKeys(uint32_t period = kPeriod) {
    Do([&](Batch& batch) {
      return OnTokenKeys(batch, {.period = period,
                                 .until = batch.now + Days(20),
                                 .small = KeyOf(period, false).public_key(),
                                 .large = KeyOf(period, true).public_key()});
    });
  }
  static crypto::VoprfKey KeyOf(uint32_t period, bool large) {
    const ByteArray<2> info{static_cast<uint8_t>(period), static_cast<uint8_t>(large)};
    return Must(crypto::VoprfKey::Derive(ByteArray<32>{7}, info));
  }
  std::optional<TokenRequest> Request() {
    return world_.Read([](auto& tx) { return Must(PendingTokenRequest(tx)); });
  }
  // Answers the request under way; how many it asked for.
  size_t Issue() {
    const auto request = Request();
    EXPECT_TRUE(request.has_value());
    if (!request) return 0;
    const auto key = KeyOf(request->period, request->kind == wire::TokenKind::kLarge);
    Answer(key);
    return request->items.size();
  }
  void Answer(const crypto::VoprfKey& key) {
    const auto request = Request();
    std::vector<crypto::VoprfElement> blinded;
    for (const auto& item : request->items) blinded.push_back(item.blinded.element);
    const auto evaluation = Must(key.Evaluate(blinded, world_.rng));
    Bytes evaluated;
    for (const auto& element : evaluation.elements) {
      evaluated.insert(evaluated.end(), element.begin(), element.end());
    }
    Do([&](Batch& batch) {
      return OnTokensIssued(batch, {.proof = evaluation.proof, .evaluated = evaluated});
    });
  }
  void Refuse(Duty duty, Code code) {
    Do([&](Batch& batch) {
      return OnTokensRefused(batch, DoesDuty{.duty = duty}, {.code = code, .retry_after = {}});
    });
  }
  uint32_t Free(store::TokenKind kind = store::TokenKind::kSmall) {
    return world_.Read([&](auto& tx) { return Must(tx.tokens().CountFree(kind)); });
  }
  // The code with which the file of this message ended; nothing: it has not.
  std::optional<Code> Ended(const MessageId& id) {
    std::optional<Code> code;
    for (const Event& event : world_.Events()) {
      if (event.kind == EventKind::kAttachment && event.message == id) code = event.code;
    }
    return code;
  }

  test::StepWorld world_;
  test::TestDevice carol_{"carol@example.org/1", 7};
  std::map<MessageId, std::vector<wire::Token>> paid_;
};

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

TEST_F(Purse, ReplayedOnesAreDroppedWithTheRestWhichACopyHasToo) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  const auto spent = paid_[id];
  paid_.clear();
  NeedsPay(id, kMiB, Code::kReplayed);
  EXPECT_EQ(Free(), 0u);
  EXPECT_TRUE(paid_.empty());
  SayKeys();
  Issue();
  ASSERT_THAT(paid_[id], SizeIs(1));
  EXPECT_NE(paid_[id], spent);
}

TEST_F(Purse, ExpiredOnesAreDroppedAndThoseOfTheNextPeriodPay) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  paid_.clear();
  NeedsPay(id, kMiB, Code::kExpired);
  EXPECT_EQ(Free(), 0u) << "the others are as old";
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  SayKeys(kPeriod + 1);
  Issue();
  ASSERT_THAT(paid_[id], SizeIs(1));
  EXPECT_EQ(paid_[id][0].period, kPeriod + 1);
}

TEST_F(Purse, ARelayThatTakesNoTokensIsGivenUp) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  for (uint32_t i = 0; i < kMaxRefusedPayments; ++i) {
    SayKeys();
    Issue();
    NeedsPay(id, kMiB, Code::kAuthFailed);
    ASSERT_FALSE(Ended(id)) << i;
  }
  SayKeys();
  Issue();
  NeedsPay(id, kMiB, Code::kAuthFailed);
  EXPECT_EQ(Ended(id), Code::kRelayRefused);
}

TEST_F(Purse, WithoutQuotaItIsAskedForToTheTokenThenTheFileEnds) {
  const MessageId id = SendFile(1);
  NeedsPay(id, 3 * kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  ASSERT_TRUE(Request());
  EXPECT_THAT(Request()->items, SizeIs(3));
  EXPECT_FALSE(Ended(id));
  Refuse(Duty::kIssueTokens, Code::kQuotaExceeded);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
  EXPECT_FALSE(Request());
  EXPECT_FALSE(IsDue(Duty::kIssueTokens));
}

TEST_F(Purse, WithoutQuotaALargeTokenPaysForASmallFile) {
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
  EXPECT_THAT(paid_[small], SizeIs(1));
  EXPECT_FALSE(Ended(small));
}

TEST_F(Purse, WhatPassesIsTriedAgainLaterWithTheSameRequestAndTheAppIsTold) {
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

TEST_F(Purse, AnAnswerOfAnotherKeyIsThrownAwayAndTheKeysAreAskedForAnewWithGrowingPauses) {
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

TEST_F(Purse, APeriodThatIsOverForTheRelayStartsAnew) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Refuse(Duty::kIssueTokens, Code::kExpired);
  EXPECT_FALSE(Request());
  EXPECT_TRUE(IsDue(Duty::kGetTokenKeys));
  SayKeys(kPeriod + 1);
  EXPECT_EQ(Request()->period, kPeriod + 1);
}

TEST_F(Purse, KeysOfALaterPeriodDropWhatCannotBeTakenAnyMore) {
  NeedsPay(SendFile(1), kMiB);
  SayKeys();
  Issue();
  SayKeys(kPeriod + 1);
  EXPECT_EQ(Free(), kStockSmall - 1);
  SayKeys(kPeriod + 2);
  EXPECT_EQ(Free(), 0u);
}

TEST_F(Purse, TheStockIsFilledUpInOneOfTheHoursAndNotBeyond) {
  for (int hour = 0; hour < 100 && Free(store::TokenKind::kLarge) < kStockLarge; ++hour) {
    Do([](Batch& batch) { return RefillPurse(batch); });
    if (IsDue(Duty::kGetTokenKeys)) SayKeys();
    while (Request()) Issue();
  }
  EXPECT_EQ(Free(), kStockSmall);
  EXPECT_EQ(Free(store::TokenKind::kLarge), kStockLarge);
  for (int hour = 0; hour < 50; ++hour) {
    Do([](Batch& batch) { return RefillPurse(batch); });
    EXPECT_FALSE(Request());
  }
}

TEST_F(Purse, NotEveryHourIsOneInWhichItIsFilledUp) {
  int asked = 0;
  for (int hour = 0; hour < 100; ++hour) {
    Do([](Batch& batch) {
      batch.duties[Duty::kGetTokenKeys] = {};
      return RefillPurse(batch);
    });
    asked += IsDue(Duty::kGetTokenKeys) ? 1 : 0;
  }
  EXPECT_GT(asked, 5);
  EXPECT_LT(asked, 60);
}

TEST_F(Purse, AFileThatTheRelayFindsTooLargeThoughItIsPaidEndsAsAboveTheQuota) {
  const MessageId id = SendFile(1);
  NeedsPay(id, kMiB);
  SayKeys();
  Issue();
  NeedsPay(id, kMiB, Code::kQuotaExceeded);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
  EXPECT_EQ(Free(), kStockSmall - 1) << "the others are good";
}

TEST_F(Purse, AFileThatNoTokensCanPayForEndsAsAboveTheQuota) {
  const MessageId id = SendFile(1);
  NeedsPay(id, uint64_t{1} << 40);
  EXPECT_EQ(Ended(id), Code::kQuotaExceeded);
}

}  // namespace
}  // namespace pawl::client
