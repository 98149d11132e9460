#ifndef PAWL_SESSION_ENVELOPE_H_
#define PAWL_SESSION_ENVELOPE_H_

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "ratchet/header.h"
#include "ratchet/padding.h"
#include "session/types.h"

namespace pawl::session {

// version u8 || tag[16] || [handshake part] || salt[24] || sealed header || sealed body (FORMAT.md)
constexpr uint8_t kEnvelopeVersion = 1;
constexpr size_t kTagSize = 16;
constexpr size_t kMinEnvelopeSize = ratchet::kMinPaddedSize;
constexpr size_t kMaxEnvelopeSize = ratchet::kMaxPowerOfTwoSize;

// The tag to look up in the route table. kMalformed when the size is none that we pad to,
// kUnsupportedVersion.
absl::StatusOr<RouteTag> PeekTag(ByteView envelope);

// The most content that fits one envelope, with and without the handshake part.
enum class WithHandshake : bool { kNo = false, kYes = true };
size_t MaxContentSize(crypto::Suite suite, WithHandshake handshake);

}  // namespace pawl::session

#endif  // PAWL_SESSION_ENVELOPE_H_
