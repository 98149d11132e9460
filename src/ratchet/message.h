#ifndef PAWL_RATCHET_MESSAGE_H_
#define PAWL_RATCHET_MESSAGE_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "ratchet/body.h"
#include "ratchet/double_ratchet.h"
#include "ratchet/header.h"
#include "ratchet/profile.h"

namespace pawl::ratchet {

// salt[24] || sealed header || sealed body: what every envelope ends with.
constexpr size_t kBodyOffset = kSaltSize + kSealedHeaderSize;
constexpr size_t MessageSize(crypto::Suite suite, size_t content_size) {
  return kBodyOffset + content_size + kLengthSize + crypto::TagSize(suite);
}
constexpr size_t kMinMessageSize = MessageSize(crypto::Suite::kXChaCha20Poly1305, 0);

// What a message is bound to besides its own header. `channel` is the session's hash of suite,
// recipient mailbox and transcript, one for each direction.
struct Binding {
  uint8_t version = 0;
  RouteTag tag;  // as the envelope bears it
  ByteArray<32> channel{};
};

// Seals into `out`, which must be zero-filled and at least MessageSize(suite, content); all of it
// is used. The salt comes from `rng` here and is never kept anywhere else. Allocates nothing.
// `pq` and the stamp in the step's header are of one braid::SpqrSend.
void SealMessage(const Profile& profile, crypto::Suite suite, const Binding& binding,
                 const SendStep& step, const PqKey& pq, const ByteArray<kContextSize>& context,
                 ByteView content, Rng& rng, MutableByteView out);

// A message split into its parts, borrowed. kMalformed when it is too short for any.
struct MessageParts {
  Salt salt{};
  std::span<const uint8_t, kSealedHeaderSize> header;
  ByteView body;

  static absl::StatusOr<MessageParts> Split(ByteView message);
};

// Associated data of the header, and, with the sealed header behind it, of the body.
class AssociatedData {
 public:
  AssociatedData(const Binding& binding, std::span<const uint8_t, kSealedHeaderSize> sealed_header);
  ByteView for_header() const { return ByteView(bytes_).first(kPrefix); }
  ByteView for_body() const { return bytes_; }

 private:
  static constexpr size_t kPrefix = 1 + 16 + 32;
  ByteArray<kPrefix + kSealedHeaderSize> bytes_;
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_MESSAGE_H_
