#include "client/attachment/layout.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::attachment {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::Eq;

constexpr uint64_t kPlain = crypto::kBlobChunkPlain;

TEST(PaddedFileSize, IsAPowerOfTwoUpTo64KiB) {
  EXPECT_EQ(PaddedFileSize(0), 256u);
  EXPECT_EQ(PaddedFileSize(256), 256u);
  EXPECT_EQ(PaddedFileSize(257), 512u);
  EXPECT_EQ(PaddedFileSize(40'000), 65'536u);
  EXPECT_EQ(PaddedFileSize(65'536), 65'536u);
}

TEST(PaddedFileSize, IsPadmeAbove) {
  // PURBs §4: L = 2^16 + 1: E = 16, S = 5, so 11 low bits are zero.
  EXPECT_EQ(PaddedFileSize(65'537), 65'536u + 2048u);
  EXPECT_EQ(PaddedFileSize(1'000'000), 1'015'808u);
  EXPECT_EQ(PaddedFileSize(uint64_t{2} << 30), uint64_t{2} << 30);
}

TEST(PaddedFileSize, CostsAtMost12PercentAndIsAFixedPoint) {
  for (uint64_t size = 65'537; size < kMaxFileSize; size = size * 5 / 4 + 7) {
    const uint64_t padded = PaddedFileSize(size);
    EXPECT_GE(padded, size);
    EXPECT_LE(padded, size + size * 12 / 100);
    EXPECT_EQ(PaddedFileSize(padded), padded);
  }
}

TEST(Layout, ChunksCoverTheFileAndItsPaddingExactly) {
  for (uint64_t size : {uint64_t{0}, uint64_t{1}, kPlain - 1, kPlain, kPlain + 1, 3 * kPlain,
                        uint64_t{10'000'000}}) {
    SCOPED_TRACE(size);
    PAWL_ASSERT_OK_AND_ASSIGN(const Layout layout, Layout::ForFile(size));
    uint64_t plain = 0, sealed = 0, file = 0;
    for (uint64_t i = 0; i < layout.chunks(); ++i) {
      EXPECT_EQ(Layout::PlainOffset(i), plain);
      EXPECT_EQ(Layout::SealedOffset(i), sealed);
      EXPECT_EQ(layout.IsLast(i) == crypto::LastChunk::kYes, i + 1 == layout.chunks());
      plain += layout.PlainSize(i);
      sealed += layout.SealedSize(i);
      file += layout.FileBytes(i);
    }
    EXPECT_EQ(plain, layout.padded_size());
    EXPECT_EQ(sealed, layout.sealed_size());
    EXPECT_EQ(file, size);
  }
}

TEST(Layout, OnlyOffsetsBetweenChunksCount) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Layout layout, Layout::ForFile(200'000));
  EXPECT_THAT(layout.ChunksBefore(0), IsOkAndHolds(Eq(0u)));
  EXPECT_THAT(layout.ChunksBefore(crypto::kBlobChunkSealed), IsOkAndHolds(Eq(1u)));
  EXPECT_THAT(layout.ChunksBefore(layout.sealed_size()), IsOkAndHolds(Eq(layout.chunks())));
  EXPECT_THAT(layout.ChunksBefore(1), HasCode(Code::kMalformed));
  EXPECT_THAT(layout.ChunksBefore(layout.sealed_size() + 1), HasCode(Code::kMalformed));
  EXPECT_THAT(layout.ChunksBefore(UINT64_MAX), HasCode(Code::kMalformed));
}

TEST(Layout, RefusesSizesThatCouldOverflow) {
  EXPECT_THAT(Layout::ForFile(kMaxFileSize), IsOk());
  EXPECT_THAT(Layout::ForFile(kMaxFileSize + 1), HasCode(Code::kTooLarge));
  EXPECT_THAT(Layout::ForFile(UINT64_MAX), HasCode(Code::kTooLarge));
}

}  // namespace
}  // namespace pawl::attachment
