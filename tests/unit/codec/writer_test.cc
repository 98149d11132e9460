#include "codec/writer.h"

#include <gmock/gmock.h>

#include "codec/reader.h"
#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::codec {
namespace {

using test::FromHex;
using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

TEST(Writer, WritesWhatTheReaderReads) {
  Writer writer;
  writer.U8(1).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0f);
  writer.Raw(FromHex("aabb")).Vector8(FromHex("cc")).Vector16(FromHex("dd"));
  writer.Vector32(FromHex("ee")).VectorV(FromHex("ff")).VarInt(16384);
  EXPECT_THAT(std::move(writer).Finish(), IsOkAndHolds(FromHex("010203040506070809"
                                                               "0a0b0c0d0e0f"
                                                               "aabb"
                                                               "01cc"
                                                               "0001dd"
                                                               "00000001ee"
                                                               "01ff"
                                                               "80004000")));
}

TEST(Writer, VarIntRoundTripsAtEveryBoundary) {
  for (uint32_t value : {0u, 63u, 64u, 16383u, 16384u, (1u << 30) - 1}) {
    Writer writer;
    writer.VarInt(value);
    PAWL_ASSERT_OK_AND_ASSIGN(const Bytes bytes, std::move(writer).Finish());
    Reader reader(bytes);
    EXPECT_EQ(reader.VarInt(), value);
    EXPECT_THAT(reader.Finish(), IsOk()) << value;
  }
}

TEST(Writer, WhatDoesNotFitItsLengthFieldIsAnErrorNotACut) {
  EXPECT_THAT(Writer().Vector8(Bytes(255)).ok(), true);
  EXPECT_THAT(std::move(Writer().Vector8(Bytes(256))).Finish(), HasCode(Code::kTooLarge));
  EXPECT_THAT(Writer().Vector16(Bytes(65535)).ok(), true);
  EXPECT_THAT(std::move(Writer().Vector16(Bytes(65536))).Finish(), HasCode(Code::kTooLarge));
  EXPECT_THAT(std::move(Writer().VarInt(1u << 30)).Finish(), HasCode(Code::kTooLarge));
}

TEST(Writer, AFailureSticks) {
  Writer writer;
  writer.Vector8(Bytes(256)).U8(1);
  EXPECT_FALSE(writer.ok());
  EXPECT_THAT(std::move(writer).Finish(), HasCode(Code::kTooLarge));
}

TEST(FixedWriter, FillsTheCallersMemory) {
  ByteArray<23> out{};
  FixedWriter writer(out);
  writer.U8(1).U16(2).U32(3).U64(4).Raw(FromHex("aa")).Vector8(FromHex("bb"));
  writer.Vector16(FromHex("ccdd"));
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.written(), 22u);
  EXPECT_EQ(test::ToHex(out),
            "01"
            "0002"
            "00000003"
            "0000000000000004"
            "aa"
            "01bb"
            "0002ccdd"
            "00");
}

TEST(FixedWriter, NeverWritesPastTheEnd) {
  ByteArray<4> out{};
  FixedWriter writer(MutableByteView(out).first(3));
  writer.U16(0xffff).U16(0xeeee).U8(0xdd);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.written(), 2u);
  EXPECT_EQ(out, (ByteArray<4>{0xff, 0xff, 0, 0}));
}

TEST(FixedWriter, AVectorLongerThanItsLengthFieldFails) {
  Bytes out(70000);
  EXPECT_FALSE(FixedWriter(out).Vector8(Bytes(256)).ok());
  EXPECT_FALSE(FixedWriter(out).Vector16(Bytes(65536)).ok());
  EXPECT_TRUE(FixedWriter(out).Vector16(Bytes(65535)).ok());
}

}  // namespace
}  // namespace pawl::codec
