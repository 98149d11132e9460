#include "ratchet/braid/send_ek.h"

#include <algorithm>

namespace pawl::ratchet::braid {

absl::StatusOr<std::pair<NoHeaderReceived, EpochSecret>> EkSentCt1Received::Ct2Complete(
    const Scheme& scheme, const Ct2Stream& stream) && {
  Ct2 second;
  std::copy_n(stream.begin(), second.size(), second.begin());
  const crypto::SharedSecret shared = scheme.kem->decapsulate(seed, ct1, second);
  EpochSecret secret = scheme.epoch_secret(shared, base.epoch);
  // The MAC is under the key that this secret makes: who made the ciphertext knows it.
  base.auth.Update(scheme, base.epoch, secret);
  const Mac mac = base.auth.OfCiphertext(scheme, base.epoch, ct1, second);
  if (!crypto::ConstantTimeEqual(mac, ByteView(stream).last(kMacSize))) {
    return Fail(Code::kAuthFailed, "Braid: the ciphertext is not the peer's");
  }
  base.epoch = After(base.epoch);
  return std::pair{NoHeaderReceived::Of(scheme, std::move(base)), std::move(secret)};
}

EkSentCt1Received Ct1Received::Ct2Begins(const Scheme& scheme) && {
  return {std::move(base), std::move(keys.seed), ct1,
          ChunkCollector({sizeof(Ct2Stream), scheme.chunk_size})};
}

HeaderSent KeysSampled::Ct1Begins(const Scheme& scheme) && {
  return {std::move(base), std::move(keys), 0, ChunkCollector({kCt1Size, scheme.chunk_size})};
}

KeysSampled KeysUnsampled::SampleKeys(const Scheme& scheme, Rng& rng) && {
  KeyPair keys{KeySeed::Random(rng), {}};
  keys.key = scheme.kem->expand(keys.seed);
  const HeaderStream header = MakeHeaderStream(scheme, base, keys.key.header);
  return {std::move(base), std::move(keys), header, 0};
}

HeaderStream MakeHeaderStream(const Scheme& scheme, const Base& base, const EkHeader& header) {
  const Mac mac = base.auth.OfHeader(scheme, base.epoch, header);
  HeaderStream stream;
  std::copy(mac.begin(), mac.end(), std::copy(header.begin(), header.end(), stream.begin()));
  return stream;
}

}  // namespace pawl::ratchet::braid
