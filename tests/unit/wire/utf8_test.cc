#include "wire/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::wire {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, AcceptsTheFirstAndLastCharacterOfEachLength) {
  for (std::string_view text :
       {"\x00"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv,
        "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv}) {
    EXPECT_TRUE(IsUtf8(text));
    EXPECT_TRUE(IsUtf8("a" + std::string(text) + "b"));
  }
  EXPECT_TRUE(IsUtf8(""));
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
  for (std::string_view text : {
           "\x80"sv,              // continuation without a lead
           "\xC0\x80"sv,          // overlong
           "\xC1\xBF"sv,          // overlong
           "\xE0\x9F\xBF"sv,      // overlong
           "\xF0\x8F\xBF\xBF"sv,  // overlong
           "\xED\xA0\x80"sv,      // surrogate
           "\xF4\x90\x80\x80"sv,  // above U+10FFFF
           "\xF5\x80\x80\x80"sv,  // above U+10FFFF
           "\xFF"sv,
           "\xC3"sv,           // cut short
           "\xE2\x82"sv,       // cut short
           "\xF0\x9F\x98"sv,   // cut short
           "\xC3("sv,          // second byte is not a continuation
           "\xE2\x82("sv,      // third byte is not
           "\xF0\x9F\x98("sv,  // fourth byte is not
       }) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_FALSE(IsUtf8("a" + std::string(text)));
  }
}

}  // namespace
}  // namespace pawl::wire
