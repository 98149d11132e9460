#include "capi/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/matchers.h"

namespace pawl::capi {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::Eq;

TEST(BytesIn, NullIsFineOnlyWhenEmpty) {
  EXPECT_THAT(BytesIn(nullptr, 0), IsOk());
  EXPECT_THAT(BytesIn(nullptr, 1), HasCode(Code::kInvalidArgument));
  const uint8_t byte = 1;
  EXPECT_THAT(BytesIn(&byte, 1), IsOk());
  EXPECT_THAT(ExactBytesIn(&byte, 1, 32), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(ExactBytesIn(nullptr, 32, 32), HasCode(Code::kInvalidArgument));
}

TEST(TextIn, TakesUtf8OfBoundedLength) {
  EXPECT_THAT(TextIn("h\xC3\xA9 \xF0\x9F\x90\x82", 100), IsOk());
  EXPECT_THAT(TextIn(nullptr, 100), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(TextIn("", 100), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(TextIn("abc", 3), IsOkAndHolds(Eq("abc")));
  EXPECT_THAT(TextIn("abcd", 3), HasCode(Code::kTooLarge));
  EXPECT_THAT(OptionalTextIn(nullptr, 3), IsOkAndHolds(Eq("")));
}

TEST(TextIn, RefusesWhatIsNoUtf8) {
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xFF", "a\xC3"}) {
    EXPECT_THAT(TextIn(bad, 100), HasCode(Code::kInvalidArgument)) << testing::PrintToString(bad);
  }
}

TEST(BytesOut, TooSmallChangesNothingButTheLength) {
  uint8_t out[4] = {9, 9, 9, 9};
  size_t length = 0;
  EXPECT_THAT(BytesOut(AsBytes("abcde"), out, 4, &length), HasCode(Code::kBufferTooSmall));
  EXPECT_EQ(length, 5u);
  for (uint8_t byte : out) EXPECT_EQ(byte, 9);
  EXPECT_THAT(BytesOut(AsBytes("abc"), out, 4, &length), IsOk());
  EXPECT_EQ(length, 3u);
  EXPECT_EQ(out[3], 9);
  EXPECT_THAT(BytesOut(AsBytes("abc"), nullptr, 0, &length), HasCode(Code::kBufferTooSmall));
  EXPECT_THAT(BytesOut(AsBytes("abc"), nullptr, 3, &length), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(BytesOut(AsBytes("abc"), out, 4, nullptr), HasCode(Code::kInvalidArgument));
}

TEST(TextOut, CountsTheNul) {
  char out[4];
  size_t length = 0;
  EXPECT_THAT(TextOut("abcd", out, 4, &length), HasCode(Code::kBufferTooSmall));
  EXPECT_EQ(length, 5u);
  EXPECT_THAT(TextOut("abc", out, 4, &length), IsOk());
  EXPECT_EQ(length, 4u);
  EXPECT_STREQ(out, "abc");
}

struct Known {
  uint32_t struct_size;
  uint32_t first;
  uint64_t second;
  uint64_t later;  // not in the first release
};
constexpr size_t kBaseline = offsetof(Known, second) + sizeof(uint64_t);

TEST(StructIn, AnOlderCallersFieldsCountTheOthersAreZero) {
  Known in{.struct_size = kBaseline, .first = 1, .second = 2, .later = 99};
  PAWL_ASSERT_OK_AND_ASSIGN(const Known out, StructIn(&in, kBaseline));
  EXPECT_EQ(out.first, 1u);
  EXPECT_EQ(out.second, 2u);
  EXPECT_EQ(out.later, 0u);
  EXPECT_EQ(out.struct_size, sizeof(Known));
}

TEST(StructIn, ANewerCallerMayKnowMoreButNotAskForIt) {
  struct Newer {
    Known known;
    uint64_t unknown;
  };
  Newer in{.known = {.struct_size = sizeof(Newer), .first = 1, .second = 2, .later = 3},
           .unknown = 0};
  PAWL_ASSERT_OK_AND_ASSIGN(const Known out, StructIn(&in.known, kBaseline));
  EXPECT_EQ(out.later, 3u);
  in.unknown = 1;
  EXPECT_THAT(StructIn(&in.known, kBaseline), HasCode(Code::kInvalidArgument));
}

TEST(StructIn, RefusesSizesThatAreNobodys) {
  Known in{};
  for (uint32_t size : {0u, 1u, 4u, static_cast<uint32_t>(kBaseline) - 8, 20u, 100'000u}) {
    in.struct_size = size;
    EXPECT_THAT(StructIn(&in, kBaseline), HasCode(Code::kInvalidArgument)) << size;
  }
  EXPECT_THAT(StructIn<Known>(nullptr, kBaseline), HasCode(Code::kInvalidArgument));
}

TEST(StructOut, WritesNoFurtherThanTheCallersVersion) {
  Known out{.struct_size = kBaseline, .first = 0, .second = 0, .later = 99};
  const Known value{.struct_size = 0, .first = 1, .second = 2, .later = 3};
  ASSERT_THAT(StructOut(value, &out, kBaseline), IsOk());
  EXPECT_EQ(out.struct_size, kBaseline);
  EXPECT_EQ(out.second, 2u);
  EXPECT_EQ(out.later, 99u);
  out.struct_size = kBaseline - 8;
  EXPECT_THAT(StructOut(value, &out, kBaseline), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::capi
