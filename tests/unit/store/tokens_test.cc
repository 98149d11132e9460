#include "store/tokens.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::SizeIs;

TokenRow Token(uint8_t n, uint32_t period, TokenKind kind = TokenKind::kSmall) {
  return {.serial = TagOf(n), .period = period, .kind = kind, .mac = TokenMac::From(TagOf(n))};
}

class TokensTest : public GatewayTest {
 protected:
  TransferId Upload() { return *tx_->transfers().Insert({}); }
  std::vector<TokenRow> Allotted(TransferId upload) {
    auto rows = tx_->tokens().LoadAllotted(upload);
    EXPECT_THAT(rows, IsOk());
    return *std::move(rows);
  }
  uint32_t Free(TokenKind kind = TokenKind::kSmall) { return *tx_->tokens().CountFree(kind); }
};

TEST_F(TokensTest, EveryFieldComesBackAfterReopening) {
  const TransferId upload = Upload();
  ASSERT_THAT(tx_->tokens().Add(Token(3, 7, TokenKind::kLarge)), IsOk());
  ASSERT_THAT(tx_->tokens().Allot(upload, TokenKind::kLarge, 1), IsOk());
  Reopen();
  const auto rows = Allotted(upload);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].serial, TagOf(3));
  EXPECT_EQ(rows[0].period, 7u);
  EXPECT_EQ(rows[0].kind, TokenKind::kLarge);
  EXPECT_TRUE(rows[0].mac.Equals(TokenMac::From(TagOf(3))));
}

TEST_F(TokensTest, OneIsAllottedOnceTheEarliestPeriodFirst) {
  const TransferId first = Upload(), second = Upload();
  ASSERT_THAT(tx_->tokens().Add(Token(1, 9)), IsOk());
  ASSERT_THAT(tx_->tokens().Add(Token(2, 8)), IsOk());
  ASSERT_THAT(tx_->tokens().Add(Token(3, 8, TokenKind::kLarge)), IsOk());
  ASSERT_THAT(tx_->tokens().Allot(first, TokenKind::kSmall, 1), IsOk());
  ASSERT_THAT(Allotted(first), SizeIs(1));
  EXPECT_EQ(Allotted(first)[0].period, 8u);
  EXPECT_EQ(Free(), 1u);
  EXPECT_THAT(tx_->tokens().Allot(second, TokenKind::kSmall, 2), HasCode(Code::kNotFound));
  EXPECT_THAT(Allotted(second), SizeIs(0)) << "all or nothing";
  ASSERT_THAT(tx_->tokens().Allot(second, TokenKind::kSmall, 1), IsOk());
  EXPECT_EQ(Allotted(second)[0].serial, TagOf(1));
  EXPECT_EQ(Free(), 0u);
  EXPECT_EQ(Free(TokenKind::kLarge), 1u);
}

TEST_F(TokensTest, ASerialIsThereOnce) {
  ASSERT_THAT(tx_->tokens().Add(Token(1, 9)), IsOk());
  EXPECT_THAT(tx_->tokens().Add(Token(1, 9)), HasCode(Code::kAlreadyExists));
  EXPECT_EQ(Free(), 1u);
}

TEST_F(TokensTest, WhatWasAllottedGoesWithItsUploadAndOnlyThat) {
  const TransferId upload = Upload();
  for (uint8_t n = 1; n <= 3; ++n) ASSERT_THAT(tx_->tokens().Add(Token(n, 9)), IsOk());
  ASSERT_THAT(tx_->tokens().Allot(upload, TokenKind::kSmall, 2), IsOk());
  ASSERT_THAT(tx_->transfers().Erase(upload), IsOk());
  EXPECT_THAT(Allotted(upload), SizeIs(0));
  EXPECT_EQ(Free(), 1u);
}

TEST_F(TokensTest, ErasingTheFreeOnesLeavesTheOthers) {
  const TransferId upload = Upload();
  for (uint8_t n = 1; n <= 4; ++n) ASSERT_THAT(tx_->tokens().Add(Token(n, n)), IsOk());
  ASSERT_THAT(tx_->tokens().Allot(upload, TokenKind::kSmall, 1), IsOk());
  ASSERT_THAT(tx_->tokens().EraseFreeBefore(3), IsOk());
  EXPECT_EQ(Free(), 2u);
  ASSERT_THAT(tx_->tokens().EraseFree(), IsOk());
  EXPECT_EQ(Free(), 0u);
  EXPECT_THAT(Allotted(upload), SizeIs(1));
  ASSERT_THAT(tx_->tokens().EraseAllotted(upload), IsOk());
  EXPECT_THAT(Allotted(upload), SizeIs(0));
}

TEST_F(TokensTest, OfThoseOfAnUploadTheOldOnesGo) {
  const TransferId upload = Upload();
  for (uint8_t n = 1; n <= 4; ++n) ASSERT_THAT(tx_->tokens().Add(Token(n, n)), IsOk());
  ASSERT_THAT(tx_->tokens().Allot(upload, TokenKind::kSmall, 3), IsOk());
  ASSERT_THAT(tx_->tokens().EraseAllottedBefore(upload, 3), IsOk());
  ASSERT_THAT(Allotted(upload), SizeIs(1));
  EXPECT_EQ(Free(), 1u);
  ASSERT_THAT(tx_->tokens().EraseAllottedBefore(upload, 9), IsOk());
  EXPECT_EQ(Free(), 1u) << "the free ones stay";
}

}  // namespace
}  // namespace pawl::store
