#include "store/peer_devices.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PeerDeviceRow DeviceOf(std::string address, uint32_t device) {
  PeerDeviceRow row;
  row.address = std::move(address);
  row.device = DeviceId(device);
  row.signing_key = HashOf(1);
  row.epoch = DeviceEpoch(2);
  row.epoch_record = {3};
  row.bundle = {4, 5};
  row.bundle_fetched_at = Timestamp{6};
  row.suites = {2, 1};
  return row;
}

class PeerDevicesTest : public GatewayTest {};

TEST_F(PeerDevicesTest, EveryFieldComesBackAfterReopening) {
  ASSERT_THAT(tx_->peer_devices().Save(DeviceOf("b@x", 7)), IsOk());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->peer_devices().Find("b@x", DeviceId(7)));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->address, "b@x");
  EXPECT_EQ(row->device, DeviceId(7));
  EXPECT_EQ(row->signing_key, HashOf(1));
  EXPECT_EQ(row->epoch, DeviceEpoch(2));
  EXPECT_EQ(row->epoch_record, (Bytes{3}));
  EXPECT_EQ(row->bundle, (Bytes{4, 5}));
  EXPECT_EQ(row->bundle_fetched_at, Timestamp{6});
  EXPECT_THAT(row->suites, ElementsAre(2, 1));
}

TEST_F(PeerDevicesTest, SavingAgainReplaces) {
  ASSERT_THAT(tx_->peer_devices().Save(DeviceOf("b@x", 7)), IsOk());
  PeerDeviceRow changed = DeviceOf("b@x", 7);
  changed.bundle = {};
  ASSERT_THAT(tx_->peer_devices().Save(changed), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->peer_devices().LoadAll());
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows[0].bundle, IsEmpty());
}

TEST_F(PeerDevicesTest, AreListedByAccountAndId) {
  for (const uint32_t device : {3u, 1u}) {
    ASSERT_THAT(tx_->peer_devices().Save(DeviceOf("b@x", device)), IsOk());
  }
  ASSERT_THAT(tx_->peer_devices().Save(DeviceOf("a@x", 9)), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto rows, tx_->peer_devices().LoadOf("b@x"));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].device, DeviceId(1));
  EXPECT_THAT(tx_->peer_devices().LoadAll(), IsOkAndHolds(SizeIs(3)));
}

TEST_F(PeerDevicesTest, ErasingTakesTheSessionsOfThisDeviceAlone) {
  for (const uint32_t device : {1u, 2u}) {
    ASSERT_THAT(tx_->peer_devices().Save(DeviceOf("b@x", device)), IsOk());
    SessionRow session;
    session.address = "b@x";
    session.device = DeviceId(device);
    ASSERT_THAT(tx_->sessions().Insert(session), IsOk());
  }
  ASSERT_THAT(tx_->peer_devices().Erase("b@x", DeviceId(1)), IsOk());
  EXPECT_THAT(tx_->peer_devices().LoadOf("b@x"), IsOkAndHolds(SizeIs(1)));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto sessions, tx_->sessions().LoadAll());
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].device, DeviceId(2));
}

TEST_F(PeerDevicesTest, TooManySuitesAreRefused) {
  PeerDeviceRow row = DeviceOf("b@x", 1);
  row.suites.resize(17);
  EXPECT_THAT(tx_->peer_devices().Save(row), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::store
