#include "scheme.h"

#include <algorithm>
#include <string>

#include "codec/writer.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

namespace pawl::signal {
namespace {

using namespace ratchet::braid;  // NOLINT: a translation of names

const std::string kProtocol = "Signal_PQCKA_V1_MLKEM768";

Bytes BigEndian(Epoch epoch) {
  codec::Writer out;
  return *std::move(out.U64(*epoch)).Finish();
}

Bytes Joined(std::string_view label, ByteView bytes) {
  Bytes out = ToBytes(AsBytes(label));
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

Bytes Hkdf(ByteView salt, ByteView ikm, ByteView info, size_t size) {
  Bytes okm(size);
  // Below HKDF's bound, its only failure.
  (void)crypto::HkdfSha256(salt, ikm, info, okm);
  return okm;
}

template <typename Key>
Key KeyAt(const Bytes& okm, size_t at) {
  Key key = Key::Zero();
  std::copy_n(okm.begin() + static_cast<ptrdiff_t>(at), Key::kSize, key.Writable().begin());
  return key;
}

const ByteArray<32> kZeros{};

AuthenticatorKeys Authenticate(const AuthRoot& root, std::span<const uint8_t, 32> secret,
                               Epoch epoch) {
  Bytes ikm = ToBytes(root.Expose());
  ikm.insert(ikm.end(), secret.begin(), secret.end());
  const Bytes info = Joined(kProtocol + ":Authenticator Update", BigEndian(epoch));
  const Bytes okm = Hkdf(kZeros, ikm, info, 64);
  return {KeyAt<AuthRoot>(okm, 0), KeyAt<MacKey>(okm, 32)};
}

Mac HeaderMac(const MacKey& key, Epoch epoch, const EkHeader& header) {
  const std::string label = kProtocol + ":ekheader";
  return crypto::HmacSha256(key.Expose(), {AsBytes(label), BigEndian(epoch), header});
}

Mac CiphertextMac(const MacKey& key, Epoch epoch, const Ct1& ct1, const Ct2& ct2) {
  const std::string label = kProtocol + ":ciphertext";
  return crypto::HmacSha256(key.Expose(), {AsBytes(label), BigEndian(epoch), ct1, ct2});
}

EpochSecret SecretOf(const crypto::SharedSecret& shared, Epoch epoch) {
  const Bytes info = Joined(kProtocol + ":SCKA Key", BigEndian(epoch));
  return KeyAt<EpochSecret>(Hkdf(kZeros, shared.Expose(), info, 32), 0);
}

EpochKeys Split(const Bytes& okm) {
  return {KeyAt<ChainRoot>(okm, 0), KeyAt<ChainKey>(okm, 32), KeyAt<ChainKey>(okm, 64)};
}

EpochKeys Start(const AuthKey& key) {
  return Split(Hkdf(kZeros, key.Expose(), AsBytes("Signal PQ Ratchet V1 Chain  Start"), 96));
}

EpochKeys AddEpoch(const ChainRoot& root, const EpochSecret& secret) {
  return Split(
      Hkdf(root.Expose(), secret.Expose(), AsBytes("Signal PQ Ratchet V1 Chain Add Epoch"), 96));
}

ChainStep Step(const ChainKey& chain, uint32_t index) {
  codec::Writer info;
  info.U32(index).Raw(AsBytes("Signal PQ Ratchet V1 Chain Next"));
  const Bytes okm = Hkdf(kZeros, chain.Expose(), info.view(), 64);
  return {KeyAt<ChainKey>(okm, 0), KeyAt<PqKey>(okm, 32)};
}

}  // namespace

Scheme SignalScheme(const Kem* kem) {
  return {32, 1, Authenticate, HeaderMac, CiphertextMac, SecretOf, Start, AddEpoch, Step, kem};
}

}  // namespace pawl::signal
