#include "identity/record.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::identity {
namespace {

using test::HasCode;
using test::IsOk;

class RecordTest : public testing::Test {
 protected:
  test::SeededRng rng_{1};
  crypto::Ed25519KeyPair key_ = crypto::Ed25519KeyPair::Generate(rng_);
  Bytes body_ = ToBytes(AsBytes("what is signed"));
  Bytes record_ = *SignRecord(RecordType::kBundle, body_, key_);
};

TEST_F(RecordTest, GivesBackTheBodyThatWasSigned) {
  PAWL_ASSERT_OK_AND_ASSIGN(const ByteView body,
                            VerifyRecord(RecordType::kBundle, record_, key_.pub()));
  EXPECT_EQ(ToBytes(body), body_);
}

TEST_F(RecordTest, DoesNotSurviveAnyDamage) {
  test::ForEachDamage(record_, [&](ByteView damaged) {
    EXPECT_FALSE(VerifyRecord(RecordType::kBundle, damaged, key_.pub()).ok());
  });
}

TEST_F(RecordTest, CannotBeReplayedAsAnotherType) {
  EXPECT_THAT(VerifyRecord(RecordType::kOneTimePair, record_, key_.pub()),
              HasCode(Code::kMalformed));
  Bytes relabelled = record_;
  relabelled[1] = static_cast<uint8_t>(RecordType::kOneTimePair);
  EXPECT_THAT(VerifyRecord(RecordType::kOneTimePair, relabelled, key_.pub()),
              HasCode(Code::kAuthFailed));
}

TEST_F(RecordTest, OfAnotherKeyIsRefused) {
  const auto other = crypto::Ed25519KeyPair::Generate(rng_);
  EXPECT_THAT(VerifyRecord(RecordType::kBundle, record_, other.pub()), HasCode(Code::kAuthFailed));
}

TEST_F(RecordTest, OfAnotherVersionIsRefusedWhateverItsShape) {
  Bytes newer = record_;
  newer[0] = 2;
  EXPECT_THAT(VerifyRecord(RecordType::kBundle, newer, key_.pub()),
              HasCode(Code::kUnsupportedVersion));
  EXPECT_THAT(PeekRecord(RecordType::kBundle, Bytes{2}), HasCode(Code::kUnsupportedVersion));
}

TEST_F(RecordTest, IsBoundedInSize) {
  const size_t overhead = record_.size() - body_.size();
  const Bytes most(kMaxRecordSize - overhead);
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes largest, SignRecord(RecordType::kBundle, most, key_));
  EXPECT_THAT(VerifyRecord(RecordType::kBundle, largest, key_.pub()), IsOk());
  EXPECT_THAT(SignRecord(RecordType::kBundle, Bytes(most.size() + 1), key_),
              HasCode(Code::kTooLarge));
  EXPECT_THAT(SignRecord(RecordType::kBundle, Bytes(70'000), key_), testing::Not(IsOk()));
}

TEST_F(RecordTest, PeekDoesNotCheckTheSignature) {
  Bytes forged = record_;
  forged.back() ^= 1;
  EXPECT_THAT(PeekRecord(RecordType::kBundle, forged), IsOk());
}

TEST(RecordTime, StaysWithinWhatArithmeticCanBear) {
  codec::Writer out;
  WriteTime(out, kLatestTime);
  out.U64(static_cast<uint64_t>(kLatestTime.ms) + 1);
  codec::Reader in(out.view());
  EXPECT_EQ(ReadTime(in), kLatestTime);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(ReadTime(in), Timestamp{0});
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(ClampTime(Timestamp{-1}), Timestamp{0});
  EXPECT_EQ(ClampTime(kNever), kLatestTime);
}

}  // namespace
}  // namespace pawl::identity
