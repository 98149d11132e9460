#include "crypto/kdf.h"

#include <gmock/gmock.h>

#include "support/counting_allocator.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::FromHex;
using test::HasCode;
using test::IsOk;
using test::Json;
using test::ToHex;

template <typename Hkdf>
void RunHkdfVectors(const Json& file, const Hkdf& hkdf, int expected) {
  int run = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      Bytes out(static_cast<size_t>(vector.Int("size")));
      const absl::Status status =
          hkdf(vector.Hex("salt"), vector.Hex("ikm"), vector.Hex("info"), out);
      if (vector.Text("result") == "valid") {
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(out, vector.Hex("okm"));
      } else {  // longer than 255 hashes
        EXPECT_THAT(status, HasCode(Code::kInvalidArgument));
      }
      ++run;
    }
  }
  EXPECT_EQ(run, expected);
}

TEST(Hkdf, WycheproofSha256) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/hkdf_sha256_test.json");
  RunHkdfVectors(file, HkdfSha256, 86);
}

TEST(Hkdf, WycheproofSha512) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/hkdf_sha512_test.json");
  RunHkdfVectors(file, HkdfSha512, 83);
}

TEST(Hkdf, ExtractThenExpandIsTheWholeAndPartsAreConcatenated) {
  const Bytes salt = {1, 2}, ikm = {3, 4, 5}, info = {6};
  Bytes whole(50), steps(50);
  EXPECT_THAT(HkdfSha256(salt, ikm, info, whole), IsOk());
  const Bytes first = {3}, rest = {4, 5};
  EXPECT_THAT(HkdfSha256Expand(HkdfSha256Extract(salt, {first, rest}), info, steps), IsOk());
  EXPECT_EQ(steps, whole);
  EXPECT_TRUE(HkdfSha256Extract(salt, ikm).Equals(HkdfSha256Extract(salt, {first, rest})));
}

TEST(Hkdf, TheLongestOutputIs255Hashes) {
  Bytes longest(255 * 32), too_long(255 * 32 + 1);
  EXPECT_THAT(HkdfSha256({}, {}, {}, longest), IsOk());
  EXPECT_THAT(HkdfSha256({}, {}, {}, too_long), HasCode(Code::kInvalidArgument));
  Bytes longest512(255 * 64), too_long512(255 * 64 + 1);
  EXPECT_THAT(HkdfSha512({}, {}, {}, longest512), IsOk());
  EXPECT_THAT(HkdfSha512({}, {}, {}, too_long512), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(HkdfSha256({}, {}, {}, {}), IsOk());
  EXPECT_THAT(HkdfSha512({}, {}, {}, {}), IsOk());
}

// The first and a longer entry of blake2b-kat.txt (the reference implementation's keyed answers).
TEST(Blake2bKeyed, KnownAnswers) {
  Bytes key(64);
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  Bytes out(64);
  Blake2bKeyed(key, {}, out);
  EXPECT_EQ(ToHex(out),
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
            "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568");
  Blake2bKeyed(key, {Bytes{0}, Bytes{1}, Bytes{2}}, out);
  EXPECT_EQ(ToHex(out),
            "33d0825dddf7ada99b0e7e307104ad07ca9cfd9692214f1561356315e784f3e5"
            "a17e364ae9dbb14cb2036df932b77f4b292761365fb328de7afdc6d8998f5fc1");
}

TEST(Blake2bKeyed, TheOutputLengthIsPartOfTheHash) {
  const Bytes key(32, 1);
  Bytes short_out(32), long_out(64);
  Blake2bKeyed(key, {}, short_out);
  Blake2bKeyed(key, {}, long_out);
  EXPECT_NE(short_out, Bytes(long_out.begin(), long_out.begin() + 32));
}

TEST(Blake2bKeyed, SizesOutOfBoundsGiveAKeyThatNobodyHas) {
  for (const auto& [key_size, out_size] :
       {std::pair<size_t, size_t>{15, 32}, {65, 32}, {0, 32}, {32, 15}, {32, 65}}) {
    Bytes first(out_size), second(out_size);
    Blake2bKeyed(Bytes(key_size, 7), {}, first);
    Blake2bKeyed(Bytes(key_size, 7), {}, second);
    EXPECT_NE(first, second) << key_size << " " << out_size;
    EXPECT_NE(first, Bytes(out_size, 0));
  }
  Bytes smallest(16);
  Blake2bKeyed(Bytes(16, 7), {}, smallest);
  Bytes again(16);
  Blake2bKeyed(Bytes(16, 7), {}, again);
  EXPECT_EQ(smallest, again);
  Blake2bKeyed(Bytes(32), {}, {});
}

TEST(Blake2bKeyed, AllocatesNothing) {
  const ByteArray<32> key{};
  ByteArray<64> out;
  test::AllocationCounter allocations;
  Blake2bKeyed(key, {key, out}, out);
  EXPECT_EQ(allocations.count(), 0u);
}

}  // namespace
}  // namespace pawl::crypto
