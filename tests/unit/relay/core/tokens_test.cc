#include "relay/core/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/token_purse.h"

namespace pawl::relay {
namespace {

using test::Encode;
using test::OwnerOf;
using test::RelayPerson;
using test::RelayWorld;
using test::TokenPurse;
using ::testing::SizeIs;
using wire::TokenKind;
namespace fb = wire::fb;

constexpr uint64_t kMib = uint64_t{1} << 20;

engine::Quotas SmallQuota() {
  engine::Quotas quotas;
  quotas.blob_bytes = 100 * kMib;
  return quotas;
}

class Tokens : public ::testing::Test {
 protected:
  Tokens()
      : world_(RelayWorld::DefaultConfig(), SmallQuota()),
        purse_(world_),
        bob_(world_.MakePerson("bob")),
        device_(world_.ConnectDevice(bob_)),
        anonymous_(world_.ConnectAnonymously()) {}

  // BLOB_BEGIN of one mebibyte or so; the code of the answer.
  Code Begin(uint8_t id, const std::vector<wire::Token>& tokens, uint64_t size = kMib) {
    const Bytes encoded = Encode(tokens);
    world_.Say(anonymous_, wire::BlobBegin{1, BlobId({id}), size, OwnerOf(secret_), encoded});
    const auto heard = world_.Hear(anonymous_);
    if (const auto* error = heard->As<fb::Error>()) return static_cast<Code>(error->code());
    EXPECT_NE(heard->As<fb::BlobBegun>(), nullptr);
    return Code::kOk;
  }
  Code Issue(const TokenPurse::Request& request, uint32_t period) {
    wire::TokenIssue frame = purse_.Frame(request);
    frame.period = period;
    world_.Say(device_, frame);
    const auto heard = world_.Hear(device_);
    if (const auto* error = heard->As<fb::Error>()) return static_cast<Code>(error->code());
    EXPECT_NE(heard->As<fb::TokensIssued>(), nullptr);
    return Code::kOk;
  }

