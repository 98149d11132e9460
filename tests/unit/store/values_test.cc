#include "store/values.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class ValuesTest : public GatewayTest {};

TEST_F(ValuesTest, AreKeptReplacedAndErased) {
  EXPECT_THAT(tx_->values().GetInt("a"), IsOkAndHolds(std::nullopt));
  ASSERT_THAT(tx_->values().Put("a", AsBytes("one")), IsOk());
  ASSERT_THAT(tx_->values().Put("a", AsBytes("two")), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto value, tx_->values().Get("a"));
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(TextOf(*value), "two");
  ASSERT_THAT(tx_->values().Erase("a"), IsOk());
  EXPECT_FALSE(tx_->values().Get("a")->has_value());
}

TEST_F(ValuesTest, NumbersKeepTheirSign) {
  for (const int64_t number : {int64_t{0}, int64_t{-1}, INT64_MAX, INT64_MIN}) {
    ASSERT_THAT(tx_->values().PutInt("n", number), IsOk());
    EXPECT_THAT(tx_->values().GetInt("n"), IsOkAndHolds(number));
  }
}

TEST_F(ValuesTest, AreBoundedAndNotMistakenForNumbers) {
  EXPECT_THAT(tx_->values().Put("big", Bytes(64 * 1024)), IsOk());
  EXPECT_THAT(tx_->values().Put("big", Bytes(64 * 1024 + 1)), HasCode(Code::kTooLarge));
  EXPECT_THAT(tx_->values().GetInt("big"), HasCode(Code::kCorrupt));
}

}  // namespace
}  // namespace pawl::store
