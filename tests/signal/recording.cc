#include "recording.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ratchet/braid/erasure_code.h"
#include "spqr_message.h"

namespace pawl::signal {
namespace {

using ratchet::braid::Kind;
using ratchet::braid::Message;

constexpr size_t kChunkSize = 32;

Proto SessionIn(const test::Json& json, const char* record) {
  return Proto(json.Hex(record)).Message(1);
}

Step ReadStep(const test::Json& json) {
  Step step;
  step.from_a = json.Text("from") == "A";
  step.delivered = json.Bool("delivered");
  step.plaintext = json.Hex("plaintext");
  step.message = json.Hex("message");
  if (json.Int("type") == 3) {  // a PreKeySignalMessage around it
    step.message = Proto(ByteView(step.message).subspan(1)).Blob(4);
  }
  step.pq = step.fields().Blob(5);
  if (json.Has("senderRecordAfter")) step.sender_after = SessionIn(json, "senderRecordAfter");
  if (json.Has("receiverRecordAfter")) step.receiver_after = SessionIn(json, "receiverRecordAfter");
  return step;
}

// Whatever stands in the Braid's state that has the length of a decapsulation key.
void FindDecapsulationKey(const Proto& session, std::map<uint64_t, Exchange>& exchanges) {
  const Proto state = session.Message(15).Message(3);
  for (const uint64_t type : state.BlobFields()) {
    const Proto unchunked = state.Message(type).Message(1);
    for (const uint64_t field : unchunked.BlobFields()) {
      const Bytes blob = unchunked.Blob(field);
      if (blob.size() == 2400) exchanges[unchunked.Number(1)].decapsulation_key = blob;
    }
  }
}

// A stream from all its chunks, lost ones too.
template <size_t N>
void Decode(const std::vector<Step>& steps, uint64_t epoch, Kind kind, size_t stream_size,
            ByteArray<N>& out) {
  ratchet::braid::ChunkCollector collector({stream_size, kChunkSize});
  for (const Step& step : steps) {
    const Message message = StampIn(step).message;
    if (*message.epoch != epoch || message.kind != kind) continue;
    const ByteView chunk = ByteView(message.chunk_bytes).first(kChunkSize);
    if (const auto whole = collector.CompletedBy(message.index, chunk)) {
      std::copy_n(whole->begin(), N, out.begin());
      return;
    }
    if (!collector.Has(message.index)) collector.Add(message.index, chunk);
  }
}

}  // namespace

ratchet::braid::Stamp StampIn(const Step& step) {
  absl::StatusOr<ratchet::braid::Stamp> stamp = ParsePq(step.pq);
  EXPECT_TRUE(stamp.ok());
  return stamp.value_or(ratchet::braid::Stamp());
}

Recording ReadRecording(const test::Json& transcript) {
  Recording recording;
  recording.alice = SessionIn(transcript.Get("alice"), "initialRecord");
  recording.alice_identity = transcript.Get("alice").Hex("identityPub");
  recording.bob_identity = transcript.Get("bob").Hex("identityPub");
  const Bytes auth_key = recording.alice.Message(15).Message(1).Blob(1);
  EXPECT_EQ(auth_key.size(), 32u);
  std::copy(auth_key.begin(), auth_key.end(), recording.auth_key.Writable().begin());
  for (const test::Json& json : transcript.List("steps")) {
    recording.steps.push_back(ReadStep(json));
    const Step& step = recording.steps.back();
    if (step.sender_after) FindDecapsulationKey(*step.sender_after, recording.exchanges);
    if (step.receiver_after) FindDecapsulationKey(*step.receiver_after, recording.exchanges);
  }
  for (auto& [epoch, exchange] : recording.exchanges) {
    Decode(recording.steps, epoch, Kind::kCt1, exchange.ct1.size(), exchange.ct1);
    Decode(recording.steps, epoch, Kind::kCt2, exchange.ct2.size() + 32, exchange.ct2);
  }
  return recording;
}

}  // namespace pawl::signal
