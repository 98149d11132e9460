#include "crypto/hpke.h"

#include "crypto/hpke_labeled.h"

namespace pawl::crypto {
namespace {

constexpr uint16_t kHkdfSha256 = 0x0001;
constexpr size_t kLeastPsk = 32;
constexpr uint8_t kModeBase = 0x00;
constexpr uint8_t kModePsk = 0x01;

// "HPKE" || I2OSP(kem_id, 2) || I2OSP(kdf_id, 2) || I2OSP(aead_id, 2)
ByteArray<10> SuiteId(const HpkeSuite& suite) {
  ByteArray<10> id = {'H', 'P', 'K', 'E'};
  size_t at = 4;
  for (uint16_t part :
       {static_cast<uint16_t>(suite.kem), kHkdfSha256, static_cast<uint16_t>(suite.aead)}) {
    id[at++] = static_cast<uint8_t>(part >> 8);
    id[at++] = static_cast<uint8_t>(part);
  }
  return id;
}

// RFC 9180 §5.1, VerifyPSKInputs. §5.1.2 wants at least 32 bytes of entropy: fewer bytes cannot
// have it.
absl::Status VerifyPskInputs(const HpkePsk& psk) {
  if (psk.psk.empty() != psk.id.empty()) {
    return Fail(Code::kInvalidArgument, "HPKE psk and psk_id come together");
  }
  if (!psk.psk.empty() && psk.psk.size() < kLeastPsk) {
    return Fail(Code::kInvalidArgument, "HPKE psk shorter than 32 bytes");
  }
  return OkStatus();
}

}  // namespace

absl::StatusOr<HpkeContext> HpkeContext::KeySchedule(const HpkeSuite& suite,
                                                     const SharedSecret& shared, ByteView info,
                                                     const HpkePsk& psk) {
  PAWL_TRY(VerifyPskInputs(psk));
  const auto suite_id = SuiteId(suite);
  const uint8_t mode[] = {psk.psk.empty() ? kModeBase : kModePsk};
  const Prk256 psk_id_hash = LabeledExtract(suite_id, {}, "psk_id_hash", psk.id);
  const Prk256 info_hash = LabeledExtract(suite_id, {}, "info_hash", info);
  const Prk256 secret = LabeledExtract(suite_id, shared.Expose(), "secret", psk.psk);
  const auto expand = [&](std::string_view label, MutableByteView out) {
    return LabeledExpand(suite_id, secret, label, {mode, psk_id_hash.Expose(), info_hash.Expose()},
                         out);
  };
  HpkeContext context(suite);
  PAWL_TRY(expand("key", context.key_.Writable().first(KeySize(suite.aead))));
  PAWL_TRY(expand("base_nonce", context.base_nonce_));
  PAWL_TRY(expand("exp", context.exporter_secret_.Writable()));
  return context;
}

absl::Status HpkeContext::Export(ByteView exporter_context, MutableByteView out) const {
  return LabeledExpand(SuiteId(suite_), exporter_secret_, "sec", {exporter_context}, out);
}

// RFC 9180 §5.2, ComputeNonce: xor(base_nonce, I2OSP(seq, Nn)). 2^64 messages are never reached.
ByteArray<kIetfNonceSize> HpkeContext::Nonce() const {
  ByteArray<kIetfNonceSize> nonce = base_nonce_;
  for (size_t i = 0; i < 8; ++i) {
    nonce[kIetfNonceSize - 1 - i] ^= static_cast<uint8_t>(sequence_ >> (8 * i));
  }
  return nonce;
}

absl::StatusOr<HpkeSender> HpkeSender::Setup(const HpkeSuite& suite, ByteView recipient,
                                             ByteView info, Rng& rng, const HpkePsk& psk) {
  PAWL_ASSIGN(HpkeEncapsulation made, HpkeEncapsulate(suite.kem, recipient, rng));
  PAWL_ASSIGN(HpkeContext context, KeySchedule(suite, made.shared, info, psk));
  return HpkeSender(std::move(context), std::move(made.enc));
}

absl::StatusOr<Bytes> HpkeSender::Seal(ByteView associated_data, ByteView plaintext) {
  Bytes sealed(plaintext.size() + kIetfTagSize);
  PAWL_TRY(IetfSeal(aead(), key(), Nonce(), associated_data, plaintext, sealed));
  Advance();
  return sealed;
}

absl::StatusOr<HpkeRecipient> HpkeRecipient::Setup(const HpkeSuite& suite, ByteView enc,
                                                   const HpkePrivate& secret, ByteView info,
                                                   const HpkePsk& psk) {
  PAWL_ASSIGN(const SharedSecret shared, HpkeDecapsulate(suite.kem, enc, secret));
  PAWL_ASSIGN(HpkeContext context, KeySchedule(suite, shared, info, psk));
  return HpkeRecipient(std::move(context));
}

absl::StatusOr<SecretBytes> HpkeRecipient::Open(ByteView associated_data, ByteView sealed) {
  if (sealed.size() < kIetfTagSize) return Fail(Code::kAuthFailed, "sealed text too short");
  SecretBytes plaintext(sealed.size() - kIetfTagSize);
  PAWL_TRY(IetfOpen(aead(), key(), Nonce(), associated_data, sealed, plaintext.Writable()));
  Advance();
  return plaintext;
}

absl::StatusOr<HpkeSealed> HpkeSeal(const HpkeSuite& suite, ByteView recipient, ByteView info,
                                    ByteView associated_data, ByteView plaintext, Rng& rng) {
  PAWL_ASSIGN(HpkeSender sender, HpkeSender::Setup(suite, recipient, info, rng));
  PAWL_ASSIGN(Bytes ciphertext, sender.Seal(associated_data, plaintext));
  return HpkeSealed{sender.enc(), std::move(ciphertext)};
}

absl::StatusOr<SecretBytes> HpkeOpen(const HpkeSuite& suite, ByteView enc,
                                     const HpkePrivate& secret, ByteView info,
                                     ByteView associated_data, ByteView ciphertext) {
  PAWL_ASSIGN(HpkeRecipient recipient, HpkeRecipient::Setup(suite, enc, secret, info));
  return recipient.Open(associated_data, ciphertext);
}

}  // namespace pawl::crypto
