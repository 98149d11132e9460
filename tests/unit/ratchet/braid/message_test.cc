#include "ratchet/braid/message.h"

#include <gmock/gmock.h>

#include "pair.h"
#include "support/flip.h"
#include "support/matchers.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;

constexpr size_t kSize = StampSize(kChunkSize);

Bytes Encoded(const Stamp& stamp) {
  Bytes out(kSize);
  EncodeStamp(scheme, stamp, out);
  return out;
}

TEST(Stamp, ComesBackAsItWas) {
  Stamp stamp{7, {Epoch(3), Kind::kEk, 300, {}}};
  std::fill_n(stamp.message.chunk_bytes.begin(), kChunkSize, uint8_t{9});
  PAWL_ASSERT_OK_AND_ASSIGN(const Stamp again, ParseStamp(scheme, Encoded(stamp)));
  EXPECT_EQ(again.key_index, 7u);
  EXPECT_EQ(again.message.epoch, Epoch(3));
  EXPECT_EQ(again.message.kind, Kind::kEk);
  EXPECT_EQ(again.message.index, 300);
  EXPECT_EQ(again.message.chunk_bytes, stamp.message.chunk_bytes);
}

TEST(Stamp, HasOneEncoding) {
  const Bytes bytes = Encoded({7, {Epoch(3), Kind::kCt1Ack, 0, {}}});
  test::ForEachBitFlip(bytes, [](ByteView flipped) {
    const auto parsed = ParseStamp(scheme, flipped);
    if (parsed.ok()) {
      EXPECT_TRUE(SameBytes(Encoded(*parsed), flipped));
    }
  });
}

TEST(Stamp, WhatNoSenderWritesIsMalformed) {
  EXPECT_THAT(ParseStamp(scheme, Encoded({7, {Epoch(0), Kind::kNone, 0, {}}})),
              HasCode(Code::kMalformed));
  EXPECT_THAT(ParseStamp(scheme, Encoded({0, {Epoch(1), Kind::kNone, 0, {}}})),
              HasCode(Code::kMalformed));
  EXPECT_THAT(ParseStamp(scheme, Encoded({7, {Epoch(1), Kind::kNone, 1, {}}})),
              HasCode(Code::kMalformed));
  EXPECT_THAT(ParseStamp(scheme, Encoded({7, {Epoch(1), Kind::kCt1Ack, 0, {1}}})),
              HasCode(Code::kMalformed));
  Bytes unknown = Encoded({7, {Epoch(1), Kind::kNone, 0, {}}});
  unknown[8] = 7;
  EXPECT_THAT(ParseStamp(scheme, unknown), HasCode(Code::kMalformed));
  unknown.pop_back();
  EXPECT_THAT(ParseStamp(scheme, unknown), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::ratchet::braid
