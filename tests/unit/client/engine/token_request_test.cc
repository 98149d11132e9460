#include "client/engine/token_request.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

// A relay with one key for each kind.
class TokenRequestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(crypto::Init(), IsOk());
    small_.emplace(*crypto::VoprfKey::Derive(ByteArray<32>{1}, AsBytes("small")));
    large_.emplace(*crypto::VoprfKey::Derive(ByteArray<32>{1}, AsBytes("large")));
    keys_ = {.period = 9,
             .until = Timestamp{1000},
             .small = small_->public_key(),
             .large = large_->public_key()};
  }
  struct Answer {
    crypto::VoprfProof proof{};
    Bytes evaluated{};
  };
  Answer Evaluate(const TokenRequest& request, const crypto::VoprfKey& key) {
    std::vector<crypto::VoprfElement> blinded;
    for (const auto& item : request.items) blinded.push_back(item.blinded.element);
    const auto evaluation = *key.Evaluate(blinded, rng_);
    Answer answer{.proof = evaluation.proof};
    for (const auto& element : evaluation.elements) {
      answer.evaluated.insert(answer.evaluated.end(), element.begin(), element.end());
    }
    return answer;
  }
  test::SeededRng rng_{3};
  std::optional<crypto::VoprfKey> small_, large_;
  IssuingKeys keys_;
};

TEST_F(TokenRequestTest, TheTokensAreWhatTheRelayTakes) {
  const auto request = *MakeTokenRequest(9, wire::TokenKind::kLarge, 3, rng_);
  const Answer answer = Evaluate(request, *large_);
  const auto rows = FinishTokens(request, keys_, answer.proof, answer.evaluated);
  ASSERT_THAT(rows, IsOk());
  const auto encoded = EncodeTokens(*rows);
  const auto tokens = wire::ParseTokens(encoded.Expose());
  ASSERT_THAT(tokens, IsOk());
  ASSERT_EQ(tokens->size(), 3u);
  for (const wire::Token& token : *tokens) {
    EXPECT_EQ(token.period, 9u);
    EXPECT_EQ(token.kind, wire::TokenKind::kLarge);
    const auto output = *large_->Output(token.serial);
    EXPECT_TRUE(SameBytes(output.Expose().first<16>(), token.mac));
  }
}

TEST_F(TokenRequestTest, ARequestGoesOnAfterItsProcessAsTheSame) {
  const auto made = *MakeTokenRequest(9, wire::TokenKind::kSmall, 4, rng_);
  const auto encoded = Encode(made);
  const auto again = DecodeTokenRequest(encoded.Expose());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->id, made.id);
  EXPECT_EQ(BlindedElements(*again), BlindedElements(made));
  const Answer answer = Evaluate(made, *small_);
  EXPECT_THAT(FinishTokens(*again, keys_, answer.proof, answer.evaluated), IsOk());
}

TEST_F(TokenRequestTest, AnAnswerThatWasNotMadeWithTheKeyThatAllKnowIsRefused) {
  const auto request = *MakeTokenRequest(9, wire::TokenKind::kSmall, 2, rng_);
  const auto own = *crypto::VoprfKey::Derive(ByteArray<32>{2}, AsBytes("for one client alone"));
  const Answer marked = Evaluate(request, own);
  EXPECT_THAT(FinishTokens(request, keys_, marked.proof, marked.evaluated),
              HasCode(Code::kAuthFailed));
  const Answer other_kind = Evaluate(request, *large_);
  EXPECT_THAT(FinishTokens(request, keys_, other_kind.proof, other_kind.evaluated),
              HasCode(Code::kAuthFailed));
  Answer shorter = Evaluate(request, *small_);
  shorter.evaluated.resize(32);
  EXPECT_THAT(FinishTokens(request, keys_, shorter.proof, shorter.evaluated),
              HasCode(Code::kMalformed));
  const Answer good = Evaluate(request, *small_);
  keys_.period = 10;
  EXPECT_THAT(FinishTokens(request, keys_, good.proof, good.evaluated), HasCode(Code::kAuthFailed));
}

TEST_F(TokenRequestTest, WhatIsNoEncodingIsMalformed) {
  const auto encoded = Encode(*MakeTokenRequest(9, wire::TokenKind::kSmall, 2, rng_));
  for (size_t cut = 0; cut < encoded.size(); ++cut) {
    // One item less is a request, too.
    const Code expected = cut == encoded.size() - 80 ? Code::kOk : Code::kMalformed;
    EXPECT_EQ(CodeOf(DecodeTokenRequest(encoded.Expose().first(cut))), expected) << cut;
  }
  Bytes kind = ToBytes(encoded.Expose());
  kind[20] = 3;
  EXPECT_THAT(DecodeTokenRequest(kind), HasCode(Code::kMalformed));
}

TEST_F(TokenRequestTest, KeysComeBack) {
  const Bytes encoded = Encode(keys_);
  const auto keys = DecodeIssuingKeys(encoded);
  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->period, 9u);
  EXPECT_EQ(keys->until, Timestamp{1000});
  EXPECT_EQ(keys->small, keys_.small);
  EXPECT_EQ(keys->large, keys_.large);
  EXPECT_THAT(DecodeIssuingKeys(ByteView(encoded).first(70)), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::client
