#include "codec/reader.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::codec {
namespace {

using test::FromHex;
using test::HasCode;
using test::IsOk;

TEST(Reader, ReadsIntegersBigEndian) {
  const Bytes bytes = FromHex(
      "01"
      "0203"
      "04050607"
      "08090a0b0c0d0e0f");
  Reader reader(bytes);
  EXPECT_EQ(reader.U8(), 0x01u);
  EXPECT_EQ(reader.U16(), 0x0203u);
  EXPECT_EQ(reader.U32(), 0x04050607u);
  EXPECT_EQ(reader.U64(), 0x08090a0b0c0d0e0fu);
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(Reader, ReadsArraysAndVectors) {
  const Bytes bytes = FromHex(
      "aabb"
      "02cccc"
      "0001dd"
      "00000003eeeeee"
      "01ff"
      "1234");
  Reader reader(bytes);
  EXPECT_EQ(reader.Array<2>(), (ByteArray<2>{0xaa, 0xbb}));
  EXPECT_TRUE(SameBytes(reader.Vector8(), FromHex("cccc")));
  EXPECT_TRUE(SameBytes(reader.Vector16(), FromHex("dd")));
  EXPECT_TRUE(SameBytes(reader.Vector32(3), FromHex("eeeeee")));
  EXPECT_TRUE(SameBytes(reader.VectorV(1), FromHex("ff")));
  EXPECT_EQ(reader.remaining(), 2u);
  EXPECT_TRUE(SameBytes(reader.Rest(), FromHex("1234")));
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(Reader, CopiesExactlyAsManyBytesAsThePlaceHas) {
  const Bytes bytes = {1, 2, 3, 4, 5};
  Reader reader(bytes);
  ByteArray<2> two{};
  ByteArray<3> three{};
  reader.Copy(two);
  reader.Copy({});
  reader.Copy(three);
  EXPECT_EQ(two, (ByteArray<2>{1, 2}));
  EXPECT_EQ(three, (ByteArray<3>{3, 4, 5}));
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(Reader, ACopyThatFailsLeavesThePlaceAsItWas) {
  const Bytes bytes = {1, 2};
  Reader reader(bytes);
  ByteArray<3> three = {7, 8, 9};
  reader.Copy(three);
  ByteArray<1> one = {6};
  reader.Copy(one);  // a byte would be there, but the failure sticks
  EXPECT_EQ(three, (ByteArray<3>{7, 8, 9}));
  EXPECT_EQ(one, (ByteArray<1>{6}));
  EXPECT_THAT(reader.Finish(), HasCode(Code::kMalformed));
}

TEST(Reader, LeftOverBytesAreMalformed) {
  const Bytes bytes = {1, 2};
  Reader reader(bytes);
  reader.U8();
  EXPECT_TRUE(reader.ok());
  EXPECT_THAT(reader.Finish(), HasCode(Code::kMalformed));
}

TEST(Reader, TheFirstFailureSticksAndReadsAsZero) {
  const Bytes bytes = {9, 9, 9};
  Reader reader(bytes);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0u);
  EXPECT_EQ(reader.VarInt(), 0u);
  EXPECT_EQ(reader.Array<2>(), (ByteArray<2>{}));
  EXPECT_TRUE(reader.Fixed(0).empty());
  EXPECT_TRUE(reader.Vector8().empty());
  EXPECT_TRUE(reader.Rest().empty());
  EXPECT_THAT(reader.Finish(), HasCode(Code::kMalformed));
}

TEST(Reader, EveryTruncationFails) {
  const Bytes whole = FromHex(
      "01"
      "0203"
      "02cccc"
      "0001dd"
      "00000002eeee"
      "4040" +
      std::string(128, 'a'));
  const auto parse = [](ByteView bytes) {
    Reader reader(bytes);
    reader.U8();
    reader.U16();
    reader.Vector8();
    reader.Vector16();
    reader.Vector32(2);
    reader.VectorV(64);
    return reader.Finish();
  };
  EXPECT_THAT(parse(whole), IsOk());
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THAT(parse(ByteView(whole).first(length)), HasCode(Code::kMalformed)) << length;
  }
}

TEST(Reader, AVectorLongerThanItsBoundFailsThoughTheBytesAreThere) {
  for (const char* hex : {"03aaaaaa", "0003aaaaaa", "00000003aaaaaa"}) {
    const Bytes bytes = FromHex(hex);
    Reader at_bound(bytes);
    Reader beyond(bytes);
    const size_t prefix = bytes.size() - 3;
    const auto read = [prefix](Reader& reader, size_t max) {
      if (prefix == 1) return reader.Vector8(max);
      if (prefix == 2) return reader.Vector16(max);
      return reader.Vector32(max);
    };
    EXPECT_EQ(read(at_bound, 3).size(), 3u);
    EXPECT_TRUE(at_bound.ok());
    EXPECT_EQ(read(beyond, 2).size(), 0u);
    EXPECT_FALSE(beyond.ok());
  }
}

TEST(Reader, AHugeDeclaredLengthNeitherReadsNorAllocates) {
  const Bytes bytes = FromHex("ffffffff");
  Reader reader(bytes);
  EXPECT_TRUE(reader.Vector32(SIZE_MAX).empty());
  EXPECT_FALSE(reader.ok());
}

struct VarIntCase {
  const char* hex;
  bool valid;
  uint32_t value;
};

TEST(Reader, VarIntTakesOnlyTheShortestForm) {
  const VarIntCase cases[] = {
      {"00", true, 0},
      {"25", true, 37},  // RFC 9000 §A.1
      {"3f", true, 63},
      {"4040", true, 64},
      {"7bbd", true, 15293},  // RFC 9000 §A.1
      {"7fff", true, 16383},
      {"80004000", true, 16384},
      {"9d7f3e7d", true, 494878333},  // RFC 9000 §A.1
      {"bfffffff", true, 1073741823},
      {"4025", false, 0},  // 37 in two bytes
      {"403f", false, 0},
      {"80003fff", false, 0},
      {"80000000", false, 0},
      {"c000000000000000", false, 0},
      {"ff", false, 0},
      {"40", false, 0},
      {"800040", false, 0},
      {"", false, 0},
  };
  for (const VarIntCase& c : cases) {
    const Bytes bytes = FromHex(c.hex);
    Reader reader(bytes);
    EXPECT_EQ(reader.VarInt(), c.value) << c.hex;
    EXPECT_EQ(reader.Finish().ok(), c.valid) << c.hex;
  }
}

}  // namespace
}  // namespace pawl::codec
