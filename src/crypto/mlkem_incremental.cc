#include "crypto/mlkem_incremental.h"

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/mlkem_compress.h"
#include "crypto/mlkem_ring.h"
#include "crypto/mlkem_sampling.h"

namespace pawl::crypto {

static_assert(kMlKemVectorSize == mlkem::kVectorSize);
static_assert(kMlKemCiphertext1Size == mlkem::kEncodedUSize * mlkem::kK);
static_assert(kMlKemCiphertext2Size == mlkem::kEncodedVSize);

namespace {

using mlkem::EncryptionRandomness;
using mlkem::kK;

constexpr size_t kRhoSize = 32;

std::span<const uint8_t, 32> RhoIn(const MlKemHeader& header) {
  return std::span(header).first<kRhoSize>();
}
std::span<const uint8_t, 32> HashIn(const MlKemHeader& header) {
  return std::span(header).last<sizeof(Hash32)>();
}
std::span<const uint8_t, 32> RandomnessIn(const MlKemEncapsulationState& state) {
  return state.Expose().first<MlKemRandomness::kSize>();
}

MlKemHeader HeaderIn(const MlKemEncapsulationState& state) {
  MlKemHeader header;
  std::ranges::copy(state.Expose().last<kMlKemHeaderSize>(), header.begin());
  return header;
}

// FIPS 203, Algorithm 17, line 1: (K, r) = G(m || H(ek)), G being SHA3-512.
struct Derived {
  SharedSecret shared;
  EncryptionRandomness r;
};

Derived Derive(std::span<const uint8_t, 32> m, std::span<const uint8_t, 32> hash) {
  auto output = Secret<struct MlKemGOutputTag, 64>::Zero();
  crypto_hash_sha3512_state state;
  crypto_hash_sha3512_init(&state);
  crypto_hash_sha3512_update(&state, m.data(), m.size());
  crypto_hash_sha3512_update(&state, hash.data(), hash.size());
  crypto_hash_sha3512_final(&state, output.Writable().data());
  sodium_memzero(&state, sizeof state);
  return {SharedSecret::From(output.Expose().first<32>()),
          EncryptionRandomness::From(output.Expose().last<32>())};
}

// FIPS 203, Algorithm 14 (K-PKE.Encrypt), lines 9 to 12 and 18: y, as its NTT. Its nonces are 0 to
// 2, those of e1 are 3 to 5, that of e2 is 6.
constexpr uint8_t kNonceOfY = 0, kNonceOfE1 = kK, kNonceOfE2 = 2 * kK;

mlkem::TqFactorVector SampleY(const EncryptionRandomness& r) {
  const auto sample = [&r](uint8_t n) {
    return mlkem::TqFactor(Ntt(SamplePolyCbd(r, static_cast<uint8_t>(kNonceOfY + n))));
  };
  return {sample(0), sample(1), sample(2)};
}

// Lines 4 to 8, 13 to 16, 19 and 22: c1, the compressed u = NTT^-1(A^T * y) + e1.
MlKemCiphertext1 EncryptU(std::span<const uint8_t, 32> rho, const EncryptionRandomness& r) {
  const mlkem::TqFactorVector y = SampleY(r);
  MlKemCiphertext1 c1;
  for (uint8_t i = 0; i < kK; ++i) {
    // Row i of A^T is column i of A.
    const mlkem::TqVector row = {mlkem::SampleNtt(rho, i, 0), mlkem::SampleNtt(rho, i, 1),
                                 mlkem::SampleNtt(rho, i, 2)};
    const mlkem::Rq e1 = SamplePolyCbd(r, static_cast<uint8_t>(kNonceOfE1 + i));
    CompressU(Sum(InverseNtt(InnerProduct(row, y)), e1),
              std::span(c1).subspan(i * mlkem::kEncodedUSize).first<mlkem::kEncodedUSize>());
  }
  return c1;
}

// Lines 17, 20, 21 and 23: c2, the compressed v = NTT^-1(t^T * y) + e2 + mu.
MlKemCiphertext2 EncryptV(const mlkem::TqVector& t, std::span<const uint8_t, 32> m,
                          const EncryptionRandomness& r) {
  const mlkem::Rq noise = Sum(SamplePolyCbd(r, kNonceOfE2), mlkem::MessagePolynomial(m));
  MlKemCiphertext2 c2;
  CompressV(Sum(InverseNtt(InnerProduct(t, SampleY(r))), noise), c2);
  return c2;
}

// Everything here is public.
absl::StatusOr<mlkem::TqVector> CheckedVector(const MlKemHeader& header,
                                              const MlKemVector& vector) {
  if (!SameBytes(Sha3_256({vector, RhoIn(header)}), HashIn(header))) {
    return Fail(Code::kInvalidKey, "ML-KEM key is not the one of its header");
  }
  return mlkem::DecodeVector(vector);
}

}  // namespace

MlKemHeader HeaderOf(const MlKemPublic& key) {
  const Hash32 hash = Sha3_256({key});
  MlKemHeader header;
  std::copy(hash.begin(), hash.end(), std::copy_n(key.end() - kRhoSize, kRhoSize, header.begin()));
  return header;
}

MlKemVector VectorOf(const MlKemPublic& key) {
  MlKemVector vector;
  std::copy_n(key.begin(), vector.size(), vector.begin());
  return vector;
}

absl::StatusOr<MlKemPublic> Join(const MlKemHeader& header, const MlKemVector& vector) {
  PAWL_TRY(CheckedVector(header, vector).status());
  MlKemPublic key;
  std::ranges::copy(RhoIn(header), std::copy(vector.begin(), vector.end(), key.begin()));
  return key;
}

MlKemCiphertext Join(const MlKemCiphertext1& c1, const MlKemCiphertext2& c2) {
  MlKemCiphertext ciphertext;
  std::copy(c2.begin(), c2.end(), std::copy(c1.begin(), c1.end(), ciphertext.begin()));
  return ciphertext;
}

MlKemFirstStep Encapsulate1(const MlKemHeader& header, Rng& rng) {
  return Encapsulate1Deterministic(header, MlKemRandomness::Random(rng));
}

MlKemFirstStep Encapsulate1Deterministic(const MlKemHeader& header, const MlKemRandomness& m) {
  auto state = MlKemEncapsulationState::Zero();
  std::ranges::copy(header, std::ranges::copy(m.Expose(), state.Writable().begin()).out);
  Derived derived = Derive(m.Expose(), HashIn(header));
  return {EncryptU(RhoIn(header), derived.r), std::move(derived.shared), std::move(state)};
}

absl::StatusOr<MlKemCiphertext2> Encapsulate2(const MlKemEncapsulationState& state,
                                              const MlKemVector& vector) {
  const MlKemHeader header = HeaderIn(state);
  PAWL_ASSIGN(const mlkem::TqVector t, CheckedVector(header, vector));
  const std::span<const uint8_t, 32> m = RandomnessIn(state);
  return EncryptV(t, m, Derive(m, HashIn(header)).r);
}

}  // namespace pawl::crypto
