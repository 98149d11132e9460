#include "crypto/mlkem.h"

#include <sodium.h>

namespace pawl::crypto {

static_assert(crypto_kem_mlkem768_PUBLICKEYBYTES == kMlKemPublicSize);
static_assert(crypto_kem_mlkem768_CIPHERTEXTBYTES == kMlKemCiphertextSize);
static_assert(crypto_kem_mlkem768_SECRETKEYBYTES == MlKemPrivate::kSize);
static_assert(crypto_kem_mlkem768_SEEDBYTES == MlKemSeed::kSize);
static_assert(crypto_kem_mlkem768_SHAREDSECRETBYTES == SharedSecret::kSize);

namespace {

constexpr size_t kCoinSize = 32;  // m of FIPS 203 §6.2

using Coin = Secret<struct MlKemCoinTag, kCoinSize>;

}  // namespace

MlKemKeyPair MlKemKeyPair::FromSeed(const MlKemSeed& seed) {
  MlKemKeyPair pair{MlKemPrivate::Zero(), {}};
  crypto_kem_mlkem768_seed_keypair(pair.pub.data(), pair.secret.Writable().data(),
                                   seed.Expose().data());
  return pair;
}

absl::StatusOr<MlKemEncapsulation> MlKemEncapsulate(const MlKemPublic& key, Rng& rng) {
  return MlKemEncapsulateDeterministic(key, Coin::Random(rng).Expose());
}

absl::StatusOr<MlKemEncapsulation> MlKemEncapsulateDeterministic(const MlKemPublic& key,
                                                                 ByteView m) {
  if (m.size() != kCoinSize) return Fail(Code::kInvalidArgument, "m must be 32 bytes");
  MlKemEncapsulation out{{}, SharedSecret::Zero()};
  if (crypto_kem_mlkem768_enc_deterministic(out.ciphertext.data(), out.shared.Writable().data(),
                                            key.data(), m.data()) != 0) {
    return Fail(Code::kInvalidKey, "ML-KEM encapsulation key fails the modulus check");
  }
  return out;
}

SharedSecret MlKemDecapsulate(const MlKemPrivate& key, const MlKemCiphertext& ciphertext) {
  SharedSecret shared = SharedSecret::Zero();
  // libsodium always returns 0, for FIPS 203 §7.3 rejects implicitly. Were that to change, nobody
  // would know the secret.
  if (crypto_kem_mlkem768_dec(shared.Writable().data(), ciphertext.data(), key.Expose().data()) !=
      0) {
    randombytes_buf(shared.Writable().data(), SharedSecret::kSize);
  }
  return shared;
}

}  // namespace pawl::crypto
