#include "relay/core/tokens.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "codec/writer.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"

namespace pawl::relay {
namespace {

using wire::TokenKind;

// The scalar of a proof, from all that the proof is about and the seed: the core has no generator
// of its own at this place, and one key never proves two things with one scalar.
class ProofRng final : public Rng {
 public:
  ProofRng(const engine::TokenSeed& seed, ByteView key, ByteView blinded)
      : seed_(seed), key_(key), blinded_(blinded) {}

  void Fill(MutableByteView out) override {
    constexpr size_t kMost = 64;
    while (!out.empty()) {
      const size_t size = std::min(out.size(), kMost);
      crypto::Secret<struct ProofBytesTag, kMost> bytes =
          crypto::Secret<struct ProofBytesTag, kMost>::Zero();
      const ByteArray<1> round{++round_};
      crypto::Blake2bKeyed(seed_.Expose(), {AsBytes("pawl token proof v1"), round, key_, blinded_},
                           bytes.Writable());
      std::copy_n(bytes.Expose().begin(), size, out.begin());
      out = out.subspan(size);
    }
  }

 private:
  const engine::TokenSeed& seed_;
  const ByteView key_;
  const ByteView blinded_;
  uint8_t round_ = 0;
};

// The keys that are good now are few; one of a period that is over is not asked for.
absl::StatusOr<const crypto::VoprfKey*> KeyFor(State& state, uint32_t period, TokenKind kind) {
  if (!state.tokens.seed) return Fail(Code::kWouldBlock, "the token keys are not there yet");
  auto& keys = state.tokens.keys;
  const std::pair name(period, static_cast<uint8_t>(kind));
  auto found = keys.find(name);
  if (found == keys.end()) {
    codec::Writer info;
    info.Raw(AsBytes(wire::kTokenKeyLabel));
    info.U32(period);
    info.U8(name.second);
    PAWL_ASSIGN(const Bytes encoded, std::move(info).Finish());
    PAWL_ASSIGN(auto key, crypto::VoprfKey::Derive(state.tokens.seed->Expose(), encoded));
    while (keys.size() >= TokenMint::kMaxKeys) keys.erase(keys.begin());
    found = keys.emplace(name, std::move(key)).first;
  }
  return &found->second;
}

absl::StatusOr<std::vector<crypto::VoprfElement>> ElementsIn(ByteView payload) {
  if (payload.empty() || payload.size() % wire::kTokenElementSize != 0) {
    return Fail(Code::kInvalidArgument, "not whole elements");
  }
  if (payload.size() > wire::kMaxTokensPerIssue * wire::kTokenElementSize) {
    return Fail(Code::kTooLarge, "too many elements");
  }
  std::vector<crypto::VoprfElement> elements(payload.size() / wire::kTokenElementSize);
  for (size_t i = 0; i < elements.size(); ++i) {
    const auto at = payload.begin() + static_cast<ptrdiff_t>(i * wire::kTokenElementSize);
    std::copy_n(at, wire::kTokenElementSize, elements[i].begin());
    if (!crypto::IsVoprfElement(elements[i])) return Fail(Code::kMalformed, "no element");
  }
  return elements;
}

// The same elements give the same tokens: only they may come again without being counted.
ByteArray<32> NameOf(const wire::fb::TokenIssue& issue, ByteView blinded) {
  const ByteArray<16> id = wire::ToArray(*issue.id());
  const ByteArray<1> large{issue.large()};
  const uint32_t p = issue.period();
  const ByteArray<4> period{static_cast<uint8_t>(p >> 24), static_cast<uint8_t>(p >> 16),
                            static_cast<uint8_t>(p >> 8), static_cast<uint8_t>(p)};
  return crypto::Blake2b256({AsBytes("pawl token issue v1"), id, period, large, blinded});
}

absl::StatusOr<crypto::VoprfEvaluation> Evaluate(State& state, const Pending& pending) {
  const Issuing& issuing = *pending.issuing;
  PAWL_ASSIGN(const crypto::VoprfKey* key, KeyFor(state, issuing.period, issuing.kind));
  PAWL_ASSIGN(const auto elements, ElementsIn(issuing.blinded));
  ProofRng rng(*state.tokens.seed, key->public_key(), issuing.blinded);
  return key->Evaluate(elements, rng);
}

// Before anything is computed: each once, and none that the upload does not need.
absl::Status CheckNumber(std::span<const wire::Token> tokens, uint64_t size) {
  absl::btree_set<std::pair<uint32_t, ByteArray<16>>> names;
  uint64_t worth = 0, least = 0;
  for (const wire::Token& token : tokens) {
    if (!names.emplace(token.period, token.serial).second) {
      return Fail(Code::kReplayed, "a token twice");
    }
    const uint64_t value = wire::ValueOf(token.kind);
    least = worth == 0 ? value : std::min(least, value);
    worth += value;
  }
  if (worth < size) return Fail(Code::kQuotaExceeded, "too few tokens");
  if (worth - least >= size) return Fail(Code::kInvalidArgument, "more tokens than it takes");
  return OkStatus();
}

}  // namespace

void LearnTokenSeed(Step& step, Rng& rng) {
  if (step.state.tokens.seed || std::exchange(step.state.tokens.asking, true)) return;
  auto candidate = std::make_shared<const engine::TokenSeed>(engine::TokenSeed::Random(rng));
  step.AskSelf(ConnectionId(0), Purpose::kTokenSeed, engine::GetTokenSeed{std::move(candidate)});
}

void FinishTokenSeed(Step& step, const engine::GotTokenSeed& got) {
  step.state.tokens.asking = false;
  if (got.code == Code::kOk) step.state.tokens.seed = got.seed;
}

void OnTokenKeysGet(Step& step, Connection& connection, const wire::fb::TokenKeysGet& get) {
  const auto bucket = KeyOf(BucketKind::kTokenKeys, {connection.peer.network});
  if (!step.TakeToken(connection, get.req(), bucket, kTokenKeysBucket)) return;
  const uint32_t period = wire::PeriodAt(step.now);
  const auto small = KeyFor(step.state, period, TokenKind::kSmall);
  const ByteArray<32> small_key = small.ok() ? (*small)->public_key() : ByteArray<32>{};
  const auto large = KeyFor(step.state, period, TokenKind::kLarge);
  if (!small.ok() || !large.ok()) return step.Refuse(connection, get.req(), Code::kWouldBlock);
  step.Say(connection, wire::TokenKeys{get.req(), period, wire::EndOf(period), small_key,
                                       (*large)->public_key()});
}

void OnTokenIssue(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::TokenIssue& issue = *frame.header->body_as_TokenIssue();
  const std::string device = connection.session->device.ToString();
  const auto bucket = KeyOf(BucketKind::kTokenIssue, {AsBytes(device)});
  if (!step.TakeToken(connection, issue.req(), bucket, kTokenIssueBucket)) return;
  const auto elements = ElementsIn(frame.payload);
  if (!elements.ok()) return step.Refuse(connection, issue.req(), CodeOf(elements));
  if (issue.period() != wire::PeriodAt(step.now)) {
    return step.Refuse(connection, issue.req(), Code::kExpired);
  }
  if (!step.state.tokens.seed) return step.Refuse(connection, issue.req(), Code::kWouldBlock);
  const TokenKind kind = issue.large() ? TokenKind::kLarge : TokenKind::kSmall;
  engine::IssueTokens op;
  op.mailbox = connection.session->mailbox;
  op.request = NameOf(issue, frame.payload);
  op.period = issue.period();
  op.bytes = elements->size() * wire::ValueOf(kind);
  step.AskIssuing(connection, issue.req(), op, {issue.period(), kind, ToBytes(frame.payload)});
}

void FinishTokenIssue(Step& step, Connection& connection, const Pending& pending,
                      const engine::TokensCounted& counted) {
  if (counted.code != Code::kOk) return step.Refuse(connection, pending.req, counted.code);
  const auto evaluation = Evaluate(step.state, pending);
  if (!evaluation.ok()) return step.Refuse(connection, pending.req, CodeOf(evaluation));
  Bytes elements;
  for (const crypto::VoprfElement& element : evaluation->elements) {
    elements.insert(elements.end(), element.begin(), element.end());
  }
  step.state.stats.tokens_issued += evaluation->elements.size();
  step.Say(connection, wire::TokensIssued{pending.req, evaluation->proof, elements});
}

absl::StatusOr<std::vector<engine::SpentToken>> CheckTokens(Step& step, uint64_t size,
                                                            ByteView payload) {
  PAWL_ASSIGN(const auto tokens, wire::ParseTokens(payload));
  PAWL_TRY(CheckNumber(tokens, size));
  std::vector<engine::SpentToken> payment;
  for (const wire::Token& token : tokens) {
    if (!wire::IsTaken(token.period, step.now)) return Fail(Code::kExpired, "token of its time");
    PAWL_ASSIGN(const crypto::VoprfKey* key, KeyFor(step.state, token.period, token.kind));
    PAWL_ASSIGN(const crypto::VoprfOutput output, key->Output(token.serial));
    if (!crypto::ConstantTimeEqual(output.Expose().first<16>(), token.mac)) {
      return Fail(Code::kAuthFailed, "token that was not issued here");
    }
    payment.push_back({token.period, token.serial});
  }
  return payment;
}

}  // namespace pawl::relay
