#include "crypto/x25519.h"

#include <gmock/gmock.h>

#include "support/counting_allocator.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::crypto {
namespace {

using test::ArrayOf;
using test::HasCode;
using test::IsOk;
using test::Json;

bool HasFlag(const Json& vector, std::string_view flag) {
  for (const Json& item : vector.List("flags")) {
    if (item.AsText() == flag) return true;
  }
  return false;
}

// "acceptable" in these vectors: points of small order and on the twist, non-canonical encodings.
// What gives a shared secret of zero must be refused; all else agrees. IsCanonicalX25519 knows the
// encodings.
TEST(X25519, Wycheproof) {
  PAWL_VECTORS_OR_SKIP(file, "wycheproof/x25519_test.json");
  int agreed = 0, refused = 0, non_canonical = 0;
  for (const Json& group : file.List("testGroups")) {
    for (const Json& vector : group.List("tests")) {
      SCOPED_TRACE(vector.Int("tcId"));
      const X25519Public peer = ArrayOf<32>(vector.Hex("public"));
      const auto secret = X25519Private::From(ArrayOf<32>(vector.Hex("private")));
      const Bytes expected = vector.Hex("shared");
      const absl::StatusOr<SharedSecret> shared = X25519(secret, peer);
      if (expected == Bytes(32, 0)) {
        ++refused;
        EXPECT_THAT(shared, HasCode(Code::kInvalidKey));
      } else {
        ++agreed;
        ASSERT_THAT(shared, IsOk());
        EXPECT_TRUE(SameBytes(shared->Expose(), expected));
      }
      if (HasFlag(vector, "NonCanonicalPublic")) {
        ++non_canonical;
        EXPECT_FALSE(IsCanonicalX25519(peer));
      }
    }
  }
  EXPECT_EQ(agreed + refused, 518);
  EXPECT_GT(refused, 20);
  EXPECT_GT(non_canonical, 10);
}

TEST(X25519, BothSidesAgree) {
  test::SeededRng rng(1);
  const X25519KeyPair alice = X25519KeyPair::Generate(rng);
  const X25519KeyPair bob = X25519KeyPair::Generate(rng);
  PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret ab, X25519(alice.secret, bob.pub));
  PAWL_ASSERT_OK_AND_ASSIGN(const SharedSecret ba, X25519(bob.secret, alice.pub));
  EXPECT_TRUE(ab.Equals(ba));
  EXPECT_EQ(alice.Clone().pub, alice.pub);
  EXPECT_TRUE(alice.Clone().secret.Equals(alice.secret));
}

TEST(X25519, CanonicalEncodingsEndAtP) {
  X25519Public p;  // 2^255 - 19, little-endian
  p.fill(0xff);
  p[0] = 0xed;
  p[31] = 0x7f;
  EXPECT_FALSE(IsCanonicalX25519(p));
  X25519Public below = p;
  below[0] = 0xec;
  EXPECT_TRUE(IsCanonicalX25519(below));
  X25519Public middle = p;
  middle[17] = 0xfe;
  EXPECT_TRUE(IsCanonicalX25519(middle));
  X25519Public highest = p;
  highest[0] = 0xff;
  EXPECT_FALSE(IsCanonicalX25519(highest));
  X25519Public top_bit{};
  top_bit[31] = 0x80;
  EXPECT_FALSE(IsCanonicalX25519(top_bit));
  EXPECT_TRUE(IsCanonicalX25519(X25519Public{}));
}

TEST(X25519, AllocatesNothing) {
  test::SeededRng rng(1);
  const X25519KeyPair alice = X25519KeyPair::Generate(rng);
  const X25519KeyPair bob = X25519KeyPair::Generate(rng);
  test::AllocationCounter allocations;
  const absl::StatusOr<SharedSecret> shared = X25519(alice.secret, bob.pub);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_THAT(shared, IsOk());
}

}  // namespace
}  // namespace pawl::crypto
