// Writes the seeds of the fuzz targets of identity and session below the folder given.
// Deterministic: run again, it writes the same files.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "identity/record.h"
#include "session/handshake.h"
#include "session/sealed_state.h"
#include "session/stage.h"
#include "support/two_devices.h"

namespace {

using namespace pawl;
namespace fs = std::filesystem;

fs::path corpus;

void Write(const char* target, const char* name, ByteView bytes) {
  fs::create_directories(corpus / target);
  std::ofstream out(corpus / target / name, std::ios::binary);
  out.write(AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
}

Bytes With(std::initializer_list<uint8_t> head, ByteView rest) {
  Bytes bytes(head);
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

// Both kinds of input that the record targets take.
void WriteRecord(const char* target, identity::RecordType type, ByteView record) {
  Write(target, "record", With({0}, record));
  Write(target, "body", With({1}, test::Must(identity::PeekRecord(type, record))));
}

void WriteRecords(const test::TestDevice& alice) {
  using identity::RecordType;
  WriteRecord("device_list", RecordType::kDeviceList, alice.list.record());
  WriteRecord("epoch_record", RecordType::kEpochRecord, alice.local.epoch_record);
  WriteRecord("bundle", RecordType::kBundle, test::Must(alice.bundle.Sign(alice.signing)));
  WriteRecord("one_time_pair", RecordType::kOneTimePair,
              test::Must(alice.pair.Sign(alice.signing)));
}

void WriteBlocks(test::TestDevice& alice, const test::TestDevice& bob,
                 const session::Session& earlier) {
  const auto write = [&](const char* name, test::OneTime one_time, const session::Session* old) {
    const session::Session session = test::Must(test::Begin(alice, bob, one_time, old));
    ByteArray<session::kHandshakeBlockSize> bytes{};
    if (EncodeBlock(session.facts().pending->block, bytes).ok()) {
      Write("handshake_block", name, bytes);
    }
  };
  write("one_time", test::OneTime::kYes, nullptr);
  write("last_resort", test::OneTime::kNo, nullptr);
  write("resumption", test::OneTime::kNo, &earlier);
}

// The inside of a sealed session: vec16 facts, progress, rows.
Bytes Inside(const session::Session& session) {
  test::SeededRng rng(1);
  const auto key = crypto::AeadKey::Random(rng);
  const Bytes sealed = session::SaveSession(session, key, rng);
  return ToBytes(
      test::Must(session::OpenState(session::SealedKind::kSession, key, sealed)).Expose());
}

void WriteStates(test::Conversation& talk) {
  Write("session_state", "begun", With({1}, Inside(test::Must(test::Begin(talk.alice, talk.bob)))));
  Write("session_state", "initiator", With({1}, Inside(talk.at_alice)));
  test::Must(test::Send(talk.at_alice, "lost", talk.alice.rng));
  test::Must(
      test::Receive(talk.at_bob, test::Must(test::Send(talk.at_alice, "x", talk.alice.rng))));
  Write("session_state", "responder_with_skipped", With({1}, Inside(talk.at_bob)));
  test::SeededRng rng(9);
  Write("session_state", "sealed",
        With({0}, session::SaveSession(talk.at_bob, crypto::AeadKey::Random(rng), rng)));
}

void WriteEnvelopes(test::Conversation& talk) {
  Write("envelope", "message",
        With({0}, test::Must(test::Send(talk.at_alice, "hi", talk.alice.rng))));
  test::TestDevice dave("dave@example.org/1", 5);
  session::Session begun = test::Must(test::Begin(dave, talk.bob));
  Write("envelope", "handshake", With({0}, test::Must(test::Send(begun, "hi", dave.rng))));
  Write("envelope", "tag_of_message", Bytes{1, 0, 1, 1});
  Write("envelope", "header_of_message", Bytes{1, 0, 60, 0x80});
  Write("envelope", "body_of_message", Bytes{1, 1, 100, 0xFF, 0xFF});
  Write("envelope", "encapsulation", Bytes{2, 0, 40, 1});
  Write("envelope", "block", Bytes{2, 6, 0, 1});
  Write("envelope", "untouched", Bytes{2, 0, 0});
}

void WriteConversations() {
  const auto alice = [](uint8_t action) { return action; };
  // 132 = 11 * 12, so that the action survives the modulus beside the high bit.
  const auto bob = [](uint8_t action) { return static_cast<uint8_t>(132 + action); };
  Write("conversation", "ping_pong",
        Bytes{alice(0), 0, bob(3), 0, bob(0), 9, alice(3), 0, alice(0), 200, bob(3), 0});
  Write("conversation", "reordered",
        Bytes{alice(0), 1, alice(0), 2, alice(0), 3, alice(0), 4, bob(6), 3, bob(6), 0, bob(6), 1,
              bob(8), 0});
  Write("conversation", "lossy",
        Bytes{alice(0), 1, bob(7), 0, alice(0), 2, bob(3),   0, bob(0), 0,
              alice(7), 0, bob(0), 0, alice(3), 0, alice(0), 0, bob(3), 0});
  Write("conversation", "tampered",
        Bytes{alice(0), 1, bob(9), 17, bob(9), 99, bob(3), 0, bob(8), 0});
  Write("conversation", "restarted",
        Bytes{alice(0), 1, alice(10), 0, bob(10), 0, bob(3), 0, bob(0), 0, bob(10), 0, alice(3), 0,
              alice(10), 0});
  Write("conversation", "simultaneous",
        Bytes{alice(11), 1, bob(11), 1, alice(0), 0, bob(0), 0, alice(3), 0, bob(3), 0, alice(0), 0,
              bob(0), 0});
  Write("conversation", "replaced",
        Bytes{alice(11), 0, alice(0), 0, alice(0), 1, bob(6), 1, bob(0), 0, alice(3), 0, bob(3), 0,
              bob(8), 0});
  Write("conversation", "reset",
        Bytes{bob(11), 1, bob(0), 0, alice(9), 3, alice(3), 0, alice(0), 0, bob(3), 0});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_session_seeds <tests/fuzz/corpus>\n");
    return 2;
  }
  corpus = argv[1];
  // Other keys than the targets have: no seed may open there.
  test::Conversation talk(100);
  WriteRecords(talk.alice);
  WriteBlocks(talk.alice, talk.bob, talk.at_alice);
  WriteEnvelopes(talk);
  WriteStates(talk);
  WriteConversations();
  return 0;
}
