#include "relay/database_key.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

const std::string kHex =
    "00112233445566778899aabbccddeeff"
    "0123456789ABCDEFfedcba9876543210";

class DatabaseKey : public ::testing::Test {
 protected:
  absl::StatusOr<std::optional<db::Key>> Read(std::string_view contents) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << contents;
    return ReadDatabaseKey(path_);
  }
  void ExpectKey(std::string_view contents, ByteView expected) {
    const auto key = Read(contents);
    ASSERT_THAT(key, IsOk());
    ASSERT_TRUE(*key);
    EXPECT_EQ(ToBytes((*key)->Expose()), ToBytes(expected));
  }
  test::TempDir folder_;
  const std::string path_ = folder_.File("key");
};

TEST_F(DatabaseKey, WithoutAPathThereIsNone) {
  const auto key = ReadDatabaseKey("");
  ASSERT_THAT(key, IsOk());
  EXPECT_FALSE(*key);
}

TEST_F(DatabaseKey, AFileThatCannotBeReadIsNoKey) {
  EXPECT_THAT(ReadDatabaseKey(folder_.File("absent")), HasCode(Code::kIo));
  EXPECT_THAT(ReadDatabaseKey(folder_.path().string()), HasCode(Code::kIo)) << "a folder";
}

TEST_F(DatabaseKey, HexDigitsOfEitherCaseWithOrWithoutALineEnd) {
  const Bytes expected = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
                          0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
                          0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
  ExpectKey(kHex, expected);
  ExpectKey(kHex + "\n", expected);
}

TEST_F(DatabaseKey, BytesAsTheyAreLineEndsAndZerosIncluded) {
  Bytes raw(32);
  for (size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<uint8_t>(i * 37);
  raw[3] = 0;
  raw[31] = '\n';
  ExpectKey(AsText(raw), raw);
}

TEST_F(DatabaseKey, EveryOtherSizeIsRefused) {
  const std::string longer = kHex + kHex;
  for (const size_t size : {0u, 1u, 31u, 33u, 63u, 65u, 66u, 67u, 128u}) {
    EXPECT_THAT(Read(longer.substr(0, size)), HasCode(Code::kInvalidArgument)) << size;
  }
  EXPECT_THAT(Read(kHex + "\n\n"), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Read(kHex + "\r\n"), HasCode(Code::kInvalidArgument));
}

TEST_F(DatabaseKey, OneDigitThatIsNoneSpoilsIt) {
  for (const size_t at : {0u, 1u, 31u, 63u}) {
    for (const char wrong : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xff'}) {
      std::string digits = kHex;
      digits[at] = wrong;
      EXPECT_THAT(Read(digits), HasCode(Code::kInvalidArgument)) << at << wrong;
    }
  }
}

}  // namespace
}  // namespace pawl::relay
