#include "ratchet/braid/kem.h"

#include <algorithm>

#include "crypto/mlkem_incremental.h"

namespace pawl::ratchet::braid {
namespace {

static_assert(kEkHeaderSize == crypto::kMlKemHeaderSize);
static_assert(kEkVectorSize == crypto::kMlKemVectorSize);
static_assert(kCt1Size == crypto::kMlKemCiphertext1Size);
static_assert(kCt2Size == crypto::kMlKemCiphertext2Size);

crypto::MlKemKeyPair PairOf(const KeySeed& seed) {
  return crypto::MlKemKeyPair::FromSeed(crypto::MlKemSeed::From(seed.Expose()));
}

EncapsulationKey Expand(const KeySeed& seed) {
  const crypto::MlKemPublic key = PairOf(seed).pub;
  return {crypto::HeaderOf(key), crypto::VectorOf(key)};
}

crypto::SharedSecret Decapsulate(const KeySeed& seed, const Ct1& ct1, const Ct2& ct2) {
  return crypto::MlKemDecapsulate(PairOf(seed).secret, crypto::Join(ct1, ct2));
}

FirstHalf Encapsulate1(const EkHeader& header, const Coin& coin) {
  crypto::MlKemFirstStep step =
      crypto::Encapsulate1Deterministic(header, crypto::MlKemRandomness::From(coin.Expose()));
  return {step.c1, std::move(step.shared)};
}

absl::StatusOr<Ct2> Encapsulate2(const EkHeader& header, const Coin& coin, const EkVector& vector) {
  auto state = crypto::MlKemEncapsulationState::Zero();
  std::copy(header.begin(), header.end(),
            std::copy(coin.Expose().begin(), coin.Expose().end(), state.Writable().begin()));
  return crypto::Encapsulate2(state, vector);
}

}  // namespace

const Kem& MlKem768() {
  static constexpr Kem kKem{Expand, Decapsulate, Encapsulate1, Encapsulate2};
  return kKem;
}

}  // namespace pawl::ratchet::braid
