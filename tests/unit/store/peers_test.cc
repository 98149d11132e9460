#include "store/peers.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

PeerRow PeerOf(std::string address) {
  PeerRow row;
  row.address = std::move(address);
  row.account_key = HashOf(1);
  row.device_list = {1, 2, 3};
  row.list_version = 4;
  row.list_hash = TagOf(5);
  row.list_checked_at = Timestamp{6};
  row.state_version = 7;
  row.state = ContactState::kAccepted;
  row.delivery_key = SecretOf("delivery");
  row.display_name = "Bob";
  row.verified = true;
  row.pending_key = HashOf(7);
  row.pending_list = {8};
  row.created_at = Timestamp{9};
  return row;
}

class PeersTest : public GatewayTest {};

TEST_F(PeersTest, EveryFieldComesBackAfterReopening) {
  ASSERT_THAT(tx_->peers().Save(PeerOf("bob@b")), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const std::optional<PeerRow> row, tx_->peers().Find("bob@b"));
  ASSERT_TRUE(row.has_value());
  const PeerRow expected = PeerOf("bob@b");
  EXPECT_EQ(row->address, expected.address);
  EXPECT_EQ(row->account_key, expected.account_key);
  EXPECT_EQ(row->device_list, expected.device_list);
  EXPECT_EQ(row->list_version, expected.list_version);
  EXPECT_EQ(row->list_hash, expected.list_hash);
  EXPECT_EQ(row->list_checked_at, expected.list_checked_at);
  EXPECT_EQ(row->state_version, expected.state_version);
  EXPECT_EQ(row->state, expected.state);
  EXPECT_EQ(TextOf(row->delivery_key), "delivery");
  EXPECT_EQ(row->display_name, expected.display_name);
  EXPECT_TRUE(row->verified);
  EXPECT_EQ(row->pending_key, expected.pending_key);
  EXPECT_EQ(row->pending_list, expected.pending_list);
  EXPECT_EQ(row->created_at, expected.created_at);
}

TEST_F(PeersTest, AreFoundByTheirWholeAddressOnly) {
  ASSERT_THAT(tx_->peers().Save(PeerOf("bob@b")), IsOk());
  EXPECT_FALSE(tx_->peers().Find("bob@")->has_value());
  EXPECT_FALSE(tx_->peers().Find("BOB@b")->has_value());
}

TEST_F(PeersTest, ContactsArePagedByAddress) {
  for (const char* address : {"c@x", "a@x", "b@x"}) {
    PeerRow row = PeerOf(address);
    if (row.address == "b@x") row.pending_key.reset();
    ASSERT_THAT(tx_->peers().Save(row), IsOk());
  }
  EXPECT_THAT(tx_->peers().LoadAll(), IsOkAndHolds(SizeIs(3)));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto first, tx_->peers().Contacts("", 2));
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[0].address, "a@x");
  EXPECT_TRUE(first[0].identity_changed);
  EXPECT_EQ(first[0].state, ContactState::kAccepted);
  EXPECT_EQ(first[0].display_name, "Bob");
  EXPECT_TRUE(first[0].verified);
  EXPECT_FALSE(first[1].identity_changed);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto second, tx_->peers().Contacts("b@x", 2));
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].address, "c@x");
}

TEST_F(PeersTest, ErasingTakesDevicesSessionsAndSkippedKeysOfThisPeerAlone) {
  for (const char* address : {"a@x", "b@x"}) {
    ASSERT_THAT(tx_->peers().Save(PeerOf(address)), IsOk());
    PeerDeviceRow device;
    device.address = address;
    device.device = DeviceId(1);
    ASSERT_THAT(tx_->peer_devices().Save(device), IsOk());
    SessionRow session;
    session.address = address;
    PAWL_ASSERT_OK_AND_ASSIGN(const SessionId id, tx_->sessions().Insert(session));
    ASSERT_THAT(tx_->skipped().Add(id, TagOf(1), AsBytes("key"), kNever), IsOk());
  }
  ASSERT_THAT(tx_->peers().Erase("a@x"), IsOk());
  EXPECT_FALSE(tx_->peers().Find("a@x")->has_value());
  EXPECT_THAT(tx_->peer_devices().LoadOf("a@x"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(tx_->peer_devices().LoadOf("b@x"), IsOkAndHolds(SizeIs(1)));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto sessions, tx_->sessions().LoadAll());
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].address, "b@x");
  EXPECT_THAT(tx_->skipped().LoadOf(sessions[0].id), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(tx_->skipped().LoadOf(SessionId(1)), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace pawl::store
