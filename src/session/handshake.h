#ifndef PAWL_SESSION_HANDSHAKE_H_
#define PAWL_SESSION_HANDSHAKE_H_

#include <optional>
#include <span>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "identity/bundle.h"
#include "identity/epoch_record.h"
#include "session/convergence.h"
#include "session/devices.h"
#include "session/handshake_block.h"
#include "session/prekeys.h"
#include "session/session.h"

namespace pawl::session {

struct InitiateInput {
  const LocalDevice& local;
  const RemoteDevice& remote;
  const identity::Bundle& bundle;  // parsed, so verified by the remote's signing key
  const identity::OneTimePair* one_time = nullptr;  // null: the last-resort key is used
  const std::vector<crypto::Suite>& suites;         // that the local device announces
  const Session* displaces = nullptr;               // the live session with this device, if any
};

// PQXDH's initiator: a session that can seal at once; each of its messages carries the handshake
// until the first reply. kExpired, kNotYetValid (bundle or pair out of date), kNoCommonSuite,
// kWrongRecipient (bundle or pair of another device), kInvalidKey, kInvalidArgument.
absl::StatusOr<Session> Initiate(const InitiateInput& input, Timestamp now, Rng& rng);

// What PeekHandshake found in an envelope.
struct PeekedHandshake {
  HandshakeBlock block;
  PrekeyId seal_key_id;
  identity::EpochRecord sender;  // from block.epoch_record, its signature NOT checked yet
};

// Opens the handshake part with the seal keys we have (newest first is fastest). kMalformed when
// the envelope has no room for one, kAuthFailed when no key opens it. Costs one X-Wing
// decapsulation for each key: callers limit the rate. Proves nothing about the sender.
absl::StatusOr<PeekedHandshake> PeekHandshake(ByteView envelope,
                                              const identity::DeviceAddress& mailbox,
                                              std::span<const BundleKeys> keys);

struct AcceptInput {
  const LocalDevice& local;
  const RemoteDevice& remote;  // entry of handshake.sender.device in a verified list
  const PeekedHandshake& handshake;
  ByteView envelope;                         // the one that was peeked into
  const BundleKeys& bundle_keys;             // by handshake.block.signed_prekey_id
  const OneTimeKeys* one_time = nullptr;     // by handshake.block.one_time_id
  std::span<const Session* const> sessions;  // all that we have with this device
  DeviceEpoch least_epoch{1};                // highest epoch of this device seen so far
};

struct Accepted {
  Session session;
  Opened opened;  // the message beside the handshake
  // Erase this private pair in the transaction that stores the session.
  std::optional<PrekeyId> consumed_one_time;
  // Without a one-time pair: remember session.facts().handshake_id as long as this key exists.
  std::optional<PrekeyId> replayable_with;
  // kReset is never silent: the engine tells the app.
  Displacement displacement = Displacement::kFirst;
};

// PQXDH's responder. Before calling: if a live session has the block's Id(), use
// Stage::OpenRepeated; if the replay cache has it, drop the envelope (kReplayed). Nothing outside
// is changed, whatever the result. kAuthFailed; kNoCommonSuite (another suite than both lists give:
// a downgrade); kReplayed (a one-time pair is named but not given: used before; or an epoch below
// least_epoch); kWrongRecipient (another device or epoch of ours); kInvalidKey; kNotFound
// (bundle_keys are not the ones named); as Stage::Open besides. Needs no randomness: our first
// ratchet key is made when we first answer.
absl::StatusOr<Accepted> Accept(const AcceptInput& input, Timestamp now);

}  // namespace pawl::session

#endif  // PAWL_SESSION_HANDSHAKE_H_
