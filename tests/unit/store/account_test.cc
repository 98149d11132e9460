#include "store/account.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

AccountRow Alice() {
  AccountRow row;
  row.address = "alice@example.org";
  row.device = DeviceId(3);
  row.epoch = DeviceEpoch(2);
  row.account_seed = SecretOf("account seed");
  row.device_seed = SecretOf("device seed");
  row.identity_key = SecretOf("identity key");
  row.device_list = {1, 2};
  row.epoch_record = {3};
  row.delivery_key = SecretOf("delivery");
  row.previous_delivery_key = SecretOf("previous");
  row.previous_delivery_key_until = Timestamp{55};
  row.relay_url = "wss://relay.example.org";
  row.registered = true;
  return row;
}

class AccountTest : public GatewayTest {};

TEST_F(AccountTest, IsAbsentInANewStore) {
  EXPECT_THAT(tx_->account().Load(), IsOk());
  EXPECT_FALSE(tx_->account().Load()->has_value());
}

TEST_F(AccountTest, EveryFieldComesBackAfterReopening) {
  ASSERT_THAT(tx_->account().Save(Alice()), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const std::optional<AccountRow> row, tx_->account().Load());
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->address, "alice@example.org");
  EXPECT_EQ(row->device, DeviceId(3));
  EXPECT_EQ(row->epoch, DeviceEpoch(2));
  EXPECT_EQ(TextOf(row->account_seed), "account seed");
  EXPECT_EQ(TextOf(row->device_seed), "device seed");
  EXPECT_EQ(TextOf(row->identity_key), "identity key");
  EXPECT_EQ(row->device_list, (Bytes{1, 2}));
  EXPECT_EQ(row->epoch_record, (Bytes{3}));
  EXPECT_EQ(TextOf(row->delivery_key), "delivery");
  EXPECT_EQ(TextOf(row->previous_delivery_key), "previous");
  EXPECT_EQ(row->previous_delivery_key_until, Timestamp{55});
  EXPECT_EQ(row->relay_url, "wss://relay.example.org");
  EXPECT_TRUE(row->registered);
}

TEST_F(AccountTest, SavingAgainReplacesTheOneRow) {
  ASSERT_THAT(tx_->account().Save(Alice()), IsOk());
  AccountRow changed = Alice();
  changed.account_seed = {};
  changed.previous_delivery_key_until = kNever;
  changed.registered = false;
  ASSERT_THAT(tx_->account().Save(changed), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const std::optional<AccountRow> row, tx_->account().Load());
  EXPECT_TRUE(row->account_seed.empty());
  EXPECT_EQ(row->previous_delivery_key_until, kNever);
  EXPECT_FALSE(row->registered);
}

}  // namespace
}  // namespace pawl::store
