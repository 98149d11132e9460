#include "crypto/init.h"
#include "ratchet/braid/spqr.h"
#include "support/fuzz_require.h"
#include "support/seeded_rng.h"

namespace {

using namespace pawl;
using namespace pawl::ratchet::braid;

const Scheme& scheme = ProductionScheme();
constexpr size_t kStampSize = StampSize(kChunkSize);

Bytes Encoded(const Spqr& spqr) {
  Bytes out(kMaxSpqrSize);
  out.resize(EncodeSpqr(spqr, out));
  return out;
}

// A stamp that parses has one encoding; whatever an authentic one says, the state stays one that
// can be stored and gone on with.
void Receive(ByteView bytes, Spqr& spqr, SkippedPqMap& skipped) {
  const auto stamp = ParseStamp(scheme, bytes);
  if (!stamp.ok()) return;
  Bytes again(kStampSize);
  EncodeStamp(scheme, *stamp, again);
  test::Require(SameBytes(again, bytes));
  SkippedPqDelta delta(skipped);
  auto key = PrepareReceiveKey(scheme, spqr, delta, *stamp, Timestamp{1}, Timestamp{2});
  if (!key.ok()) return;
  ApplyReceive(scheme, *std::move(key), stamp->message, spqr, delta);
  std::move(delta).CommitTo(skipped);
  test::Require(skipped.size() <= kMaxSkippedPqKeys);
}

void Send(Spqr& spqr, SkippedPqMap& skipped, Rng& rng) {
  auto send = PrepareSend(scheme, spqr, rng);
  if (!send.ok()) return;
  SkippedPqDelta delta(skipped);
  ApplySend(scheme, *std::move(send), spqr, delta);
  std::move(delta).CommitTo(skipped);
}

}  // namespace

// A big-endian length and that many bytes of state, then stamps, each after a message of ours.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || !crypto::Init().ok()) return 0;
  ByteView rest = ByteView(data, size).subspan(2);
  const size_t state_size = std::min<size_t>(size_t{data[0]} << 8 | data[1], rest.size());
  auto spqr = DecodeSpqr(scheme, rest.first(state_size));
  if (!spqr.ok()) return 0;
  test::Require(SameBytes(Encoded(*spqr), rest.first(state_size)));
  test::SeededRng rng(1);
  SkippedPqMap skipped;
  for (rest = rest.subspan(state_size); rest.size() >= kStampSize;
       rest = rest.subspan(kStampSize)) {
    Send(*spqr, skipped, rng);
    Receive(rest.first(kStampSize), *spqr, skipped);
  }
  test::Require(DecodeSpqr(scheme, Encoded(*spqr)).ok());
  return 0;
}
