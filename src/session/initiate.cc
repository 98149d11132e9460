#include "base/sim_hooks.h"
#include "identity/record.h"
#include "ratchet/profile.h"
#include "session/handshake.h"
#include "session/key_agreement.h"
#include "session/transcript.h"

namespace pawl::session {
namespace {

absl::Status CheckInput(const InitiateInput& input, Timestamp now) {
  const auto& remote = input.remote.address;
  if (remote == input.local.address) {
    return Fail(Code::kInvalidArgument, "a device has no session with itself");
  }
  if (input.bundle.device != remote) {
    return Fail(Code::kWrongRecipient, "bundle of another device");
  }
  PAWL_TRY(input.bundle.CheckTime(now));
  if (input.one_time == nullptr) return OkStatus();
  if (input.one_time->device != remote) {
    return Fail(Code::kWrongRecipient, "one-time pair of another device");
  }
  return input.one_time->CheckTime(now);
}

ResponderKeys KeysOf(const InitiateInput& input) {
  const identity::Bundle& bundle = input.bundle;
  ResponderKeys keys{.epoch = bundle.epoch,
                     .identity = bundle.identity_key,
                     .signed_prekey = bundle.signed_prekey,
                     .kem = bundle.last_resort,
                     .one_time = std::nullopt,
                     .seal_key_id = bundle.seal_key_id,
                     .seal = bundle.seal_key};
  if (input.one_time != nullptr) {
    keys.kem = input.one_time->mlkem;
    keys.one_time = input.one_time->x25519;
  }
  return keys;
}

// PQXDH §3.3, as Alice.
absl::StatusOr<AgreedSecrets> Agree(const LocalDevice& local,
                                    const crypto::X25519KeyPair& ephemeral,
                                    const ResponderKeys& keys) {
  AgreedSecrets secrets;
  PAWL_ASSIGN(secrets.dh1, crypto::X25519(local.identity_key.secret, keys.signed_prekey));
  PAWL_ASSIGN(secrets.dh2, crypto::X25519(ephemeral.secret, keys.identity));
  PAWL_ASSIGN(secrets.dh3, crypto::X25519(ephemeral.secret, keys.signed_prekey));
  if (keys.one_time) {
    PAWL_ASSIGN(secrets.dh4, crypto::X25519(ephemeral.secret, *keys.one_time));
  }
  return secrets;
}

HandshakeBlock MakeBlock(const InitiateInput& input, crypto::Suite suite,
                         const crypto::X25519Public& ephemeral) {
  HandshakeBlock block;
  block.epoch_record = input.local.epoch_record;
  block.list = input.local.list;
  block.suites = input.suites;
  block.suite = suite;
  block.recipient_epoch = input.bundle.epoch;
  block.ephemeral = ephemeral;
  block.signed_prekey_id = input.bundle.signed_prekey_id;
  block.last_resort_id = input.bundle.last_resort_id;
  if (input.one_time != nullptr) block.one_time_id = input.one_time->id;
  if (input.displaces != nullptr) {
    block.resumption = ResumptionProof{input.displaces->transcript_hash(), {}};
  }
  return block;
}

// What Seal will do with it must succeed: the block can be encoded, the seal key is a key.
absl::Status CheckSealable(const HandshakeBlock& block, const crypto::XWingPublic& seal_key,
                           Rng& rng) {
  crypto::SecretBytes encoded(kHandshakeBlockSize);
  PAWL_TRY(EncodeBlock(block, encoded.Writable().first<kHandshakeBlockSize>()));
  return crypto::XWingEncapsulate(seal_key, rng).status();
}

}  // namespace

absl::StatusOr<Session> Initiate(const InitiateInput& input, Timestamp host_now, Rng& rng) {
  const Timestamp now = identity::ClampTime(host_now);
  PAWL_TRY(CheckInput(input, now));
  PAWL_ASSIGN(const crypto::Suite suite, identity::ChooseSuite(input.suites, input.bundle.suites));
  const ResponderKeys keys = KeysOf(input);
  const crypto::X25519KeyPair ephemeral = crypto::X25519KeyPair::Generate(rng);
  PAWL_ASSIGN(AgreedSecrets secrets, Agree(input.local, ephemeral, keys));
  PAWL_ASSIGN(crypto::MlKemEncapsulation kem, crypto::MlKemEncapsulate(keys.kem, rng));
  secrets.kem = std::move(kem.shared);

  HandshakeBlock block = MakeBlock(input, suite, ephemeral.pub);
  block.ciphertext = kem.ciphertext;
  PAWL_TRY(CheckSealable(block, keys.seal, rng));
  const TranscriptHash transcript = HashTranscript(
      {ratchet::ProductionProfile().name, block, PublicPart(input.local), input.remote, keys});
  AgreedKeys agreed = DeriveKeys(secrets, transcript);
  Progress progress{.core = InitiatorCore(agreed, keys.signed_prekey),
                    .spqr = StartSpqr(agreed, Role::kInitiator)};
  Facts facts{.local = input.local.address,
              .remote = input.remote.address,
              .local_epoch = input.local.epoch,
              .remote_epoch = keys.epoch,
              .role = Role::kInitiator,
              .suite = suite,
              .transcript_hash = transcript,
              .handshake_id = block.Id(),
              .created_at = now,
              .displaces = std::nullopt,
              .resumption = std::move(agreed.resumption),
              .pending = std::make_unique<PendingHandshake>()};
  if (input.displaces != nullptr) {
    const ratchet::ResumptionSecret& previous = input.displaces->facts().resumption;
    facts.displaces = input.displaces->transcript_hash();
    block.resumption->mac = ProveResumption(previous, transcript);
    progress.core.resumption = ratchet::Resumption{ratchet::Resumption::Use::kWhenReceiving,
                                                   ResumptionMix(previous, transcript)};
  }
  facts.pending->block = std::move(block);
  facts.pending->seal_key = keys.seal;
  PAWL_PASSED("session.initiated");
  return Session(std::move(facts), std::move(progress));
}

}  // namespace pawl::session
