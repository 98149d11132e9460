#ifndef PAWL_SESSION_ENVELOPE_H_
#define PAWL_SESSION_ENVELOPE_H_

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/xwing.h"
#include "ratchet/message.h"
#include "ratchet/padding.h"
#include "session/handshake_block.h"
#include "session/types.h"

namespace pawl::session {

// version u8 || tag[16] || [handshake part] || salt[24] || sealed header || sealed body
// (FORMAT.md). Nothing in it says whether the handshake part is there: a recipient that knows the
// tag knows.
constexpr uint8_t kEnvelopeVersion = 1;
constexpr size_t kTagSize = 16;
constexpr size_t kPrefixSize = 1 + kTagSize;
constexpr size_t kSealedBlockSize = kHandshakeBlockSize + 16;
constexpr size_t kHandshakePartSize = crypto::kXWingCiphertextSize + kSealedBlockSize;
constexpr size_t kMinEnvelopeSize = ratchet::kMinPaddedSize;
constexpr size_t kMaxEnvelopeSize = ratchet::kMaxPowerOfTwoSize;

enum class WithHandshake : bool { kNo = false, kYes = true };

// Where salt, header and body begin.
constexpr size_t MessageOffset(WithHandshake handshake) {
  return kPrefixSize + (handshake == WithHandshake::kYes ? kHandshakePartSize : 0);
}

// The most content that fits one envelope.
constexpr size_t MaxContentSize(crypto::Suite suite, WithHandshake handshake) {
  return kMaxEnvelopeSize - MessageOffset(handshake) - ratchet::MessageSize(suite, 0);
}

// The tag to look up in the route table. kMalformed when the size is none that we pad to,
// kUnsupportedVersion.
absl::StatusOr<RouteTag> PeekTag(ByteView envelope);

// Writes version and tag to the front of a frame.
void WritePrefix(const RouteTag& tag, MutableByteView frame);

}  // namespace pawl::session

#endif  // PAWL_SESSION_ENVELOPE_H_
