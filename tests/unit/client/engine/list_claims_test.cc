#include "client/engine/list_claims.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace pawl::client {
namespace {

using test::kNow;

const identity::Address kBob = *identity::Address::Parse("bob@example.org");
const identity::Address kEve = *identity::Address::Parse("eve@example.org");

ByteArray<16> HashOf(uint8_t n) { return {n}; }

TEST(ListClaims, EachClaimantHasItsOwnWord) {
  ListClaims claims;
  claims.Note(kEve, kBob, {UINT32_MAX, HashOf(1)});
  EXPECT_EQ(claims.Find(kBob, kBob), nullptr);
  claims.Note(kBob, kBob, {2, HashOf(2)});
  EXPECT_EQ(claims.Find(kBob, kBob)->version, 2u);
  EXPECT_EQ(claims.Find(kEve, kBob)->version, UINT32_MAX);
}

TEST(ListClaims, TheFirstHintsAreFollowedAtOnceAndAllLaterOnesTogether) {
  ListClaims claims;
  Timestamp now = kNow;
  for (int i = 0; i < ListClaims::kLooksAtOnce; ++i, now = now + Seconds(1)) {
    EXPECT_EQ(claims.NextLook(kBob, now), now) << i;
    EXPECT_EQ(claims.NextLook(kBob, now), now) << "the same moment is the same look";
  }
  for (int i = 0; i < 100; ++i, now = now + Seconds(1)) {
    EXPECT_EQ(claims.NextLook(kBob, now), kNow + ListClaims::kLookInterval);
  }
  EXPECT_EQ(claims.NextLook(kEve, now), now) << "of another account";
  now = kNow + ListClaims::kLookInterval;
  EXPECT_EQ(claims.NextLook(kBob, now), now);
}

TEST(ListClaims, AClockThatWasSetBackDoesNotEndLooking) {
  ListClaims claims;
  for (int i = 0; i <= ListClaims::kLooksAtOnce; ++i) claims.NextLook(kBob, kNow + Seconds(i));
  const Timestamp back = kNow - Days(30);
  EXPECT_EQ(claims.NextLook(kBob, back), back);
}

TEST(ListClaims, AThingIsToldOnceAndOnlySoManyInADay) {
  ListClaims claims;
  const auto tell = [&](uint8_t hash, Timestamp now, ListWarning warning = ListWarning::kForked) {
    return claims.MayTell(kBob, EventKind::kDeviceListWarning, warning, HashOf(hash), now);
  };
  EXPECT_TRUE(tell(1, kNow));
  EXPECT_FALSE(tell(1, kNow + Hours(30)));
  EXPECT_TRUE(tell(1, kNow, ListWarning::kFrozen)) << "another kind";
  uint8_t hash = 2;
  while (hash <= ListClaims::kTellingsADay) EXPECT_TRUE(tell(hash++, kNow));
  EXPECT_FALSE(tell(hash, kNow + Hours(1)));
  EXPECT_TRUE(tell(hash, kNow + Days(1)));
}

TEST(ListClaims, AKeyThatWasTurnedDownIsRememberedForItsAccountAlone) {
  ListClaims claims;
  claims.TurnDown(kBob, {1});
  EXPECT_TRUE(claims.IsTurnedDown(kBob, {1}));
  EXPECT_FALSE(claims.IsTurnedDown(kBob, {2}));
  EXPECT_FALSE(claims.IsTurnedDown(kEve, {1}));
}

}  // namespace
}  // namespace pawl::client
