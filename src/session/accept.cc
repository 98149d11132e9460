#include "crypto/secret.h"
#include "identity/record.h"
#include "ratchet/profile.h"
#include "session/handshake.h"
#include "session/key_agreement.h"
#include "session/stage.h"
#include "session/transcript.h"

namespace pawl::session {
namespace {

// That the keys at hand are those named, and that the block is meant for us.
absl::Status CheckKeys(const AcceptInput& input) {
  const HandshakeBlock& block = input.handshake.block;
  const BundleKeys& keys = input.bundle_keys;
  if (keys.signed_prekey_id != block.signed_prekey_id ||
      keys.last_resort_id != block.last_resort_id ||
      keys.seal_key_id != input.handshake.seal_key_id) {
    return Fail(Code::kNotFound, "not the bundle keys of this handshake");
  }
  if (block.recipient_epoch != input.local.epoch) {
    return Fail(Code::kWrongRecipient, "handshake with another epoch of this device");
  }
  if (!block.one_time_id) return OkStatus();
  if (input.one_time == nullptr || input.one_time->id != *block.one_time_id) {
    return Fail(Code::kReplayed, "one-time pair was used before");
  }
  return OkStatus();
}

absl::StatusOr<identity::EpochRecord> CheckSender(const AcceptInput& input) {
  PAWL_ASSIGN(
      identity::EpochRecord sender,
      identity::EpochRecord::Parse(input.handshake.block.epoch_record, input.remote.signing_key));
  if (sender.device != input.remote.address || sender.device == input.local.address) {
    return Fail(Code::kAuthFailed, "handshake of another device");
  }
  if (sender.epoch < input.least_epoch) return Fail(Code::kReplayed, "epoch that is over");
  return sender;
}

// Whoever could make the initiator choose a weaker suite is noticed here: its announced list is
// part of the transcript, ours is what our own signed bundle says.
absl::Status CheckSuite(const AcceptInput& input) {
  const HandshakeBlock& block = input.handshake.block;
  PAWL_ASSIGN(const crypto::Suite suite,
              identity::ChooseSuite(block.suites, input.bundle_keys.suites));
  if (suite != block.suite) return Fail(Code::kNoCommonSuite, "another suite than both lists give");
  return OkStatus();
}

const crypto::MlKemSeed& KemSeed(const AcceptInput& input) {
  return input.handshake.block.one_time_id ? input.one_time->mlkem : input.bundle_keys.last_resort;
}

ResponderKeys KeysOf(const AcceptInput& input, const crypto::MlKemPublic& kem) {
  const BundleKeys& keys = input.bundle_keys;
  ResponderKeys out{.epoch = input.local.epoch,
                    .identity = input.local.identity_key.pub,
                    .signed_prekey = keys.signed_prekey.pub,
                    .kem = kem,
                    .one_time = std::nullopt,
                    .seal_key_id = keys.seal_key_id,
                    .seal = keys.seal_key.pub};
  if (input.handshake.block.one_time_id) out.one_time = input.one_time->x25519.pub;
  return out;
}

// PQXDH §3.4, as Bob.
absl::StatusOr<AgreedSecrets> Agree(const AcceptInput& input,
                                    const crypto::X25519Public& sender_identity,
                                    const crypto::MlKemKeyPair& kem) {
  const HandshakeBlock& block = input.handshake.block;
  const crypto::X25519Private& prekey = input.bundle_keys.signed_prekey.secret;
  AgreedSecrets secrets;
  PAWL_ASSIGN(secrets.dh1, crypto::X25519(prekey, sender_identity));
  PAWL_ASSIGN(secrets.dh2, crypto::X25519(input.local.identity_key.secret, block.ephemeral));
  PAWL_ASSIGN(secrets.dh3, crypto::X25519(prekey, block.ephemeral));
  if (block.one_time_id) {
    PAWL_ASSIGN(secrets.dh4, crypto::X25519(input.one_time->x25519.secret, block.ephemeral));
  }
  secrets.kem = crypto::MlKemDecapsulate(kem.secret, block.ciphertext);
  return secrets;
}

// The session that the initiator proves to have held, null when it names none that we have.
absl::StatusOr<const Session*> FindResumed(const AcceptInput& input,
                                           const TranscriptHash& transcript) {
  const Session* none = nullptr;
  const std::optional<ResumptionProof>& proof = input.handshake.block.resumption;
  if (!proof) return none;
  for (const Session* session : input.sessions) {
    if (session->transcript_hash() != proof->previous) continue;
    const auto expected = ProveResumption(session->facts().resumption, transcript);
    if (!crypto::ConstantTimeEqual(expected, proof->mac)) {
      return Fail(Code::kAuthFailed, "resumption proof does not match");
    }
    return session;
  }
  return none;
}

}  // namespace

absl::StatusOr<Accepted> Accept(const AcceptInput& input, Timestamp host_now) {
  const Timestamp now = identity::ClampTime(host_now);
  const HandshakeBlock& block = input.handshake.block;
  PAWL_TRY(CheckKeys(input));
  PAWL_ASSIGN(const identity::EpochRecord sender, CheckSender(input));
  PAWL_TRY(CheckSuite(input));

  const auto kem = crypto::MlKemKeyPair::FromSeed(KemSeed(input));
  PAWL_ASSIGN(const AgreedSecrets secrets, Agree(input, sender.identity_key, kem));
  const TranscriptHash transcript =
      HashTranscript({ratchet::ProductionProfile().name, block, input.remote,
                      PublicPart(input.local), KeysOf(input, kem.pub)});
  AgreedKeys agreed = DeriveKeys(secrets, transcript);
  PAWL_ASSIGN(const Session* resumed, FindResumed(input, transcript));

  Progress progress{.core = ResponderCore(agreed, input.bundle_keys.signed_prekey),
                    .spqr = StartSpqr(agreed, Role::kResponder),
                    .confirmed = true,
                    .resumed = resumed != nullptr};
  if (resumed != nullptr) {
    progress.core.resumption =
        ratchet::Resumption{ratchet::Resumption::Use::kWhenSending,
                            ResumptionMix(resumed->facts().resumption, transcript)};
  }
  const Arrival arrival = JudgeArrival(input.sessions, resumed);
  Session session(Facts{.local = input.local.address,
                        .remote = input.remote.address,
                        .local_epoch = input.local.epoch,
                        .remote_epoch = sender.epoch,
                        .role = Role::kResponder,
                        .suite = block.suite,
                        .transcript_hash = transcript,
                        .handshake_id = block.Id(),
                        .created_at = now,
                        .displaces = arrival.displaces,
                        .resumption = std::move(agreed.resumption)},
                  std::move(progress));
  Stage stage(session);
  PAWL_ASSIGN(Opened opened, stage.OpenRepeated(input.envelope, now));
  session.Commit(std::move(stage));
  const bool one_time = block.one_time_id.has_value();
  return Accepted{std::move(session), std::move(opened), block.one_time_id,
                  one_time ? std::nullopt : std::optional<PrekeyId>(block.last_resort_id),
                  arrival.displacement};
}

}  // namespace pawl::session
