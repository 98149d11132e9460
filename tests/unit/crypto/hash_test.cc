#include "crypto/hash.h"

#include <gmock/gmock.h>

#include "support/hex.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::Json;
using test::ToHex;

const ByteView kAbc = AsBytes("abc");

TEST(Hash, KnownAnswersForAbc) {
  // FIPS 180-4 and FIPS 202 examples, RFC 7693 with a 32-byte digest.
  EXPECT_EQ(ToHex(Sha256({kAbc})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha512({kAbc})),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(ToHex(Sha3_256({kAbc})),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_EQ(ToHex(Blake2b256({kAbc})),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Hash, PartsAreConcatenated) {
  const Bytes a = {'a'}, bc = {'b', 'c'};
  EXPECT_EQ(Sha256({a, {}, bc}), Sha256({kAbc}));
  EXPECT_EQ(Sha512({a, bc}), Sha512({kAbc}));
  EXPECT_EQ(Sha3_256({a, bc}), Sha3_256({kAbc}));
  EXPECT_EQ(Blake2b256({a, bc}), Blake2b256({kAbc}));
  EXPECT_EQ(HmacSha256(kAbc, {a, bc}), HmacSha256(kAbc, {kAbc}));
  EXPECT_EQ(HmacSha512(kAbc, {a, bc}), HmacSha512(kAbc, {kAbc}));
}

template <typename Hmac>
void RunHmacVectors(const Json& file, const Hmac& hmac, int expected) {
  int run = 0;
  for (const Json& group : file.List("testGroups")) {
    const size_t tag_size = static_cast<size_t>(group.Int("tagSize")) / 8;
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const auto mac = hmac(vector.Hex("key"), vector.Hex("msg"));
      EXPECT_EQ(SameBytes(ByteView(mac).first(tag_size), vector.Hex("tag")),
                vector.Text("result") == "valid");
      ++run;
    }
  }
  EXPECT_EQ(run, expected);
}

TEST(Hmac, WycheproofSha256) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/hmac_sha256_test.json");
  RunHmacVectors(
      file, [](ByteView key, ByteView text) { return HmacSha256(key, {text}); }, 174);
}

TEST(Hmac, WycheproofSha512) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/hmac_sha512_test.json");
  RunHmacVectors(
      file, [](ByteView key, ByteView text) { return HmacSha512(key, {text}); }, 174);
}

TEST(Blake2bStream, PiecesGiveTheHashOfTheWhole) {
  Blake2bStream stream;
  stream.Update(AsBytes("a"));
  Blake2bStream moved = std::move(stream);
  moved.Update(AsBytes("bc"));
  EXPECT_EQ(moved.Finish(), Blake2b256({kAbc}));
}

TEST(Blake2bStream, StartsOverAfterFinish) {
  Blake2bStream stream;
  stream.Update(AsBytes("something else"));
  stream.Finish();
  stream.Update(kAbc);
  EXPECT_EQ(stream.Finish(), Blake2b256({kAbc}));
}

}  // namespace
}  // namespace pawl::crypto
