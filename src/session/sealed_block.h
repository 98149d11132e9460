#ifndef PAWL_SESSION_SEALED_BLOCK_H_
#define PAWL_SESSION_SEALED_BLOCK_H_

#include "base/rng.h"
#include "base/status.h"
#include "crypto/xwing.h"
#include "identity/address.h"
#include "session/envelope.h"
#include "session/handshake_block.h"

namespace pawl::session {

// The handshake part of an envelope: X-Wing ciphertext || XChaCha20-Poly1305(block), under a key
// that this one encapsulation gave; version, tag and mailbox are associated data. So nobody but the
// recipient learns who writes to it, now or with a quantum computer.

// Into `frame`, behind the prefix that is written already. kInvalidKey: the seal key is no key;
// kInvalidArgument: the block cannot be encoded.
absl::Status SealBlock(const crypto::XWingPublic& seal_key, const identity::DeviceAddress& mailbox,
                       const HandshakeBlock& block, Rng& rng, MutableByteView frame);

// Tries one seal key. kAuthFailed when it is not the one; kMalformed when the envelope is too short
// or the authentic block is not ours; kUnsupportedVersion.
absl::StatusOr<HandshakeBlock> OpenBlock(const crypto::XWingSeed& seal_key,
                                         const identity::DeviceAddress& mailbox, ByteView envelope);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SEALED_BLOCK_H_
