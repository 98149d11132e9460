#include "store/prekeys.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

PrekeyRow PrekeyOf(PrekeyKind kind, uint32_t id, uint32_t last_resort_id = 0) {
  PrekeyRow row;
  row.kind = kind;
  row.id = id;
  row.last_resort_id = last_resort_id;
  row.private_part = SecretOf("private");
  row.public_record = {1, 2};
  row.created_at = Timestamp{3};
  row.expires_at = Timestamp{100 + id};
  return row;
}

class PrekeysTest : public GatewayTest {};

TEST_F(PrekeysTest, EveryFieldComesBackAfterReopening) {
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kBundle, 1, 3)), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->prekeys().Find(PrekeyKind::kBundle, 1));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->kind, PrekeyKind::kBundle);
  EXPECT_EQ(row->id, 1u);
  EXPECT_EQ(row->last_resort_id, 3u);
  EXPECT_EQ(TextOf(row->private_part), "private");
  EXPECT_EQ(row->public_record, (Bytes{1, 2}));
  EXPECT_EQ(row->created_at, Timestamp{3});
  EXPECT_EQ(row->expires_at, Timestamp{101});
  EXPECT_FALSE(row->uploaded);
  EXPECT_FALSE(tx_->prekeys().Find(PrekeyKind::kOneTime, 1)->has_value());
}

TEST_F(PrekeysTest, ReservedIdsNeverComeBack) {
  EXPECT_THAT(tx_->prekeys().ReserveIds(3), IsOkAndHolds(1u));
  EXPECT_THAT(tx_->prekeys().ReserveIds(1), IsOkAndHolds(4u));
  Reopen();
  EXPECT_THAT(tx_->prekeys().ReserveIds(100), IsOkAndHolds(5u));
  EXPECT_THAT(tx_->prekeys().ReserveIds(UINT32_MAX), HasCode(Code::kTooLarge));
  EXPECT_THAT(tx_->prekeys().ReserveIds(1), IsOkAndHolds(105u));
}

TEST_F(PrekeysTest, UploadIsRememberedByKindAndId) {
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kBundle, 1)), IsOk());
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kOneTime, 4)), IsOk());
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kOneTime, 5)), IsOk());
  EXPECT_THAT(tx_->prekeys().LoadNotUploaded(2), IsOkAndHolds(SizeIs(2)));
  ASSERT_THAT(tx_->prekeys().MarkUploaded(PrekeyKind::kOneTime, 4), IsOk());
  EXPECT_THAT(tx_->prekeys().MarkUploaded(PrekeyKind::kBundle, 4), HasCode(Code::kNotFound));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->prekeys().LoadNotUploaded(9));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].id, 1u);
  EXPECT_EQ(rows[1].id, 5u);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto pairs, tx_->prekeys().LoadKind(PrekeyKind::kOneTime));
  ASSERT_THAT(pairs, SizeIs(2));
  EXPECT_EQ(pairs[0].id, 5u);
  EXPECT_TRUE(pairs[1].uploaded);
  EXPECT_THAT(tx_->prekeys().Count(PrekeyKind::kOneTime), IsOkAndHolds(2u));
}

TEST_F(PrekeysTest, ReplayHashesLiveExactlyAsLongAsTheirKey) {
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kBundle, 1, 3)), IsOk());
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kBundle, 4, 6)), IsOk());
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kOneTime, 7)), IsOk());
  ASSERT_THAT(tx_->replay().Add({3, HashOf(1)}), IsOk());
  ASSERT_THAT(tx_->replay().Add({6, HashOf(2)}), IsOk());
  // The bundle is saved again when another replaces it: its hashes stay.
  ASSERT_THAT(tx_->prekeys().Save(PrekeyOf(PrekeyKind::kBundle, 1, 3)), IsOk());
  ASSERT_THAT(tx_->prekeys().Erase(PrekeyKind::kOneTime, 7), IsOk());
  EXPECT_THAT(tx_->replay().LoadAll(), IsOkAndHolds(SizeIs(2)));
  ASSERT_THAT(tx_->prekeys().Erase(PrekeyKind::kBundle, 4), IsOk());
  EXPECT_THAT(tx_->replay().Seen(HashOf(1)), IsOkAndHolds(true));
  EXPECT_THAT(tx_->replay().Seen(HashOf(2)), IsOkAndHolds(false));
  EXPECT_THAT(tx_->prekeys().EraseExpired(Timestamp{100}), IsOkAndHolds(0u));
  EXPECT_THAT(tx_->prekeys().EraseExpired(Timestamp{101}), IsOkAndHolds(1u));
  EXPECT_THAT(tx_->replay().LoadAll(), IsOkAndHolds(IsEmpty()));
}

TEST_F(PrekeysTest, BeyondTheNewestTheOldestOfTheirKindGo) {
  for (uint32_t id = 1; id <= 5; ++id) {
    PrekeyRow row;
    row.kind = id == 1 ? PrekeyKind::kBundle : PrekeyKind::kOneTime;
    row.id = id;
    ASSERT_THAT(tx_->prekeys().Save(row), IsOk());
  }
  ASSERT_THAT(tx_->prekeys().EraseBeyond(PrekeyKind::kOneTime, 9), IsOk());
  EXPECT_THAT(tx_->prekeys().Count(PrekeyKind::kOneTime), IsOkAndHolds(4u));
  ASSERT_THAT(tx_->prekeys().EraseBeyond(PrekeyKind::kOneTime, 2), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->prekeys().LoadKind(PrekeyKind::kOneTime));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].id, 5u);
  EXPECT_EQ(rows[1].id, 4u);
  EXPECT_THAT(tx_->prekeys().Count(PrekeyKind::kBundle), IsOkAndHolds(1u));
}

}  // namespace
}  // namespace pawl::store
