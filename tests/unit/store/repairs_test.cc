#include "store/repairs.h"

#include <gtest/gtest.h>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using RepairsTest = StoreTest;

TEST_F(RepairsTest, OneRowForADeviceTheLastOneCounts) {
  const auto store = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
  RepairRow row{.address = "bob@example.org",
                .device = DeviceId(2),
                .reason = Code::kReplayed,
                .began_at = Timestamp{5},
                .attempts = 1,
                .not_before = Timestamp{9}};
  ASSERT_THAT(tx.repairs().Save(row), IsOk());
  row.attempts = 2;
  row.not_before = Timestamp{12};
  ASSERT_THAT(tx.repairs().Save(row), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx.repairs().LoadAll());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].address, "bob@example.org");
  EXPECT_EQ(rows[0].device, DeviceId(2));
  EXPECT_EQ(rows[0].reason, Code::kReplayed);
  EXPECT_EQ(rows[0].began_at, Timestamp{5});
  EXPECT_EQ(rows[0].attempts, 2u);
  EXPECT_EQ(rows[0].not_before, Timestamp{12});
}

TEST_F(RepairsTest, ErasesThatOfOneDeviceAlone) {
  const auto store = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
  for (uint32_t device : {1u, 2u}) {
    ASSERT_THAT(tx.repairs().Save({.address = "bob@example.org",
                                   .device = DeviceId(device),
                                   .began_at = now_,
                                   .not_before = now_}),
                IsOk());
  }
  ASSERT_THAT(tx.repairs().Erase("bob@example.org", DeviceId(1)), IsOk());
  ASSERT_THAT(tx.repairs().Erase("eve@example.org", DeviceId(2)), IsOk()) << "never there";
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx.repairs().LoadAll());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].device, DeviceId(2));
}

}  // namespace
}  // namespace pawl::store
