#ifndef PAWL_SESSION_SEALED_STATE_H_
#define PAWL_SESSION_SEALED_STATE_H_

#include "base/rng.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "session/envelope.h"
#include "session/session.h"

namespace pawl::session {

// State leaves the library only like this: version u8 || kind u8 || nonce[24] ||
// XChaCha20-Poly1305(key, state), version and kind being associated data. Saving twice never
// repeats a nonce.
enum class SealedKind : uint8_t { kSession = 1, kDeviceIdentity = 2 };
constexpr uint8_t kSealedStateVersion = 2;

Bytes SealState(SealedKind kind, const crypto::AeadKey& key, ByteView state, Rng& rng);
// kAuthFailed: other key, other kind, or tampered with; kMalformed, kUnsupportedVersion.
absl::StatusOr<crypto::SecretBytes> OpenState(SealedKind kind, const crypto::AeadKey& key,
                                              ByteView sealed);

Bytes SaveSession(const Session& session, const crypto::AeadKey& key, Rng& rng);
absl::StatusOr<Session> RestoreSession(ByteView sealed, const crypto::AeadKey& key);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SEALED_STATE_H_
