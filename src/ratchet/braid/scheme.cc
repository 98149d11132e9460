#include "ratchet/braid/scheme.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/kdf.h"

namespace pawl::ratchet::braid {
namespace {

constexpr std::string_view kAuthenticatorLabel = "Pawl braid authenticator v1";
constexpr std::string_view kHeaderLabel = "Pawl braid key header v1";
constexpr std::string_view kCiphertextLabel = "Pawl braid ciphertext v1";
constexpr std::string_view kSecretLabel = "Pawl braid epoch secret v1";
constexpr std::string_view kStartLabel = "Pawl braid chains v1";
constexpr std::string_view kAddEpochLabel = "Pawl braid next epoch v1";
constexpr std::string_view kStepLabel = "Pawl braid chain v1";

template <size_t N>
using Scratch = crypto::Secret<struct BraidScratchTag, N>;

ByteArray<8> BigEndian(Epoch epoch) {
  ByteArray<8> out;
  codec::FixedWriter(out).U64(*epoch);
  return out;
}

// label || BE8(epoch): the info of a KDF.
class Info {
 public:
  Info(std::string_view label, Epoch epoch) : size_(label.size() + 8) {
    codec::FixedWriter(bytes_).Raw(AsBytes(label)).U64(*epoch);
  }
  ByteView view() const { return ByteView(bytes_).first(size_); }

 private:
  ByteArray<40> bytes_{};
  size_t size_;
};

template <size_t N>
Scratch<N> Hkdf(ByteView salt, ByteView ikm, ByteView info) {
  Scratch<N> okm = Scratch<N>::Zero();
  // N is below HKDF's bound, its only failure.
  (void)crypto::HkdfSha512(salt, ikm, info, okm.Writable());
  return okm;
}

AuthenticatorKeys Authenticate(const AuthRoot& root, std::span<const uint8_t, 32> secret,
                               Epoch epoch) {
  const auto okm = Hkdf<64>(root.Expose(), secret, Info(kAuthenticatorLabel, epoch).view());
  AuthenticatorKeys out;
  codec::Reader in(okm.Expose());
  in.Copy(out.root.Writable());
  in.Copy(out.mac.Writable());
  return out;
}

Mac HeaderMac(const MacKey& key, Epoch epoch, const EkHeader& header) {
  Mac mac;
  crypto::Blake2bKeyed(key.Expose(), {AsBytes(kHeaderLabel), BigEndian(epoch), header}, mac);
  return mac;
}

Mac CiphertextMac(const MacKey& key, Epoch epoch, const Ct1& ct1, const Ct2& ct2) {
  Mac mac;
  crypto::Blake2bKeyed(key.Expose(), {AsBytes(kCiphertextLabel), BigEndian(epoch), ct1, ct2}, mac);
  return mac;
}

EpochSecret SecretOf(const crypto::SharedSecret& shared, Epoch epoch) {
  return EpochSecret::From(
      Hkdf<32>({}, shared.Expose(), Info(kSecretLabel, epoch).view()).Expose());
}

EpochKeys Split(const Scratch<96>& okm) {
  EpochKeys out;
  codec::Reader in(okm.Expose());
  in.Copy(out.root.Writable());
  in.Copy(out.a_to_b.Writable());
  in.Copy(out.b_to_a.Writable());
  return out;
}

EpochKeys Start(const AuthKey& key) {
  return Split(Hkdf<96>({}, key.Expose(), AsBytes(kStartLabel)));
}

EpochKeys AddEpoch(const ChainRoot& root, const EpochSecret& secret) {
  return Split(Hkdf<96>(root.Expose(), secret.Expose(), AsBytes(kAddEpochLabel)));
}

ChainStep Step(const ChainKey& chain, uint32_t index) {
  ByteArray<4> number;
  codec::FixedWriter(number).U32(index);
  Scratch<64> okm = Scratch<64>::Zero();
  crypto::Blake2bKeyed(chain.Expose(), {AsBytes(kStepLabel), number}, okm.Writable());
  ChainStep out;
  codec::Reader in(okm.Expose());
  in.Copy(out.next.Writable());
  in.Copy(out.key.Writable());
  return out;
}

}  // namespace

const Scheme& ProductionScheme() {
  static const Scheme kScheme{kChunkSize, 4,     Authenticate, HeaderMac, CiphertextMac,
                              SecretOf,   Start, AddEpoch,     Step,      &MlKem768()};
  return kScheme;
}

}  // namespace pawl::ratchet::braid
