#include "crypto/nonce_watch.h"

#include <gtest/gtest.h>

#include <vector>

#include "crypto/aead.h"
#include "crypto/init.h"
#include "support/matchers.h"

namespace pawl::crypto {
namespace {

std::vector<Bytes>* watched = nullptr;

TEST(NonceWatch, SeesKeyAndNonceOfEverySealWhereItIsCompiledIn) {
  ASSERT_THAT(Init(), IsOk());
  std::vector<Bytes> seen;
  watched = &seen;
#ifdef PAWL_SIM_HOOKS
  SetNonceWatch([](ByteView key, ByteView nonce) {
    watched->push_back(ToBytes(key));
    watched->push_back(ToBytes(nonce));
  });
#endif
  ByteArray<32> key_bytes;
  key_bytes.fill(7);
  const ByteArray<24> nonce{1, 2, 3};
  ByteArray<4> text{};
  ByteArray<16> tag;
  SealInPlace(Suite::kXChaCha20Poly1305, AeadKey::From(key_bytes), nonce, {}, text, tag);
#ifdef PAWL_SIM_HOOKS
  SetNonceWatch(nullptr);
  SealInPlace(Suite::kXChaCha20Poly1305, AeadKey::From(key_bytes), nonce, {}, text, tag);
  EXPECT_EQ(seen, (std::vector<Bytes>{ToBytes(key_bytes), ToBytes(nonce)}));
#else
  EXPECT_TRUE(seen.empty());
#endif
}

}  // namespace
}  // namespace pawl::crypto
