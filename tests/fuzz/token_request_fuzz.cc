#include "client/engine/token_request.h"

#include "codec/reader.h"
#include "crypto/init.h"
#include "support/fuzz_require.h"
#include "support/seeded_rng.h"

namespace {

using namespace pawl;
using client::FinishTokens;
using client::IssuingKeys;
using client::TokenRequest;

// What parses has one encoding.
void CheckKeys(ByteView bytes) {
  const auto keys = client::DecodeIssuingKeys(bytes);
  if (keys.ok()) test::Require(SameBytes(Encode(*keys), bytes));
}

void CheckRequest(ByteView bytes) {
  const auto request = client::DecodeTokenRequest(bytes);
  if (!request.ok()) return;
  test::Require(SameBytes(Encode(*request).Expose(), bytes));
  test::Require(request->items.size() <= wire::kMaxTokensPerIssue);
}

// Keys and an answer as a hostile relay could say them: no token comes of them but with a proof,
// which no fuzzer finds.
void CheckAnswer(ByteView bytes) {
  static test::SeededRng rng(1);
  static const TokenRequest request = *client::MakeTokenRequest(9, wire::TokenKind::kSmall, 2, rng);
  codec::Reader in(bytes);
  IssuingKeys keys{.period = 9};
  keys.small = in.Array<32>();
  crypto::VoprfProof proof{};
  in.Copy(proof);
  const ByteView evaluated = in.Rest();
  if (!in.Finish().ok()) return;
  test::Require(!FinishTokens(request, keys, proof, evaluated).ok());
}

}  // namespace

// The first byte says what the rest is: keys, a request as the store holds it, or an answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = crypto::Init().ok();
  if (!ready || size == 0 || size > 8192) return 0;
  const ByteView bytes(data + 1, size - 1);
  if (data[0] % 3 == 0) CheckKeys(bytes);
  if (data[0] % 3 == 1) CheckRequest(bytes);
  if (data[0] % 3 == 2) CheckAnswer(bytes);
  return 0;
}
