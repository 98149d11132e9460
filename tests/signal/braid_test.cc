// The Braid under Signal's scheme against a recorded conversation of libsignal, all of it: 300
// messages of two parties, many lost. Every byte that libsignal sent is predicted, every recorded
// state compared. What libsignal drew at random (keys and ciphertexts) comes from the recording.
#include <gtest/gtest.h>

#include <algorithm>

#include "recorded_braid.h"
#include "spqr_message.h"
#include "support/hex.h"
#include "support/vectors.h"

namespace pawl::signal {
namespace {

using namespace ratchet::braid;  // NOLINT: the tested names
using test::ToHex;

using Party = RecordedBraid::Party;

// The last epoch of the recording does not end, so its secret is not in it.
bool HasUnknownSecret(const Recording& recording, const Spqr& spqr) {
  return *spqr.chains.newest == recording.exchanges.rbegin()->first;
}

std::string SkippedOf(const Party& party, Epoch epoch) {
  std::string out;
  for (const auto& [id, skipped] : party.skipped) {
    if (id.epoch != epoch) continue;
    const ByteArray<4> index = {
        static_cast<uint8_t>(id.index >> 24), static_cast<uint8_t>(id.index >> 16),
        static_cast<uint8_t>(id.index >> 8), static_cast<uint8_t>(id.index)};
    out += ToHex(index) + ToHex(skipped.key.Expose());
  }
  return out;
}

// libsignal keeps skipped keys in any order.
std::string Sorted(ByteView history) {
  std::vector<std::string> keys;
  for (size_t at = 0; at + 36 <= history.size(); at += 36) {
    keys.push_back(ToHex(history.subspan(at, 36)));
  }
  std::sort(keys.begin(), keys.end());
  std::string out;
  for (const std::string& key : keys) out += key;
  return out;
}

void ExpectLink(const Party& party, Epoch epoch, const Proto& recorded) {
  const Link& link = *party.spqr.chains.Find(epoch);
  EXPECT_EQ(link.sent, recorded.Message(1).Number(1));
  EXPECT_EQ(link.sending ? ToHex(link.sending->Expose()) : "", ToHex(recorded.Message(1).Blob(2)));
  EXPECT_EQ(link.received, recorded.Message(2).Number(1));
  EXPECT_EQ(ToHex(link.receiving.Expose()), ToHex(recorded.Message(2).Blob(2)));
  EXPECT_EQ(SkippedOf(party, epoch), Sorted(recorded.Message(2).Blob(3)));
}

// PqRatchetState of libsignal's pq_ratchet.proto. True when all of it was compared: the secrets of
// an epoch that does not end in the recording cannot be.
bool ExpectState(const Recording& recording, const Party& party, const Proto& recorded) {
  const Proto chain = recorded.Message(2);
  const Chains& chains = party.spqr.chains;
  EXPECT_EQ(*chains.newest, chain.Number(2));
  EXPECT_EQ(*chains.sending, chain.Number(5));
  const std::vector<Proto> links = chain.Messages(3);
  EXPECT_EQ(chains.links.size(), links.size());
  if (chains.links.size() != links.size()) return false;
  const bool unknown = HasUnknownSecret(recording, party.spqr);
  for (size_t i = 0; i + (unknown ? 1 : 0) < links.size(); ++i) {
    ExpectLink(party, Epoch(*chains.oldest() + i), links[i]);
  }
  // Its eleven states are numbered as ours, from 1.
  const Proto states = recorded.Message(3);
  const uint64_t type = party.spqr.state.index() + 1;
  EXPECT_TRUE(states.Has(type)) << "another state than " << type;
  if (!states.Has(type)) return false;
  const Proto unchunked = states.Message(type).Message(1);
  EXPECT_EQ(*EpochOf(party.spqr.state), unchunked.Number(1));
  if (unknown) return false;
  EXPECT_EQ(ToHex(chains.root.Expose()), ToHex(chain.Blob(4)));
  std::visit(
      [&](const auto& state) {
        const AuthenticatorKeys& keys = state.base.auth.keys;
        EXPECT_EQ(ToHex(keys.root.Expose()), ToHex(unchunked.Message(2).Blob(1)));
        EXPECT_EQ(ToHex(keys.mac.Expose()), ToHex(unchunked.Message(2).Blob(2)));
      },
      party.spqr.state);
  return true;
}

TEST(SignalBraid, TheWholeRecordingIsPredicted) {
  PAWL_VECTORS_OR_SKIP(transcript, "triple-ratchet/transcript.json.gz");
  const Recording recording = ReadRecording(transcript);
  RecordedBraid braid(recording);
  int sent = 0, parity = 0, received = 0, compared = 0, whole = 0;
  for (const Step& step : recording.steps) {
    SCOPED_TRACE(sent);
    Party& from = braid.party(step.from_a);
    Party& to = braid.party(!step.from_a);
    const Stamp stamp = RecordedBraid::Send(from).stamp;
    ASSERT_EQ(ToHex(EncodePq(RecordedBraid::scheme(), stamp)), ToHex(step.pq));
    ++sent;
    const size_t plain = stamp.message.kind == Kind::kHeader ? 3
                         : stamp.message.kind == Kind::kCt1  ? 30
                         : stamp.message.kind == Kind::kCt2  ? 5
                                                             : 36;
    if (HasChunk(stamp.message.kind) && stamp.message.index >= plain) ++parity;
    if (step.sender_after) {
      whole += ExpectState(recording, from, step.sender_after->Message(15)) ? 1 : 0;
      ++compared;
    }
    if (!step.delivered) continue;
    RecordedBraid::Receive(to, StampIn(step));
    ++received;
    if (step.receiver_after) {
      whole += ExpectState(recording, to, step.receiver_after->Message(15)) ? 1 : 0;
      ++compared;
    }
  }
  EXPECT_EQ(sent, 300);
  EXPECT_EQ(*EpochOf(braid.party(true).spqr.state), 3u);
  EXPECT_GE(parity, 54);
  EXPECT_EQ(compared, 53);
  EXPECT_EQ(whole, 46) << "with every secret";
  RecordProperty("received", received);
}

}  // namespace
}  // namespace pawl::signal