  RelayWorld world_;
  TokenPurse purse_;
  RelayPerson bob_;
  ConnectionId device_;
  ConnectionId anonymous_;
  const ByteArray<32> secret_{0x5E};
};

TEST_F(Tokens, WhatADeviceIsGivenPaysForABlobOfNobody) {
  const auto tokens = purse_.Draw(device_, 2);
  ASSERT_THAT(tokens, SizeIs(2)) << "and the proof holds under the key that everybody hears";
  const BlobId id({1});
  EXPECT_EQ(Begin(1, tokens, 2 * kMib), Code::kOk);
  const Bytes chunk(1000, 7);
  world_.Say(anonymous_, wire::BlobChunk{2, id, 0, chunk, secret_});
  EXPECT_EQ(world_.Expect<fb::Ok>(anonymous_)->value(), 1000u);
  world_.Say(anonymous_, wire::BlobChunk{3, id, 1000, chunk, ByteArray<32>{1}});
  EXPECT_EQ(world_.ExpectError(anonymous_, 3), Code::kWrongState) << "without the secret";
  world_.Say(anonymous_, wire::BlobChunk{4, id, 1000, chunk});
  EXPECT_EQ(world_.ExpectError(anonymous_, 4), Code::kInvalidArgument);
  world_.Say(device_, wire::BlobChunk{5, id, 1000, chunk});
  EXPECT_EQ(world_.ExpectError(device_, 5), Code::kWrongState) << "it is not the account's";
  EXPECT_EQ(world_.stats().tokens_issued, 2u);
}

TEST_F(Tokens, ATokenIsTakenOnce) {
  const auto tokens = purse_.Draw(device_, 2);
  EXPECT_EQ(Begin(1, {tokens[0]}), Code::kOk);
  EXPECT_EQ(Begin(2, {tokens[0]}), Code::kReplayed);
  EXPECT_EQ(Begin(2, {tokens[1], tokens[1]}, 2 * kMib), Code::kReplayed) << "nor twice at once";
  EXPECT_EQ(Begin(2, {tokens[1]}), Code::kOk) << "a refusal took nothing";
}

TEST_F(Tokens, ABegunUploadStaysPaid) {
  const auto tokens = purse_.Draw(device_, 1);
  EXPECT_EQ(Begin(1, tokens), Code::kOk);
  world_.Say(anonymous_, wire::BlobChunk{2, BlobId({1}), 0, Bytes(1000, 7), secret_});
  world_.Expect<fb::Ok>(anonymous_);
  EXPECT_EQ(Begin(1, {}), Code::kOk);
  EXPECT_EQ(Begin(1, tokens), Code::kOk) << "as when the answer was lost";
  auto forged = tokens;
  forged[0].mac[0] ^= 1;
  EXPECT_EQ(Begin(1, forged), Code::kOk) << "whatever it carries";
  world_.Say(anonymous_, wire::BlobBegin{9, BlobId({1}), kMib, OwnerOf({9}), {}});
  EXPECT_EQ(world_.ExpectError(anonymous_, 9), Code::kAlreadyExists);
}

TEST_F(Tokens, WhatIsNotPaidIsNotBegun) {
  const auto tokens = purse_.Draw(device_, 1);
  EXPECT_EQ(Begin(1, {}), Code::kQuotaExceeded);
  EXPECT_EQ(Begin(1, tokens, kMib + 1), Code::kQuotaExceeded);
  world_.Say(anonymous_, wire::BlobBegin{1, BlobId({1}), kMib});
  EXPECT_EQ(world_.ExpectError(anonymous_, 1), Code::kInvalidArgument) << "nobody's";
  EXPECT_EQ(Begin(1, tokens), Code::kOk);
}

TEST_F(Tokens, AForgedTokenIsWorthNothing) {
  auto tokens = purse_.Draw(device_, 1);
  tokens[0].mac[3] ^= 1;
  EXPECT_EQ(Begin(1, tokens), Code::kAuthFailed);
  tokens[0].mac[3] ^= 1;
  tokens[0].kind = TokenKind::kLarge;
  EXPECT_EQ(Begin(1, tokens, 2 * kMib), Code::kAuthFailed) << "a small one is no large one";
  tokens[0].kind = static_cast<TokenKind>(7);
  EXPECT_EQ(Begin(1, tokens), Code::kMalformed);
  world_.Say(anonymous_, wire::BlobBegin{1, BlobId({1}), kMib, OwnerOf(secret_), Bytes(36)});
  EXPECT_EQ(world_.ExpectError(anonymous_, 1), Code::kMalformed);
}

TEST_F(Tokens, AnAccountIsGivenItsQuotaInAPeriod) {
  EXPECT_THAT(purse_.Draw(device_, 1, TokenKind::kLarge), SizeIs(1));
  EXPECT_THAT(purse_.Draw(device_, 36), SizeIs(36));
  EXPECT_EQ(Issue(purse_.Blind(1), purse_.period), Code::kQuotaExceeded);
  EXPECT_EQ(Issue(purse_.Blind(1, TokenKind::kLarge), purse_.period), Code::kQuotaExceeded);
  world_.Tick(wire::kTokenPeriod);
  device_ = world_.ConnectDevice(bob_);
  EXPECT_EQ(Issue(purse_.Blind(1), purse_.period), Code::kExpired) << "the period is over";
  EXPECT_EQ(Issue(purse_.Blind(1), purse_.period + 1), Code::kOk);
}

TEST_F(Tokens, TheSameRequestIsCountedOnceAndAnsweredAlike) {
  purse_.LearnKeys();
  const auto request = purse_.Blind(60);
  world_.Say(device_, purse_.Frame(request));
  const auto* first = world_.Expect<fb::TokensIssued>(device_);
  const auto tokens = purse_.Unblind(request, *first, world_.last_payload());
  world_.Say(device_, purse_.Frame(request));
  const auto* again = world_.Expect<fb::TokensIssued>(device_);
  EXPECT_EQ(purse_.Unblind(request, *again, world_.last_payload()), tokens);
  EXPECT_EQ(Issue(purse_.Blind(40), purse_.period), Code::kOk) << "60 of 100 were counted";
}

TEST_F(Tokens, AnIdThatWasCountedDoesNotPayForAnotherRequest) {
  purse_.LearnKeys();
  const auto request = purse_.Blind(1);
  EXPECT_EQ(Issue(request, purse_.period), Code::kOk);
  auto other = purse_.Blind(60);
  other.id = request.id;
  EXPECT_EQ(Issue(other, purse_.period), Code::kOk);
  auto large = request.payload;
  world_.Say(
      device_,
      wire::TokenIssue{
          .req = 7, .id = request.id, .period = purse_.period, .large = true, .blinded = large});
  EXPECT_EQ(world_.ExpectError(device_, 7), Code::kQuotaExceeded) << "39 of 100 are left";
}

TEST_F(Tokens, WhatIsNoElementIsNotCounted) {
  purse_.LearnKeys();
  auto request = purse_.Blind(60);
  std::fill_n(request.payload.begin() + 32, 32, uint8_t{0});
  EXPECT_EQ(Issue(request, purse_.period), Code::kMalformed) << "the identity";
  std::fill_n(request.payload.begin() + 32, 32, uint8_t{0xFF});
  EXPECT_EQ(Issue(request, purse_.period), Code::kMalformed) << "no encoding";
  EXPECT_EQ(Issue(purse_.Blind(60), purse_.period), Code::kOk);
}

TEST_F(Tokens, MoreThanAnUploadTakesAreNotLookedAt) {
  const auto tokens = purse_.Draw(device_, 3);
  EXPECT_EQ(Begin(1, tokens, 2 * kMib), Code::kInvalidArgument);
  EXPECT_EQ(Begin(1, tokens, 3 * kMib), Code::kOk);
}

TEST_F(Tokens, TokensOutliveTheirPeriodByAWeek) {
  const auto tokens = purse_.Draw(device_, 3);
  const Duration left = wire::EndOf(purse_.period) - world_.clock().Now();
  EXPECT_EQ(Begin(1, {tokens[0]}), Code::kOk);
  world_.Tick(Milliseconds(left.ms + wire::kTokenOverlap.ms - 1));
  anonymous_ = world_.ConnectAnonymously();
  EXPECT_EQ(Begin(2, {tokens[0]}), Code::kReplayed) << "it is remembered as long";
  EXPECT_EQ(Begin(3, {tokens[1]}), Code::kOk);
  world_.Tick(Milliseconds(1));
  EXPECT_EQ(Begin(4, {tokens[2]}), Code::kExpired);
}

TEST_F(Tokens, KeysChangeWithThePeriodAndAreTheSameForAll) {
  purse_.LearnKeys();
  TokenPurse other(world_);
  other.LearnKeys();
  EXPECT_EQ(other.small_key, purse_.small_key);
  EXPECT_NE(purse_.large_key, purse_.small_key);
  world_.Tick(wire::kTokenPeriod);
  other.LearnKeys();
  EXPECT_EQ(other.period, purse_.period + 1);
  EXPECT_NE(other.small_key, purse_.small_key);
}

TEST_F(Tokens, OddRequestsAreRefusedAndCountNothing) {
  purse_.LearnKeys();
  auto request = purse_.Blind(1);
  request.payload.pop_back();
  EXPECT_EQ(Issue(request, purse_.period), Code::kInvalidArgument);
  request.payload.clear();
  EXPECT_EQ(Issue(request, purse_.period), Code::kInvalidArgument);
  EXPECT_EQ(Issue(purse_.Blind(wire::kMaxTokensPerIssue + 1), purse_.period), Code::kTooLarge);
  world_.Say(device_, wire::TokenKeysGet{3});
  EXPECT_EQ(world_.ExpectError(device_, 3), Code::kWrongState)
      << "a relay that knows who asks could give a key to each";
  world_.Say(anonymous_, purse_.Frame(purse_.Blind(1)));
  EXPECT_EQ(world_.ExpectError(anonymous_, 7), Code::kWrongState) << "it is nobody's quota";
}

TEST_F(Tokens, OnlyTheUploaderDeletesOrRestarts) {
  EXPECT_EQ(Begin(1, purse_.Draw(device_, 1), 100), Code::kOk);
  const BlobId id({1});
  world_.Say(anonymous_, wire::BlobChunk{2, id, 0, Bytes(100, 7), secret_});
  world_.Expect<fb::Ok>(anonymous_);
  world_.Say(anonymous_, wire::BlobDelete{5, id, secret_, true});
  world_.Expect<fb::Ok>(anonymous_);
  EXPECT_EQ(Begin(1, {}, 100), Code::kOk) << "restarted, it is still paid";
  world_.Say(anonymous_, wire::BlobChunk{2, id, 0, Bytes(100, 8), secret_},
             wire::BlobCommit{3, id, secret_});
  world_.Expect<fb::Ok>(anonymous_);
  world_.Expect<fb::Ok>(anonymous_);
  world_.Say(anonymous_, wire::BlobDelete{4, id, ByteArray<32>{1}});
  EXPECT_EQ(world_.ExpectError(anonymous_, 4), Code::kNotFound) << "who only reads it";
  world_.Say(anonymous_, wire::BlobDelete{6, id, secret_, true});
  EXPECT_EQ(world_.ExpectError(anonymous_, 6), Code::kWrongState) << "committed";
  world_.Say(anonymous_, wire::BlobDelete{7, id, secret_});
  world_.Expect<fb::Ok>(anonymous_);
  EXPECT_EQ(Begin(1, {}, 100), Code::kQuotaExceeded) << "deleted, it is not";
}

}  // namespace
}  // namespace pawl::relay
