#ifndef PAWL_RATCHET_HEADER_H_
#define PAWL_RATCHET_HEADER_H_

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/x25519.h"
#include "ratchet/braid/message.h"
#include "ratchet/keys.h"
#include "ratchet/profile.h"

namespace pawl::ratchet {

constexpr size_t kContextSize = 40;
constexpr size_t kBraidSize = braid::StampSize(braid::kChunkSize);
// ratchet_key[32] || uint32 n || uint32 pn || uint8 flags || context[40] || stamp[107]: one length
// for every message.
constexpr size_t kHeaderSize = 32 + 4 + 4 + 1 + kContextSize + kBraidSize;
constexpr size_t kHeaderTagSize = 16;
constexpr size_t kSealedHeaderSize = kHeaderSize + kHeaderTagSize;

// Set on the messages of the first chain of a responder that mixed in the resumption secret of the
// session replaced.
constexpr uint8_t kFlagResumed = 1;

// The header of the Double Ratchet (§4), always encrypted. `context` is opaque here: the session's
// list references.
struct Header {
  crypto::X25519Public ratchet_key{};
  uint32_t n = 0;   // number of this message in its chain
  uint32_t pn = 0;  // length of the sender's previous chain
  uint8_t flags = 0;
  ByteArray<kContextSize> context{};
  braid::Stamp stamp{};

  void Encode(std::span<uint8_t, kHeaderSize> out) const;
  // kMalformed: unknown flag, ratchet key not canonical, or as ParseStamp.
  static absl::StatusOr<Header> Parse(std::span<const uint8_t, kHeaderSize> bytes);
};

// HENCRYPT, HDECRYPT: XChaCha20-Poly1305 with the message's salt as nonce. A chain's header key
// meets a nonce twice only if the kernel draws 24 equal bytes. OpenHeader: kAuthFailed, kMalformed.
void SealHeader(const HeaderKey& key, const Salt& salt, ByteView associated_data,
                const Header& header, std::span<uint8_t, kSealedHeaderSize> out);
absl::StatusOr<Header> OpenHeader(const HeaderKey& key, const Salt& salt, ByteView associated_data,
                                  std::span<const uint8_t, kSealedHeaderSize> sealed);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_HEADER_H_
