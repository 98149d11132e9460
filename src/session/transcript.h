#ifndef PAWL_SESSION_TRANSCRIPT_H_
#define PAWL_SESSION_TRANSCRIPT_H_

#include <optional>
#include <string_view>

#include "crypto/mlkem.h"
#include "crypto/xwing.h"
#include "session/devices.h"
#include "session/handshake_block.h"
#include "session/types.h"

namespace pawl::session {

// The public keys of the responder that a handshake used; their ids are in the block.
struct ResponderKeys {
  DeviceEpoch epoch;
  crypto::X25519Public identity{};               // IK_B
  crypto::X25519Public signed_prekey{};          // SPK_B
  crypto::MlKemPublic kem{};                     // PQPK_B: of the pair, or the last-resort key
  std::optional<crypto::X25519Public> one_time;  // OPK_B
  PrekeyId seal_key_id;
  crypto::XWingPublic seal{};
};

struct TranscriptInput {
  std::string_view profile;  // of the ratchet
  const HandshakeBlock& block;
  const RemoteDevice& initiator;
  const RemoteDevice& responder;
  const ResponderKeys& keys;
};

// BLAKE2b-256 over every public key, KEM key and ciphertext, prekey id, address, device id, epoch,
// suite, profile and version of the handshake, each of fixed length or with its length (FORMAT.md).
TranscriptHash HashTranscript(const TranscriptInput& input);

}  // namespace pawl::session

#endif  // PAWL_SESSION_TRANSCRIPT_H_
