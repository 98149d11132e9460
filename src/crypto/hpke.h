#ifndef PAWL_CRYPTO_HPKE_H_
#define PAWL_CRYPTO_HPKE_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/hpke_kem.h"
#include "crypto/ietf_aead.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"

namespace pawl::crypto {

// Hybrid Public Key Encryption (RFC 9180, draft-ietf-hpke-pq) with KDF HKDF-SHA256 (0x0001), in
// modes base and psk. The authenticated modes and the export-only AEAD are not there: MLS, for
// which this is, signs instead. Thread-compatible.
struct HpkeSuite {
  HpkeKem kem;
  IetfAead aead;
};

// Mode psk: both parts set; base: both empty. `psk` has at least 32 bytes.
struct HpkePsk {
  ByteView psk{};
  ByteView id{};
};

// What both sides hold after the key schedule (RFC 9180 §5.1): it counts messages, so nonces never
// repeat, and exports secrets (§5.3).
class HpkeContext {
 public:
  // kInvalidArgument when `out` is longer than 255 hashes.
  absl::Status Export(ByteView exporter_context, MutableByteView out) const;

 protected:
  static absl::StatusOr<HpkeContext> KeySchedule(const HpkeSuite& suite, const SharedSecret& shared,
                                                 ByteView info, const HpkePsk& psk);
  ByteView key() const { return key_.Expose().first(KeySize(suite_.aead)); }
  IetfAead aead() const { return suite_.aead; }
  ByteArray<kIetfNonceSize> Nonce() const;  // of the message that is next
  void Advance() { ++sequence_; }

 private:
  explicit HpkeContext(const HpkeSuite& suite) : suite_(suite) {}

  HpkeSuite suite_;
  Secret<struct HpkeKeyTag, kMaxIetfKeySize> key_ = decltype(key_)::Zero();
  ByteArray<kIetfNonceSize> base_nonce_{};
  Prk256 exporter_secret_ = Prk256::Zero();
  uint64_t sequence_ = 0;
};

class HpkeSender : public HpkeContext {
 public:
  // SetupBaseS / SetupPSKS. kInvalidKey, kInvalidArgument (psk without id, id without psk, psk too
  // short).
  static absl::StatusOr<HpkeSender> Setup(const HpkeSuite& suite, ByteView recipient, ByteView info,
                                          Rng& rng, const HpkePsk& psk = {});
  // The encapsulated key, to be sent once, before or with the first message.
  const Bytes& enc() const { return enc_; }
  // ciphertext || tag.
  absl::StatusOr<Bytes> Seal(ByteView associated_data, ByteView plaintext);

 private:
  HpkeSender(HpkeContext context, Bytes enc)
      : HpkeContext(std::move(context)), enc_(std::move(enc)) {}
  Bytes enc_;
};

class HpkeRecipient : public HpkeContext {
 public:
  // SetupBaseR / SetupPSKR. kInvalidKey, kInvalidArgument as above.
  static absl::StatusOr<HpkeRecipient> Setup(const HpkeSuite& suite, ByteView enc,
                                             const HpkePrivate& secret, ByteView info,
                                             const HpkePsk& psk = {});
  // Messages open in the order they were sealed. kAuthFailed does not count as one.
  absl::StatusOr<SecretBytes> Open(ByteView associated_data, ByteView sealed);

 private:
  explicit HpkeRecipient(HpkeContext context) : HpkeContext(std::move(context)) {}
};

struct HpkeSealed {
  Bytes enc;
  Bytes ciphertext;
};

// Single-shot (RFC 9180 §6), mode base.
absl::StatusOr<HpkeSealed> HpkeSeal(const HpkeSuite& suite, ByteView recipient, ByteView info,
                                    ByteView associated_data, ByteView plaintext, Rng& rng);
absl::StatusOr<SecretBytes> HpkeOpen(const HpkeSuite& suite, ByteView enc,
                                     const HpkePrivate& secret, ByteView info,
                                     ByteView associated_data, ByteView ciphertext);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_HPKE_H_
