#include "relay/core/admission.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"

namespace pawl::relay {
namespace {

using test::kNow;
constexpr PeerNetwork kAlice = {1};
constexpr PeerNetwork kBob = {2};

class Admissions : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), test::IsOk()); }
};

TEST_F(Admissions, APeerHasAtMostItsShare) {
  Admission admission({100, 2, 1});
  EXPECT_TRUE(admission.Admit(kAlice, kNow));
  EXPECT_TRUE(admission.Admit(kAlice, kNow));
  EXPECT_FALSE(admission.Admit(kAlice, kNow));
  EXPECT_TRUE(admission.Admit(kBob, kNow));
  admission.Release(kAlice);
  EXPECT_TRUE(admission.Admit(kAlice, kNow));
  EXPECT_EQ(admission.open(), 3u);
}

TEST_F(Admissions, AllTogetherHaveAtMostTheWhole) {
  Admission admission({2, 100, 1});
  EXPECT_TRUE(admission.Admit(kAlice, kNow));
  EXPECT_TRUE(admission.Admit(kBob, kNow));
  EXPECT_FALSE(admission.Admit(PeerNetwork{3}, kNow));
  admission.Release(kBob);
  EXPECT_TRUE(admission.Admit(PeerNetwork{3}, kNow));
}

TEST_F(Admissions, ConnectingAgainAndAgainIsSlowedDown) {
  Admission admission({10'000, 10'000, 1});
  int admitted = 0;
  while (admission.Admit(kAlice, kNow)) {
    admission.Release(kAlice);
    ++admitted;
  }
  EXPECT_EQ(admitted, static_cast<int>(kConnectBucket.burst));
  EXPECT_TRUE(admission.Admit(kBob, kNow));
  EXPECT_TRUE(admission.Admit(kAlice, kNow + Seconds(1)));
}

TEST_F(Admissions, OnePeerAloneDoesNotFillTheRelay) {
  EXPECT_EQ(Admission::Limits::ShareOf(738), 92u) << "what 1024 descriptors leave";
  EXPECT_EQ(Admission::Limits::ShareOf(1'000'000), kMaxConnectionsPerPeer);
  EXPECT_EQ(Admission::Limits::ShareOf(64), kMinConnectionsPerPeer);
}

TEST_F(Admissions, ReleasingAStrangerChangesNothing) {
  Admission admission({2, 2, 1});
  admission.Release(kAlice);
  EXPECT_EQ(admission.open(), 0u);
}

}  // namespace
}  // namespace pawl::relay
