#include "crypto/password.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::crypto {
namespace {

using test::HasCode;
using test::IsOk;

constexpr Argon2Params kLeast = {kArgon2FloorMib, 1};
const ByteArray<16> kSalt = {'s', 'o', 'm', 'e', 's', 'a', 'l', 't',
                             's', 'o', 'm', 'e', 's', 'a', 'l', 't'};

TEST(Argon2id, EveryInputMatters) {
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey key, Argon2id("correct horse", kSalt, kLeast));
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey same, Argon2id("correct horse", kSalt, kLeast));
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey other, Argon2id("correct horsf", kSalt, kLeast));
  ByteArray<16> salt = kSalt;
  salt[15] ^= 1;
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey salted, Argon2id("correct horse", salt, kLeast));
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey slower,
                            Argon2id("correct horse", kSalt, {kArgon2FloorMib, 2}));
  PAWL_ASSERT_OK_AND_ASSIGN(const AeadKey larger,
                            Argon2id("correct horse", kSalt, {kArgon2FloorMib + 1, 1}));
  EXPECT_TRUE(key.Equals(same));
  EXPECT_FALSE(key.Equals(other));
  EXPECT_FALSE(key.Equals(salted));
  EXPECT_FALSE(key.Equals(slower));
  EXPECT_FALSE(key.Equals(larger));
}

TEST(Argon2id, ParametersOutsideTheBoundsAreRefused) {
  for (const Argon2Params& params :
       {Argon2Params{kArgon2FloorMib - 1, 3}, Argon2Params{kArgon2CapMib + 1, 3},
        Argon2Params{kArgon2FloorMib, 0}, Argon2Params{kArgon2FloorMib, 17},
        Argon2Params{UINT32_MAX, UINT32_MAX}}) {
    EXPECT_THAT(Argon2id("x", kSalt, params), HasCode(Code::kInvalidArgument));
  }
}

TEST(Argon2id, APassphraseMayBeEmptyAndHasABound) {
  EXPECT_THAT(Argon2id("", kSalt, kLeast), IsOk());
  EXPECT_THAT(Argon2id(std::string(kMaxPassphrase, 'x'), kSalt, kLeast), IsOk());
  EXPECT_THAT(Argon2id(std::string(kMaxPassphrase + 1, 'x'), kSalt, kLeast),
              HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::crypto
