#include "ratchet/braid/send_ct.h"

#include <algorithm>

#include "ratchet/braid/send_ek.h"

namespace pawl::ratchet::braid {
namespace {

absl::StatusOr<Ct2Stream> MakeCt2(const Scheme& scheme, const Base& base, const Encapsulation& ours,
                                  const EkVector& vector) {
  PAWL_ASSIGN(const Ct2 ct2, scheme.kem->encapsulate2(ours.header, ours.coin, vector));
  const Mac mac = base.auth.OfCiphertext(scheme, base.epoch, ours.ct1, ct2);
  Ct2Stream stream;
  std::copy(mac.begin(), mac.end(), std::copy(ct2.begin(), ct2.end(), stream.begin()));
  return stream;
}

}  // namespace

KeysUnsampled Ct2Sampled::NextEpoch() && {
  base.epoch = After(base.epoch);
  return {std::move(base)};
}

absl::StatusOr<Ct2Sampled> Ct1Acknowledged::EkComplete(const Scheme& scheme,
                                                       const EkVector& vector) && {
  PAWL_ASSIGN(const Ct2Stream ct2, MakeCt2(scheme, base, ours, vector));
  return Ct2Sampled{std::move(base), ct2, 0};
}

absl::StatusOr<EkReceivedCt1Sampled> Ct1Sampled::EkComplete(const Scheme& scheme,
                                                            const EkVector& vector) && {
  PAWL_ASSIGN(const Ct2Stream ct2, MakeCt2(scheme, base, ours, vector));
  return EkReceivedCt1Sampled{std::move(base), ours.ct1, sent, ct2};
}

std::pair<Ct1Sampled, EpochSecret> HeaderReceived::SampleCt1(const Scheme& scheme, Rng& rng) && {
  Encapsulation ours{Coin::Random(rng), header, {}};
  const FirstHalf half = scheme.kem->encapsulate1(header, ours.coin);
  ours.ct1 = half.ct1;
  EpochSecret secret = scheme.epoch_secret(half.shared, base.epoch);
  base.auth.Update(scheme, base.epoch, secret);
  const StreamShape shape{kEkVectorSize, scheme.chunk_size};
  return {Ct1Sampled{std::move(base), std::move(ours), 0, ChunkCollector(shape)},
          std::move(secret)};
}

NoHeaderReceived NoHeaderReceived::Of(const Scheme& scheme, Base base) {
  return {std::move(base), ChunkCollector({sizeof(HeaderStream), scheme.chunk_size})};
}

absl::StatusOr<HeaderReceived> NoHeaderReceived::HeaderComplete(const Scheme& scheme,
                                                                const HeaderStream& stream) && {
  EkHeader received;
  std::copy_n(stream.begin(), received.size(), received.begin());
  const Mac mac = base.auth.OfHeader(scheme, base.epoch, received);
  if (!crypto::ConstantTimeEqual(mac, ByteView(stream).last(kMacSize))) {
    return Fail(Code::kAuthFailed, "Braid: the key's header is not the peer's");
  }
  return HeaderReceived{std::move(base), received};
}

}  // namespace pawl::ratchet::braid
