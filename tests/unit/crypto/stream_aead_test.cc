#include "crypto/stream_aead.h"

#include <gmock/gmock.h>

#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;

class StreamAeadTest : public ::testing::Test {
 protected:
  Bytes Seal(uint64_t index, LastChunk last, const Bytes& plaintext) {
    Bytes sealed(plaintext.size() + kBlobChunkOverhead);
    SealChunk(key_, index, last, plaintext, rng_, sealed);
    return sealed;
  }
  absl::Status Open(uint64_t index, LastChunk last, const Bytes& sealed) {
    opened_.assign(sealed.size() < kBlobChunkOverhead ? 0 : sealed.size() - kBlobChunkOverhead,
                   0xee);
    return OpenChunk(key_, index, last, sealed, opened_);
  }

  test::SeededRng rng_{1};
  const BlobKey key_ = BlobKey::Random(rng_);
  Bytes opened_;
};

TEST_F(StreamAeadTest, OpensEachChunkAtItsPlace) {
  const Bytes full(kBlobChunkPlain, 7), rest = {1, 2, 3};
  EXPECT_THAT(Open(0, LastChunk::kNo, Seal(0, LastChunk::kNo, full)), IsOk());
  EXPECT_EQ(opened_, full);
  EXPECT_THAT(Open(1, LastChunk::kYes, Seal(1, LastChunk::kYes, rest)), IsOk());
  EXPECT_EQ(opened_, rest);
  EXPECT_THAT(Open(0, LastChunk::kYes, Seal(0, LastChunk::kYes, {})), IsOk());
  EXPECT_THAT(Open(9, LastChunk::kYes, Seal(9, LastChunk::kYes, full)), IsOk());
}

// The documented layout, opened with the primitive alone.
TEST_F(StreamAeadTest, IsNonceThenTextThenTagUnderLabelIndexAndFlag) {
  const Bytes plaintext = {1, 2, 3};
  const Bytes sealed = Seal(0x0102, LastChunk::kYes, plaintext);
  Bytes ad = ToBytes(AsBytes("pawl blob v1"));
  ad.insert(ad.end(), {0, 0, 0, 0, 0, 0, 1, 2, 1});
  Bytes opened(3);
  const ByteView bytes(sealed);
  EXPECT_THAT(crypto::Open(Suite::kXChaCha20Poly1305, AeadKey::From(key_.Expose()), bytes.first(24),
                           ad, bytes.subspan(24, 3), bytes.last(16), opened),
              IsOk());
  EXPECT_EQ(opened, plaintext);
}

TEST_F(StreamAeadTest, EveryChunkHasItsOwnNonce) {
  const Bytes plaintext = {1};
  EXPECT_NE(Seal(0, LastChunk::kYes, plaintext), Seal(0, LastChunk::kYes, plaintext));
}

TEST_F(StreamAeadTest, AChunkCannotStandElsewhereNorEndTheBlobEarly) {
  const Bytes full(kBlobChunkPlain, 7);
  const Bytes middle = Seal(3, LastChunk::kNo, full);
  EXPECT_THAT(Open(4, LastChunk::kNo, middle), HasCode(Code::kAuthFailed));
  EXPECT_EQ(opened_, Bytes(kBlobChunkPlain, 0));
  EXPECT_THAT(Open(3, LastChunk::kYes, middle), HasCode(Code::kAuthFailed));
  EXPECT_THAT(Open(3, LastChunk::kNo, Seal(3, LastChunk::kYes, full)), HasCode(Code::kAuthFailed));
}

TEST_F(StreamAeadTest, AnotherKeyFails) {
  const Bytes sealed = Seal(0, LastChunk::kYes, {1, 2, 3});
  Bytes opened(3);
  EXPECT_THAT(OpenChunk(BlobKey::Random(rng_), 0, LastChunk::kYes, sealed, opened),
              HasCode(Code::kAuthFailed));
}

TEST_F(StreamAeadTest, AnyDamageFails) {
  const Bytes sealed = Seal(0, LastChunk::kYes, {1, 2, 3});
  test::ForEachDamage(sealed, [&](const Bytes& bad) {
    const Code code = CodeOf(Open(0, LastChunk::kYes, bad));
    EXPECT_TRUE(code == Code::kAuthFailed || code == Code::kMalformed);
  });
}

TEST_F(StreamAeadTest, SizesThatNoChunkHasAreMalformed) {
  EXPECT_THAT(Open(0, LastChunk::kYes, Bytes(kBlobChunkOverhead - 1)), HasCode(Code::kMalformed));
  EXPECT_THAT(Open(0, LastChunk::kYes, Bytes(kBlobChunkSealed + 1)), HasCode(Code::kMalformed));
  EXPECT_THAT(Open(0, LastChunk::kNo, Bytes(kBlobChunkSealed - 1)), HasCode(Code::kMalformed));
  Bytes wrong_output(2);
  EXPECT_THAT(OpenChunk(key_, 0, LastChunk::kYes, Seal(0, LastChunk::kYes, {1}), wrong_output),
              HasCode(Code::kMalformed));
}

TEST_F(StreamAeadTest, SealingAChunkOfForbiddenSizeGivesZeros) {
  const Bytes short_middle(kBlobChunkPlain - 1, 7);
  EXPECT_EQ(Seal(0, LastChunk::kNo, short_middle), Bytes(kBlobChunkSealed - 1, 0));
  Bytes wrong_output(10, 0xee);
  SealChunk(key_, 0, LastChunk::kYes, Bytes{1}, rng_, wrong_output);
  EXPECT_EQ(wrong_output, Bytes(10, 0));
}

TEST_F(StreamAeadTest, AllocatesNothing) {
  const Bytes plaintext(1000);
  Bytes sealed(plaintext.size() + kBlobChunkOverhead), opened(plaintext.size());
  test::AllocationCounter allocations;
  SealChunk(key_, 0, LastChunk::kYes, plaintext, rng_, sealed);
  const absl::Status status = OpenChunk(key_, 0, LastChunk::kYes, sealed, opened);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_THAT(status, IsOk());
}

TEST(BlobRoot, IsTheHashOfLabelChunkHashesAndCount) {
  const Bytes one = {1}, two = {2, 2};
  BlobRoot root, from_hashes;
  root.AddChunk(one);
  root.AddChunk(two);
  from_hashes.AddChunkHash(Blake2b256({one}));
  from_hashes.AddChunkHash(Blake2b256({two}));
  const Bytes count = {0, 0, 0, 0, 0, 0, 0, 2};
  const Hash32 expected =
      Blake2b256({AsBytes("pawl blob root v1"), Blake2b256({one}), Blake2b256({two}), count});
  EXPECT_EQ(root.Finish(), expected);
  EXPECT_EQ(from_hashes.Finish(), expected);
}

TEST(BlobRoot, OrderAndNumberMatter) {
  const Bytes one = {1}, two = {2, 2};
  BlobRoot a, b, c;
  a.AddChunk(one);
  a.AddChunk(two);
  b.AddChunk(two);
  b.AddChunk(one);
  c.AddChunk(one);
  const Hash32 root = a.Finish();
  EXPECT_NE(root, b.Finish());
  EXPECT_NE(root, c.Finish());
}

}  // namespace
}  // namespace pawl::crypto
