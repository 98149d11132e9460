#include "client/engine/payment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/reducers.h"
#include "client/engine/transfers.h"
#include "support/fake_clock.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::SizeIs;

// One upload, and tokens as if they had been issued.
class Payment : public ::testing::Test {
 protected:
  Payment() {
    world_.MakeAccount();
    world_.Know(carol_);
    Do([&](Batch& batch) {
      return Reduce(batch, RequestId(1),
                    SendFile{.id = id_, .to = carol_.local.address.account, .path = "/x"});
    });
  }
  template <typename What>
  void Do(const What& what) {
    EXPECT_THAT(world_.Step(what), IsOk());
  }
  void Add(size_t count, store::TokenKind kind, uint32_t period = kPeriod) {
    Do([&](Batch& batch) -> absl::Status {
      for (size_t i = 0; i < count; ++i) {
        PAWL_TRY(batch.tx.tokens().Add({.serial = batch.rng.Array<16>(),
                                        .period = period,
                                        .kind = kind,
                                        .mac = store::TokenMac::Zero()}));
      }
      return OkStatus();
    });
  }
  bool TryToPay(uint64_t size, bool used_up = false) {
    bool paid = false;
    Do([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(paid, Pay(batch, id_, {.size = size, .total = size, .used_up = used_up}));
      return OkStatus();
    });
    return paid;
  }
  void Drop(uint64_t size, Code refused) {
    Do([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(const auto row, FindUpload(batch, id_));
      return DropRefused(batch, *row,
                         {.message = id_, .size = size, .total = size, .refused = refused});
    });
  }
  wire::TokenCounts Missing(uint64_t size) {
    wire::TokenCounts missing;
    Do([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(const auto row, FindUpload(batch, id_));
      PAWL_ASSIGN(missing, MissingFor(batch, *row, size));
      return OkStatus();
    });
    return missing;
  }
  std::vector<store::TokenRow> Given() {
    return world_.Read([&](store::Transaction& tx) {
      return Must(tx.tokens().LoadAllotted(Must(tx.transfers().LoadMessage(id_)).at(0).id));
    });
  }
  uint32_t Free(store::TokenKind kind = store::TokenKind::kSmall) {
    return world_.Read([&](auto& tx) { return Must(tx.tokens().CountFree(kind)); });
  }

  static constexpr uint64_t kMiB = wire::kSmallToken;
  static constexpr uint32_t kPeriod = wire::PeriodAt(test::kNow);
  static constexpr auto kSmall = store::TokenKind::kSmall;
  static constexpr auto kLarge = store::TokenKind::kLarge;
  test::StepWorld world_;
  test::TestDevice carol_{"carol@example.org/1", 7};
  const MessageId id_{{1}};
};

TEST_F(Payment, WhatIsThereAndWhatWasGivenIsNotMissing) {
  Add(5, kSmall);
  EXPECT_EQ(Missing(70 * kMiB).large, 1u);
  EXPECT_EQ(Missing(70 * kMiB).small, 1u);
  EXPECT_TRUE(TryToPay(5 * kMiB));
  EXPECT_EQ(Missing(7 * kMiB).small, 2u);
  EXPECT_EQ(Missing(5 * kMiB).small, 0u);
}

TEST_F(Payment, WhatIsTooOldIsNeitherCountedNorKept) {
  Add(2, kSmall, kPeriod - 1);
  Add(1, kSmall, kPeriod + 1);
  Do([](Batch& batch) -> absl::Status {
    PAWL_ASSIGN(const auto stock, Stock(batch));
    EXPECT_EQ(stock.small, 1u);
    return OkStatus();
  });
  EXPECT_EQ(Free(), 1u);
}

// A relay takes none that the upload does not need.
TEST_F(Payment, WhereOnlyALargeOneIsLeftItPaysAlone) {
  Add(3, kSmall);
  EXPECT_TRUE(TryToPay(3 * kMiB));
  Add(1, kLarge);
  EXPECT_FALSE(TryToPay(5 * kMiB)) << "62 MiB would be wasted";
  EXPECT_THAT(Given(), SizeIs(3));
  EXPECT_TRUE(TryToPay(5 * kMiB, true));
  ASSERT_THAT(Given(), SizeIs(1));
  EXPECT_EQ(Given()[0].kind, kLarge);
}

TEST_F(Payment, WhatIsExpiredIsReplacedBesideWhatIsNot) {
  Add(60, kSmall, kPeriod);
  Add(63, kLarge, kPeriod - 1);
  world_.clock.Set(wire::EndOf(kPeriod - 1));
  const uint64_t size = 63 * wire::kLargeToken + 60 * kMiB;
  ASSERT_TRUE(TryToPay(size));
  ASSERT_THAT(Given(), SizeIs(123));
  world_.clock.Set(wire::EndOf(kPeriod - 1) + wire::kTokenOverlap);
  Drop(size, Code::kExpired);
  EXPECT_THAT(Given(), SizeIs(60));
  EXPECT_EQ(Missing(size).large, 63u);
  Add(63, kLarge, kPeriod);
  ASSERT_TRUE(TryToPay(size));
  EXPECT_THAT(Given(), SizeIs(123));
}

TEST_F(Payment, NoMoreThanAFrameHoldsAreGiven) {
  Add(63, kSmall, kPeriod);
  Add(1, kLarge, kPeriod - 1);
  world_.clock.Set(wire::EndOf(kPeriod - 1));
  const uint64_t size = wire::kLargeToken + 63 * kMiB;
  ASSERT_TRUE(TryToPay(size));
  world_.clock.Set(wire::EndOf(kPeriod - 1) + wire::kTokenOverlap);
  Drop(size, Code::kExpired);
  Add(64, kSmall, kPeriod);
  EXPECT_TRUE(TryToPay(size));
  EXPECT_THAT(Given(), SizeIs(127));
}

TEST_F(Payment, WhatOthersSpendIsNoStockFromTheSecondRefusalOn) {
  Add(9, kSmall);
  ASSERT_TRUE(TryToPay(kMiB));
  Drop(kMiB, Code::kReplayed);
  EXPECT_THAT(Given(), SizeIs(0));
  EXPECT_EQ(Free(), 8u);
  Do([&](Batch& batch) -> absl::Status {
    PAWL_ASSIGN(const auto row, FindUpload(batch, id_));
    return batch.tx.transfers().SetAttempts(row->id, 1);
  });
  ASSERT_TRUE(TryToPay(kMiB));
  Drop(kMiB, Code::kReplayed);
  EXPECT_EQ(Free(), 0u);
  EXPECT_FALSE(world_.state().purse.renew_keys);
}

TEST_F(Payment, WhatWasNotIssuedWithTheKeysIsNoStockAndTheKeysAreDoubted) {
  Add(9, kSmall);
  ASSERT_TRUE(TryToPay(kMiB));
  Drop(kMiB, Code::kAuthFailed);
  EXPECT_EQ(Free(), 0u);
  EXPECT_TRUE(world_.state().purse.renew_keys);
}

}  // namespace
}  // namespace pawl::client
