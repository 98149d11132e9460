#ifndef PAWL_TESTS_SIGNAL_MESSAGE_H_
#define PAWL_TESTS_SIGNAL_MESSAGE_H_

#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"
#include "ratchet/keys.h"

namespace pawl::signal {

// libsignal's SignalMessage: version byte || protobuf || MAC[8]. These eight bytes of MAC are its
// choice, and the reason why nothing of this file is in the library.
constexpr uint8_t kVersionByte = 0x44;
constexpr size_t kMacSize = 8;

// A public key behind its type byte.
constexpr uint8_t kKeyType = 5;
using TypedKey = ByteArray<33>;
TypedKey Typed(const crypto::X25519Public& key);
// kMalformed.
absl::StatusOr<crypto::X25519Public> Untyped(ByteView key);

struct SignalMessage {
  crypto::X25519Public ratchet_key{};
  uint32_t counter = 0;
  uint32_t previous_counter = 0;  // of the last message of the chain before, 0 without one
  Bytes ciphertext;
  Bytes pq_ratchet;
  Bytes addresses;  // of sender and recipient, 18 bytes each; may be empty
};

// What the MAC covers beside the message.
struct Identities {
  TypedKey sender{};
  TypedKey recipient{};
};

struct MessageKeys {
  crypto::Secret<struct SignalCipherKeyTag, 32> cipher;
  crypto::Secret<struct SignalMacKeyTag, 32> mac;
  ByteArray<16> iv;
};
// The Triple Ratchet's key: HKDF-SHA-256 of the Double Ratchet's, salted with the Braid's.
MessageKeys DeriveMessageKeys(const ratchet::MessageSeed& seed, const ratchet::PqKey& pq);

// Encrypts `plaintext` into message.ciphertext; gives all that goes over the wire.
absl::StatusOr<Bytes> Seal(const MessageKeys& keys, const Identities& identities,
                           SignalMessage message, ByteView plaintext);

// kMalformed, kUnsupportedVersion, kInvalidKey. Nothing of it is authentic yet.
absl::StatusOr<SignalMessage> ParseSignalMessage(ByteView wire);
// `message` is what `wire` parsed as. kAuthFailed; kMalformed for a padding under a right MAC.
absl::StatusOr<Bytes> Open(const MessageKeys& keys, const Identities& identities, ByteView wire,
                           const SignalMessage& message);

// The SignalMessage inside a PreKeySignalMessage. kMalformed, kUnsupportedVersion.
absl::StatusOr<Bytes> UnwrapPreKeyMessage(ByteView wire);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_MESSAGE_H_
