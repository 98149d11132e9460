#include "store/dedupe.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class DedupeTest : public GatewayTest {};

TEST_F(DedupeTest, AnEnvelopeIsFreshOnce) {
  const auto id = IdOf<EnvelopeId>(1);
  EXPECT_THAT(tx_->dedupe().SeenId(id), IsOkAndHolds(false));
  EXPECT_THAT(tx_->dedupe().Add(id, HashOf(1), now_), IsOkAndHolds(true));
  EXPECT_THAT(tx_->dedupe().Add(id, HashOf(1), now_), IsOkAndHolds(false));
  Reopen();
  EXPECT_THAT(tx_->dedupe().SeenId(id), IsOkAndHolds(true));
  EXPECT_THAT(tx_->dedupe().SeenHash(HashOf(1)), IsOkAndHolds(true));
}

TEST_F(DedupeTest, TheSameBytesUnderAnotherIdAreNotFresh) {
  EXPECT_THAT(tx_->dedupe().Add(IdOf<EnvelopeId>(1), HashOf(1), now_), IsOkAndHolds(true));
  EXPECT_THAT(tx_->dedupe().Add(IdOf<EnvelopeId>(2), HashOf(1), now_), IsOkAndHolds(false));
  EXPECT_THAT(tx_->dedupe().Add(IdOf<EnvelopeId>(1), HashOf(2), now_), IsOkAndHolds(false));
  EXPECT_THAT(tx_->dedupe().SeenId(IdOf<EnvelopeId>(2)), IsOkAndHolds(false));
  EXPECT_THAT(tx_->dedupe().SeenHash(HashOf(2)), IsOkAndHolds(false));
}

TEST_F(DedupeTest, OldOnesArePrunedInBoundedPieces) {
  for (uint8_t n = 0; n < 3; ++n) {
    ASSERT_THAT(tx_->dedupe().Add(IdOf<EnvelopeId>(n), HashOf(n), now_ + Days(n)), IsOk());
  }
  const Timestamp later = now_ + kDedupeLifetime;
  EXPECT_THAT(tx_->dedupe().Prune(later, 9), IsOkAndHolds(0u));
  EXPECT_THAT(tx_->dedupe().Prune(later + Days(2), 1), IsOkAndHolds(1u));
  EXPECT_THAT(tx_->dedupe().Prune(later + Days(2), 9), IsOkAndHolds(1u));
  EXPECT_THAT(tx_->dedupe().SeenId(IdOf<EnvelopeId>(2)), IsOkAndHolds(true));
}

}  // namespace
}  // namespace pawl::store
