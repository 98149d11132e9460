#include "session/safety_number.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/flip.h"
#include "support/matchers.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;

Party Of(const char* address, uint8_t key) {
  Party party{*identity::Address::Parse(address), {}};
  party.account_key.fill(key);
  return party;
}

class SafetyNumberTest : public testing::Test {
 protected:
  Party alice_ = Of("alice@example.org", 1);
  Party bob_ = Of("bob@example.org", 2);
  SafetyNumber of_alice_ = *MakeSafetyNumber(alice_, bob_);
  SafetyNumber of_bob_ = *MakeSafetyNumber(bob_, alice_);
};

// The formula of FORMAT.md computed by another implementation (Python's hashlib).
TEST_F(SafetyNumberTest, IsTheSameSixtyDigitsOnBothSides) {
  EXPECT_EQ(of_alice_.digits, "122716191166743584208153185629240948236314673918162993936152");
  EXPECT_EQ(of_alice_.digits, of_bob_.digits);
}

TEST_F(SafetyNumberTest, DependsOnAddressAndAccountKeyOfBoth) {
  EXPECT_NE(MakeSafetyNumber(alice_, Of("bob@example.org", 3))->digits, of_alice_.digits);
  EXPECT_NE(MakeSafetyNumber(alice_, Of("bob@example.net", 2))->digits, of_alice_.digits);
  EXPECT_NE(MakeSafetyNumber(Of("alice@example.org", 9), bob_)->digits, of_alice_.digits);
}

TEST_F(SafetyNumberTest, NobodyHasOneWithThemselves) {
  EXPECT_THAT(MakeSafetyNumber(alice_, alice_), HasCode(Code::kInvalidArgument));
}

TEST_F(SafetyNumberTest, ScannedCodeMatchesMirrored) {
  EXPECT_THAT(CompareQr(alice_, bob_, of_bob_.qr), IsOk());
  EXPECT_THAT(CompareQr(bob_, alice_, of_alice_.qr), IsOk());
  // One's own code, or one of other people.
  EXPECT_THAT(CompareQr(alice_, bob_, of_alice_.qr), HasCode(Code::kIdentityChanged));
  const Bytes other = MakeSafetyNumber(Of("bob@example.org", 7), alice_)->qr;
  EXPECT_THAT(CompareQr(alice_, bob_, other), HasCode(Code::kIdentityChanged));
}

TEST_F(SafetyNumberTest, ScannedDamageNeverMatches) {
  test::ForEachDamage(
      of_bob_.qr, [&](ByteView damaged) { EXPECT_FALSE(CompareQr(alice_, bob_, damaged).ok()); });
  Bytes newer = of_bob_.qr;
  newer[0] = 2;
  EXPECT_THAT(CompareQr(alice_, bob_, newer), HasCode(Code::kUnsupportedVersion));
}

}  // namespace
}  // namespace pawl::session
