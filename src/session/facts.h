#ifndef PAWL_SESSION_FACTS_H_
#define PAWL_SESSION_FACTS_H_

#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "identity/address.h"
#include "ratchet/keys.h"
#include "session/handshake_block.h"
#include "session/types.h"

namespace pawl::session {

// The handshake that an initiator repeats in every message until the first reply, and the key that
// it is sealed to.
struct PendingHandshake {
  HandshakeBlock block;
  crypto::XWingPublic seal_key{};
};

// What a handshake settled: it stays as it is for the session's life, but for `pending` (dropped at
// the first reply) and `receive_only`.
struct Facts {
  identity::DeviceAddress local;
  identity::DeviceAddress remote;
  DeviceEpoch local_epoch{};
  DeviceEpoch remote_epoch{};
  Role role = Role::kInitiator;
  crypto::Suite suite = crypto::Suite::kXChaCha20Poly1305;
  TranscriptHash transcript_hash{};
  HandshakeId handshake_id{};
  Timestamp created_at{};
  // The session that this one took the place of: that one is not sent on any more (convergence.h).
  std::optional<TranscriptHash> displaces{};
  // Proves to a later handshake's responder that its initiator held this session.
  ratchet::ResumptionSecret resumption = ratchet::ResumptionSecret::Zero();
  bool receive_only = false;
  std::unique_ptr<PendingHandshake> pending{};  // null for responders and once confirmed
};

// Versioned, big-endian (FORMAT.md). DecodeFacts: kMalformed, kUnsupportedVersion.
constexpr uint8_t kFactsVersion = 2;
// `pending` stands in place of facts.pending: a stage drops it before the session does.
crypto::SecretBytes EncodeFacts(const Facts& facts, const PendingHandshake* pending);
absl::StatusOr<Facts> DecodeFacts(ByteView bytes);

}  // namespace pawl::session

#endif  // PAWL_SESSION_FACTS_H_
