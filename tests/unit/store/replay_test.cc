#include "store/replay.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::SizeIs;

class ReplayTest : public GatewayTest {};

TEST_F(ReplayTest, OneHandshakeIsAcceptedOnce) {
  EXPECT_THAT(tx_->replay().Seen(HashOf(1)), IsOkAndHolds(false));
  ASSERT_THAT(tx_->replay().Add({3, HashOf(1)}), IsOk());
  EXPECT_THAT(tx_->replay().Add({3, HashOf(1)}), HasCode(Code::kReplayed));
  EXPECT_THAT(tx_->replay().Add({4, HashOf(1)}), HasCode(Code::kReplayed));
  Reopen();
  EXPECT_THAT(tx_->replay().Seen(HashOf(1)), IsOkAndHolds(true));
  EXPECT_THAT(tx_->replay().Add({3, HashOf(1)}), HasCode(Code::kReplayed));
}

TEST_F(ReplayTest, AreCountedByKey) {
  ASSERT_THAT(tx_->replay().Add({3, HashOf(1)}), IsOk());
  ASSERT_THAT(tx_->replay().Add({3, HashOf(2)}), IsOk());
  ASSERT_THAT(tx_->replay().Add({4, HashOf(3)}), IsOk());
  EXPECT_THAT(tx_->replay().Count(3), IsOkAndHolds(2u));
  EXPECT_THAT(tx_->replay().Count(5), IsOkAndHolds(0u));
  EXPECT_THAT(tx_->replay().LoadAll(), IsOkAndHolds(SizeIs(3)));
}

}  // namespace
}  // namespace pawl::store
