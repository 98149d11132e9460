#include "relay/engine/sqlite/tokens.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

class Tokens : public TestStore {
 protected:
  BlobBegun Begin(uint8_t blob, std::vector<SpentToken> tokens) {
    BeginBlob op;
    op.owner = BlobOwner(ByteArray<32>{9});
    op.id = BlobId({blob});
    op.size = 10;
    op.now = kNow;
    op.expires = kNow + Days(3);
    op.tokens = std::move(tokens);
    return Write<BlobBegun>(std::move(op));
  }
};

TEST_F(Tokens, SpentOnesAreForgottenByPeriod) {
  Begin(1, {{5, {1}}, {5, {2}}, {6, {3}}});
  EXPECT_EQ(Count("SELECT count(*) FROM spent_token"), 3);
  Write<Expired>(Expire{kNow, 10, 5});
  EXPECT_EQ(Count("SELECT count(*) FROM spent_token"), 3);
  Write<Expired>(Expire{kNow, 10, 6});
  EXPECT_EQ(Count("SELECT count(*) FROM spent_token"), 1);
}

TEST_F(Tokens, AClockThatWasAheadMakesNoTokenGoodAgain) {
  Write<GotTokenSeed>(
      GetTokenSeed{std::make_shared<const TokenSeed>(TokenSeed::From(ByteArray<32>{1}))});
  EXPECT_EQ(Begin(1, {{5, {1}}}).code, Code::kOk);
  Write<Expired>(Expire{kNow, 10, 6});
  EXPECT_EQ(Begin(2, {{5, {1}}}).code, Code::kExpired);
  EXPECT_EQ(Begin(2, {{6, {1}}}).code, Code::kOk);
}

TEST_F(Tokens, OfManyToBeForgottenSomeGoAtATime) {
  std::vector<SpentToken> tokens;
  for (uint8_t i = 0; i < 20; ++i) tokens.push_back({5, {i}});
  Begin(1, tokens);
  EXPECT_TRUE(Write<Expired>(Expire{kNow, 8, 6}).more);
  EXPECT_EQ(Count("SELECT count(*) FROM spent_token"), 12);
}

TEST_F(Tokens, ABlobOfNobodyCountsForNoAccountAndGoesWithItsTime) {
  MakeAccount("bob@x");
  Begin(1, {{5, {1}}});
  EXPECT_EQ(Count("SELECT sum(blob_bytes) FROM account"), 0);
  EXPECT_EQ(Count("SELECT account FROM blob"), 0);
  Write<Expired>(Expire{kNow + Days(3), 10, 0});
  EXPECT_EQ(Count("SELECT count(*) FROM blob"), 0);
  EXPECT_EQ(Count("SELECT sum(blob_bytes) FROM account"), 0);
}

TEST_F(Tokens, ABlobOfNobodyOutlivesASweep) {
  Begin(1, {{5, {1}}});
  EXPECT_THAT(files_->Append(BlobId({1}), 0, Bytes(4, 9)), test::IsOk());
  Open();
  EXPECT_EQ(files_->SizeOf(BlobId({1})), 4u);
}

TEST_F(Tokens, AClockThatWasSetBackOpensNoPeriodAnew) {
  const MailboxRef bob = MakeAccount("bob@x");
  EXPECT_EQ(Write<TokensCounted>(IssueTokens{bob, {1}, 7, 100}).code, Code::kOk);
  EXPECT_EQ(Write<TokensCounted>(IssueTokens{bob, {2}, 6, 100}).code, Code::kQuotaExceeded);
  EXPECT_EQ(Write<TokensCounted>(IssueTokens{bob, {3}, 7, 100}).code, Code::kOk);
  EXPECT_EQ(Count("SELECT token_bytes FROM account"), 200);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
