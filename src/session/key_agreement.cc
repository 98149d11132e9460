#include "session/key_agreement.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/kdf.h"

namespace pawl::session {
namespace {

constexpr std::string_view kKeysLabel = "Pawl PQXDH v1";
constexpr std::string_view kProofLabel = "Pawl resumption proof v1";
constexpr std::string_view kMixLabel = "Pawl resumption mix v1";

template <size_t N>
using Scratch = crypto::Secret<struct ScratchTag, N>;

}  // namespace

AgreedKeys DeriveKeys(const AgreedSecrets& secrets, const TranscriptHash& transcript) {
  // PQXDH §2.2: KDF(KM) = HKDF(salt = zeros, ikm = F || KM, info), F = 32 × 0xFF for X25519: no
  // X25519 key encodes to F, so that the input cannot be one of XEdDSA.
  ByteArray<32> f;
  f.fill(0xFF);
  Scratch<6 * 32> ikm = Scratch<6 * 32>::Zero();
  codec::FixedWriter writer(ikm.Writable());
  writer.Raw(f);
  writer.Raw(secrets.dh1.Expose()).Raw(secrets.dh2.Expose()).Raw(secrets.dh3.Expose());
  if (secrets.dh4) writer.Raw(secrets.dh4->Expose());
  writer.Raw(secrets.kem.Expose());
  codec::Writer info(64);
  info.Raw(AsBytes(kKeysLabel)).Raw(transcript.value());
  Scratch<7 * 32> okm = Scratch<7 * 32>::Zero();
  // An empty salt is one of zeros (RFC 5869 §2.2); 224 bytes are below HKDF's bound, its only
  // failure.
  (void)crypto::HkdfSha512({}, ikm.Expose().first(writer.written()), info.view(), okm.Writable());

  AgreedKeys keys;
  codec::Reader in(okm.Expose());
  in.Copy(keys.root.Writable());
  in.Copy(keys.initiator.header.Writable());
  in.Copy(keys.initiator.tag.Writable());
  in.Copy(keys.responder.header.Writable());
  in.Copy(keys.responder.tag.Writable());
  in.Copy(keys.pq_auth.Writable());
  in.Copy(keys.resumption.Writable());
  return keys;
}

ratchet::Core InitiatorCore(const AgreedKeys& keys, const crypto::X25519Public& signed_prekey) {
  ratchet::Core core;
  core.root = keys.root.Clone();
  core.peer = signed_prekey;
  core.next_send = keys.initiator.Clone();
  core.next_receive = keys.responder.Clone();
  return core;
}

ratchet::Core ResponderCore(const AgreedKeys& keys, const crypto::X25519KeyPair& signed_prekey) {
  ratchet::Core core;
  core.root = keys.root.Clone();
  core.own = signed_prekey.Clone();
  core.next_send = keys.responder.Clone();
  core.next_receive = keys.initiator.Clone();
  return core;
}

ratchet::braid::Spqr StartSpqr(const AgreedKeys& keys, Role role) {
  return ratchet::braid::Spqr::Start(ratchet::braid::ProductionScheme(), role, keys.pq_auth);
}

ByteArray<32> ProveResumption(const ratchet::ResumptionSecret& previous,
                              const TranscriptHash& transcript) {
  ByteArray<32> mac;
  crypto::Blake2bKeyed(previous.Expose(), {AsBytes(kProofLabel), transcript.value()}, mac);
  return mac;
}

ratchet::ResumptionSecret ResumptionMix(const ratchet::ResumptionSecret& previous,
                                        const TranscriptHash& transcript) {
  ratchet::ResumptionSecret mix = ratchet::ResumptionSecret::Zero();
  crypto::Blake2bKeyed(previous.Expose(), {AsBytes(kMixLabel), transcript.value()}, mix.Writable());
  return mix;
}

}  // namespace pawl::session
