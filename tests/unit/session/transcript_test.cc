#include "session/transcript.h"

#include <gtest/gtest.h>

#include <set>

#include "support/two_devices.h"

namespace pawl::session {
namespace {

// Each part of the handshake, changed alone, changes the hash: so two sides that agree on the hash
// agree on all of it.
TEST(Transcript, CoversEveryPart) {
  test::TestDevice alice("alice@example.org/1", 1);
  test::TestDevice bob("bob@example.org/1", 2);
  const Session session = test::Must(test::Begin(alice, bob));
  HandshakeBlock block = session.facts().pending->block;
  RemoteDevice initiator = alice.remote();
  RemoteDevice responder = bob.remote();
  ResponderKeys keys{.epoch = DeviceEpoch(1),
                     .identity = bob.bundle.identity_key,
                     .signed_prekey = bob.bundle.signed_prekey,
                     .kem = bob.pair.mlkem,
                     .one_time = bob.pair.x25519,
                     .seal_key_id = bob.bundle.seal_key_id,
                     .seal = bob.bundle.seal_key};
  std::string profile(ratchet::ProductionProfile().name);
  const auto hash = [&] { return HashTranscript({profile, block, initiator, responder, keys}); };
  EXPECT_EQ(hash(), session.transcript_hash());

  std::set<TranscriptHash> seen = {hash()};
  const auto covers = [&](const auto& change, const auto& restore) {
    change();
    EXPECT_TRUE(seen.insert(hash()).second);
    restore();
    EXPECT_EQ(hash(), session.transcript_hash());
  };
  const auto covers_byte = [&](uint8_t& byte) { covers([&] { byte ^= 1; }, [&] { byte ^= 1; }); };
  covers_byte(reinterpret_cast<uint8_t&>(profile[0]));
  covers_byte(block.epoch_record.back());
  covers_byte(block.list.hash[0]);
  covers_byte(block.ephemeral[0]);
  covers_byte(block.ciphertext[0]);
  covers_byte(initiator.account_key[0]);
  covers_byte(initiator.signing_key[0]);
  covers_byte(responder.account_key[0]);
  covers_byte(responder.signing_key[0]);
  covers_byte(keys.identity[0]);
  covers_byte(keys.signed_prekey[0]);
  covers_byte(keys.kem[0]);
  covers_byte((*keys.one_time)[0]);
  covers_byte(keys.seal[0]);
  const auto covers_value = [&](auto& value, auto other) {
    const auto kept = value;
    covers([&] { value = other; }, [&] { value = kept; });
  };
  covers_value(block.suite, crypto::Suite::kXChaCha20Poly1305);
  covers_value(block.suites, std::vector<crypto::Suite>{crypto::Suite::kAegis256});
  covers_value(block.recipient_epoch, DeviceEpoch(2));
  covers_value(block.signed_prekey_id, PrekeyId(99));
  covers_value(block.last_resort_id, PrekeyId(99));
  covers_value(block.one_time_id, std::optional<PrekeyId>());
  covers_value(block.resumption, std::optional<ResumptionProof>(ResumptionProof{}));
  covers_value(initiator.address.device, DeviceId(9));
  covers_value(responder.address.device, DeviceId(9));
  covers_value(responder.address.account, *identity::Address::Parse("eve@example.org"));
  covers_value(keys.epoch, DeviceEpoch(2));
  covers_value(keys.seal_key_id, PrekeyId(99));
  covers_value(keys.one_time, std::optional<crypto::X25519Public>());
}

}  // namespace
}  // namespace pawl::session
