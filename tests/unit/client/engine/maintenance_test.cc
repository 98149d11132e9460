#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "client/engine/engine.h"
#include "client/engine/reducers.h"
#include "store/store.h"
#include "support/fake_clock.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Maintenance : public ::testing::Test {
 protected:
  Maintenance() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  template <typename Body>
  int CountCalls(WorldClient& client, Duration during) {
    int count = 0;
    client.faults.on_call = [&](Call& call) {
      count += std::holds_alternative<Body>(call.body);
      return true;
    };
    world_.Run(during);
    client.faults.on_call = nullptr;
    return count;
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Maintenance, PrekeysAndListAreRenewedWeekly) {
  EXPECT_EQ(CountCalls<PutPrekeys>(alice_, Days(6)), 0);
  const int puts = CountCalls<PutPrekeys>(alice_, Days(22));
  EXPECT_GE(puts, 3);
  EXPECT_LE(puts, 4);
  const auto backup = test::BackUp(world_, alice_);
  const auto list = identity::DeviceList::Parse(backup.device_list);
  ASSERT_THAT(list, test::IsOk());
  EXPECT_GE(list->ref().version, 4u);
  EXPECT_LT(world_.now() - list->fields().issued_at, identity::kDeviceListMaxAge);
}

TEST_F(Maintenance, WithoutTheAccountKeyTheListIsLeftAlone) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  EXPECT_EQ(CountCalls<PutDirectory>(laptop, Days(10)), 0);
}

TEST_F(Maintenance, FirstMessagesToKeysRotatedAwayAreReadForAMonth) {
  WorldClient& carol = world_.AddRegistered("carol");
  world_.SetOnline(bob_, false);
  carol.SendText(bob_.address(), "written early", world_.now());
  world_.Settle();
  // Bob's device is on, rotates its keys, and cannot reach its relay for three weeks.
  world_.Run(Days(21));
  world_.SetOnline(bob_, true);
  EXPECT_THAT(bob_.Texts(carol.address()), ElementsAre("written early"));
}

TEST_F(Maintenance, TimersEraseOnBothSides) {
  alice_.SendText(bob_.address(), "burn", world_.now(), 60);
  world_.Settle();
  const MessageId message = bob_.Last(EventKind::kMessage)->message;
  world_.Run(Minutes(5));
  auto reader = alice_.store().OpenReader();
  ASSERT_THAT(reader, test::IsOk());
  const ConversationId conversation = ConversationOf(alice_.address(), bob_.address());
  EXPECT_FALSE(*(*reader)->Message({conversation, alice_.address().ToString(), message}))
      << "the sender's timer started with the sending";
  auto at_bob = bob_.store().OpenReader();
  EXPECT_TRUE(*(*at_bob)->Message({conversation, alice_.address().ToString(), message}))
      << "the recipient's starts with the reading";
  bob_.Do(MarkRead{alice_.address(), message});
  world_.Run(Minutes(2));
  EXPECT_FALSE(*(*at_bob)->Message({conversation, alice_.address().ToString(), message}));
}

TEST_F(Maintenance, AQuietDeviceHardlyWakes) {
  world_.Settle();
  const size_t before = alice_.steps();
  world_.Run(Hours(10));
  EXPECT_LE(alice_.steps() - before, 40u);
}

TEST_F(Maintenance, AClockSetBackDoesNotPutItOff) {
  alice_.skew = Days(-30);
  alice_.Push(TimePassed{});
  world_.Settle();
  EXPECT_LE(alice_.NextDeadline() - world_.now(), Hours(1));
}

TEST(MaintenanceOfTraces, WhatWasErasedLeavesTheStoresLogSoon) {
  test::TempDir folder;
  test::SeededRng rng(1);
  Timestamp now = test::FakeClock::kStart;
  constexpr ByteArray<32> kKey = {1};
  auto store = store::Store::Open({.dir = folder.File("store"),
                                   .key = store::HostKey::From(std::span<const uint8_t, 32>(kKey)),
                                   .create_if_missing = true,
                                   .anchor = store::AnchorFile{folder.File("anchors")}},
                                  now, rng);
  ASSERT_THAT(store, test::IsOk());
  auto engine = Engine::Create(store->get(), World::DefaultClient());
  ASSERT_THAT(engine, test::IsOk());
  const auto step = [&](const Input& input) {
    EXPECT_THAT((*engine)->Step({&input, 1}, now, rng), test::IsOk());
  };
  const auto log_size = [&] {
    return std::filesystem::file_size(folder.File("store") + "/pawl.db-wal");
  };
  step(Command{.body = Register{.address = *identity::Address::Parse("alice@example.org")}});
  EXPECT_EQ(log_size(), 0u) << "the first round of maintenance has just been";
  step(Command{.body = RequestContact{*identity::Address::Parse("bob@example.org"), "Alice"}});
  EXPECT_GT(log_size(), 0u);
  now = now + Hours(1);
  step(TimePassed{});
  EXPECT_EQ(log_size(), 0u);
}

}  // namespace
}  // namespace pawl::client
