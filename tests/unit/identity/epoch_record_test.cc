#include "identity/epoch_record.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::identity {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

class EpochRecordTest : public testing::Test {
 protected:
  test::SeededRng rng_{3};
  crypto::Ed25519KeyPair key_ = crypto::Ed25519KeyPair::Generate(rng_);
  EpochRecord epoch_{*DeviceAddress::Parse("alice@example.org/2"), DeviceEpoch(5),
                     crypto::X25519KeyPair::Generate(rng_).pub};
  Bytes record_ = *epoch_.Sign(key_);
};

TEST_F(EpochRecordTest, ParsesAsItWasSigned) {
  EXPECT_THAT(EpochRecord::Parse(record_, key_.pub()), IsOkAndHolds(epoch_));
  EXPECT_THAT(EpochRecord::Peek(record_), IsOkAndHolds(epoch_));
}

TEST_F(EpochRecordTest, DoesNotSurviveAnyDamage) {
  test::ForEachDamage(record_, [&](ByteView damaged) {
    EXPECT_FALSE(EpochRecord::Parse(damaged, key_.pub()).ok());
  });
}

TEST_F(EpochRecordTest, EpochsStartAtOne) {
  epoch_.epoch = DeviceEpoch(0);
  EXPECT_THAT(epoch_.Sign(key_), HasCode(Code::kInvalidArgument));
}

TEST_F(EpochRecordTest, IdentityKeyMustBeCanonical) {
  epoch_.identity_key.fill(0xFF);
  EXPECT_THAT(epoch_.Sign(key_), HasCode(Code::kInvalidArgument));
}

TEST_F(EpochRecordTest, LongestAddressStaysWithinTheBound) {
  const auto account = *Address::Create(std::string(64, 'n'), std::string(253, 'd'));
  epoch_.device = {account, DeviceId(4294967295)};
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes record, epoch_.Sign(key_));
  EXPECT_EQ(record.size(), kMaxEpochRecordSize);
  EXPECT_THAT(EpochRecord::Parse(record, key_.pub()), IsOk());
}

}  // namespace
}  // namespace pawl::identity
