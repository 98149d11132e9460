#include "store/skipped.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class SkippedTest : public GatewayTest {
 protected:
  SessionId Session() {
    SessionRow row;
    row.address = "b@x";
    const auto id = tx_->sessions().Insert(row);
    EXPECT_THAT(id, IsOk());
    return id.value_or(SessionId());
  }
};

TEST_F(SkippedTest, EveryFieldComesBackAfterReopening) {
  const SessionId session = Session();
  ASSERT_THAT(tx_->skipped().Add(session, TagOf(1), AsBytes("key"), Timestamp{5}), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->skipped().LoadOf(session));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].session, session);
  EXPECT_EQ(rows[0].tag, TagOf(1));
  EXPECT_EQ(TextOf(rows[0].key), "key");
  EXPECT_EQ(rows[0].expires_at, Timestamp{5});
}

TEST_F(SkippedTest, BelongToASessionThatIsThere) {
  EXPECT_THAT(tx_->skipped().Add(SessionId(9), TagOf(1), AsBytes("key"), kNever),
              HasCode(Code::kNotFound));
}

TEST_F(SkippedTest, OneTagIsThereOncePerSession) {
  const SessionId a = Session();
  const SessionId b = Session();
  ASSERT_THAT(tx_->skipped().Add(a, TagOf(1), AsBytes("key"), kNever), IsOk());
  EXPECT_THAT(tx_->skipped().Add(a, TagOf(1), AsBytes("other"), kNever),
              HasCode(Code::kAlreadyExists));
  EXPECT_THAT(tx_->skipped().Add(b, TagOf(1), AsBytes("key"), kNever), IsOk());
  ASSERT_THAT(tx_->skipped().Erase(a, TagOf(1)), IsOk());
  EXPECT_THAT(tx_->skipped().LoadOf(a), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->skipped().LoadOf(b), IsOkAndHolds(SizeIs(1)));
}

TEST_F(SkippedTest, ExpiredOnesAreErasedAndNamedInBoundedPieces) {
  const SessionId session = Session();
  for (uint8_t n = 0; n < 5; ++n) {
    ASSERT_THAT(tx_->skipped().Add(session, TagOf(n), AsBytes("key"), Timestamp{n}), IsOk());
  }
  EXPECT_THAT(tx_->skipped().EraseExpired(Timestamp{2}, 2), IsOkAndHolds(SizeIs(2)));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto last, tx_->skipped().EraseExpired(Timestamp{2}, 2));
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].session, session);
  EXPECT_THAT(tx_->skipped().EraseExpired(Timestamp{2}, 2), IsOkAndHolds(IsEmpty()));
  Reopen();
  EXPECT_THAT(tx_->skipped().LoadOf(session), IsOkAndHolds(SizeIs(2)));
}

TEST_F(SkippedTest, NamesComeInPagesWithoutGapOrRepetition) {
  const SessionId a = Session(), b = Session();
  for (uint8_t tag = 5; tag > 0; --tag) {
    ASSERT_THAT(tx_->skipped().Add(a, TagOf(tag), AsBytes("key"), kNever), IsOk());
    ASSERT_THAT(tx_->skipped().Add(b, TagOf(tag), AsBytes("key"), kNever), IsOk());
  }
  std::vector<std::pair<SessionId, uint8_t>> seen;
  SkippedName after;
  for (;;) {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto page, tx_->skipped().Names(after, 3));
    for (const SkippedName& name : page) seen.emplace_back(name.session, name.tag[0]);
    if (page.size() < 3) break;
    after = page.back();
  }
  ASSERT_THAT(seen, SizeIs(10));
  for (uint8_t i = 0; i < 10; ++i) {
    EXPECT_EQ(seen[i], std::make_pair(i < 5 ? a : b, static_cast<uint8_t>(i % 5 + 1)));
  }
}

}  // namespace
}  // namespace pawl::store
