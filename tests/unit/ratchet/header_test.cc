#include "ratchet/header.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet {
namespace {

using test::HasCode;
using test::IsOk;

class HeaderTest : public testing::Test {
 protected:
  HeaderTest() {
    header_.context.fill(0x5A);
    SealHeader(key_, salt_, ad_, header_, sealed_);
  }

  test::SeededRng rng_{1};
  HeaderKey key_ = HeaderKey::Random(rng_);
  Salt salt_ = rng_.Array<kSaltSize>();
  Bytes ad_ = ToBytes(AsBytes("associated"));
  Header header_{crypto::X25519KeyPair::Generate(rng_).pub,
                 70'000,
                 3,
                 kFlagResumed,
                 {},
                 braid::Stamp{9, {braid::Epoch(4), braid::Kind::kEk, 300, {7}}}};
  ByteArray<kSealedHeaderSize> sealed_{};
};

TEST_F(HeaderTest, OpensAsItWasSealed) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Header opened, OpenHeader(key_, salt_, ad_, sealed_));
  EXPECT_EQ(opened.ratchet_key, header_.ratchet_key);
  EXPECT_EQ(opened.n, header_.n);
  EXPECT_EQ(opened.pn, header_.pn);
  EXPECT_EQ(opened.flags, header_.flags);
  EXPECT_EQ(opened.context, header_.context);
  EXPECT_EQ(opened.stamp.key_index, 9u);
  EXPECT_EQ(opened.stamp.message.chunk_bytes, header_.stamp.message.chunk_bytes);
}

TEST_F(HeaderTest, DoesNotSurviveAFlippedBit) {
  test::ForEachBitFlip(sealed_, [&](ByteView damaged) {
    EXPECT_THAT(OpenHeader(key_, salt_, ad_, damaged.first<kSealedHeaderSize>()),
                HasCode(Code::kAuthFailed));
  });
}

TEST_F(HeaderTest, IsBoundToKeySaltAndAssociatedData) {
  EXPECT_THAT(OpenHeader(HeaderKey::Random(rng_), salt_, ad_, sealed_), HasCode(Code::kAuthFailed));
  EXPECT_THAT(OpenHeader(key_, rng_.Array<kSaltSize>(), ad_, sealed_), HasCode(Code::kAuthFailed));
  EXPECT_THAT(OpenHeader(key_, salt_, {}, sealed_), HasCode(Code::kAuthFailed));
}

class HeaderParseTest : public HeaderTest {
 protected:
  HeaderParseTest() { header_.Encode(plain_); }
  ByteArray<kHeaderSize> plain_{};
};

TEST_F(HeaderParseTest, UnknownFlagsAreRefused) {
  EXPECT_THAT(Header::Parse(plain_), IsOk());
  plain_[40] = 2;
  EXPECT_THAT(Header::Parse(plain_), HasCode(Code::kMalformed));
}

TEST_F(HeaderParseTest, AStampThatNoSenderWritesIsRefused) {
  std::fill_n(plain_.begin() + 41 + kContextSize, 4, uint8_t{0});
  EXPECT_THAT(Header::Parse(plain_), HasCode(Code::kMalformed)) << "there is no epoch 0";
}

TEST_F(HeaderParseTest, RatchetKeyMustBeCanonical) {
  std::fill_n(plain_.begin(), 32, uint8_t{0xFF});
  EXPECT_THAT(Header::Parse(plain_), HasCode(Code::kMalformed));
}

TEST_F(HeaderParseTest, EveryHeaderHasOneEncoding) {
  test::ForEachBitFlip(plain_, [&](ByteView damaged) {
    const auto header = Header::Parse(damaged.first<kHeaderSize>());
    if (!header.ok()) return;
    ByteArray<kHeaderSize> again;
    header->Encode(again);
    EXPECT_EQ(ToBytes(again), ToBytes(damaged));
  });
}

}  // namespace
}  // namespace pawl::ratchet
