#include "recorded_braid.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/mlkem.h"
#include "scheme.h"
#include "support/hex.h"
#include "support/matchers.h"

namespace pawl::signal {
namespace {

using namespace ratchet::braid;  // NOLINT: a translation of names
using test::IsOk;

const Recording* g_recording = nullptr;

// Seeds and coins name the epoch whose recorded values they stand for.
const Exchange& ExchangeOf(ByteView name) { return g_recording->exchanges.at(name[0]); }

class EpochRng : public Rng {
 public:
  explicit EpochRng(Epoch epoch) : epoch_(static_cast<uint8_t>(*epoch)) {}
  void Fill(MutableByteView out) override { std::fill(out.begin(), out.end(), epoch_); }

 private:
  uint8_t epoch_;
};

EncapsulationKey Expand(const KeySeed& seed) {
  const ByteView key = ByteView(ExchangeOf(seed.Expose()).decapsulation_key).subspan(1152, 1184);
  EncapsulationKey out;
  std::copy_n(key.begin(), kEkVectorSize, out.vector.begin());
  const auto rho = key.last(32);
  const crypto::Hash32 hash = crypto::Sha3_256({key});
  std::copy(hash.begin(), hash.end(), std::copy(rho.begin(), rho.end(), out.header.begin()));
  return out;
}

crypto::SharedSecret SharedOf(const Exchange& exchange) {
  crypto::MlKemCiphertext ciphertext;
  std::copy(exchange.ct2.begin(), exchange.ct2.end(),
            std::copy(exchange.ct1.begin(), exchange.ct1.end(), ciphertext.begin()));
  return crypto::MlKemDecapsulate(
      crypto::MlKemPrivate::From(test::ArrayOf<2400>(exchange.decapsulation_key)), ciphertext);
}

crypto::SharedSecret Decapsulate(const KeySeed& seed, const Ct1& ct1, const Ct2& ct2) {
  const Exchange& exchange = ExchangeOf(seed.Expose());
  EXPECT_EQ(ct1, exchange.ct1);
  EXPECT_EQ(ct2, exchange.ct2);
  return SharedOf(exchange);
}

FirstHalf Encapsulate1(const EkHeader&, const Coin& coin) {
  const Exchange& exchange = ExchangeOf(coin.Expose());
  return {exchange.ct1, SharedOf(exchange)};
}

absl::StatusOr<Ct2> Encapsulate2(const EkHeader&, const Coin& coin, const EkVector& vector) {
  const Exchange& exchange = ExchangeOf(coin.Expose());
  EXPECT_TRUE(SameBytes(vector, ByteView(exchange.decapsulation_key).subspan(1152, 1152)));
  return exchange.ct2;
}

}  // namespace

RecordedBraid::RecordedBraid(const Recording& recording)
    : alice_{Spqr::Start(scheme(), Role::kInitiator, recording.auth_key), {}},
      bob_{Spqr::Start(scheme(), Role::kResponder, recording.auth_key), {}} {
  g_recording = &recording;
}

const Scheme& RecordedBraid::scheme() {
  static const Kem kem{Expand, Decapsulate, Encapsulate1, Encapsulate2};
  static const Scheme scheme = SignalScheme(&kem);
  return scheme;
}

RecordedBraid::Sent RecordedBraid::Send(Party& party) {
  EpochRng rng(EpochOf(party.spqr.state));
  auto send = PrepareSend(scheme(), party.spqr, rng);
  EXPECT_THAT(send, IsOk());
  Sent sent{send->stamp, std::move(send->key)};
  SkippedPqDelta delta(party.skipped);
  ApplySend(scheme(), *std::move(send), party.spqr, delta);
  std::move(delta).CommitTo(party.skipped);
  return sent;
}

void RecordedBraid::Receive(Party& party, const Stamp& stamp) {
  SkippedPqDelta delta(party.skipped);
  auto key = PrepareReceiveKey(scheme(), party.spqr, delta, stamp, {}, Timestamp{1});
  ASSERT_THAT(key, IsOk());
  ApplyReceive(scheme(), *std::move(key), stamp.message, party.spqr, delta);
  ASSERT_FALSE(party.spqr.broken);
  std::move(delta).CommitTo(party.skipped);
}

}  // namespace pawl::signal
