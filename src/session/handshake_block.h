#ifndef PAWL_SESSION_HANDSHAKE_BLOCK_H_
#define PAWL_SESSION_HANDSHAKE_BLOCK_H_

#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "session/types.h"

namespace pawl::session {

constexpr uint16_t kHandshakeVersion = 1;
constexpr size_t kHandshakeBlockSize = 1728;  // fixed: the longest address fits

// Says that the initiator held an earlier session with this device: its transcript hash, and a MAC
// by its resumption secret over the new handshake.
struct ResumptionProof {
  TranscriptHash previous;
  ByteArray<32> mac{};
};

// PQXDH's initial message (rev 3 §3.3) less its ciphertext, with what the transcript needs. Until a
// session accepted it and opened the message beside it, everything here is a claim.
struct HandshakeBlock {
  Bytes epoch_record;                 // the sender's, signed: its address, epoch and identity key
  identity::ListRef list;             // the sender's device list
  std::vector<crypto::Suite> suites;  // that the sender announces, best first, unknown ones too
  crypto::Suite suite = crypto::Suite::kXChaCha20Poly1305;  // that it chose
  DeviceEpoch recipient_epoch;
  crypto::X25519Public ephemeral{};      // EK
  PrekeyId signed_prekey_id;             // SPK
  PrekeyId last_resort_id;               // PQSPK: encapsulated to when there is no one-time pair
  std::optional<PrekeyId> one_time_id;   // OPK and PQOPK, one pair
  crypto::MlKemCiphertext ciphertext{};  // CT
  std::optional<ResumptionProof> resumption;

  // All but the proof's MAC, as encoded: what the transcript and the id cover.
  Bytes Core() const;
  HandshakeId Id() const;
};

// Zero-padded. kInvalidArgument for fields that ParseBlock would refuse.
absl::Status EncodeBlock(const HandshakeBlock& block, std::span<uint8_t, kHandshakeBlockSize> out);
// Each block has one encoding. kMalformed, kUnsupportedVersion.
absl::StatusOr<HandshakeBlock> ParseBlock(std::span<const uint8_t, kHandshakeBlockSize> bytes);

}  // namespace pawl::session

#endif  // PAWL_SESSION_HANDSHAKE_BLOCK_H_
