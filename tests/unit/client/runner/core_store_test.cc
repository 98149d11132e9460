// A core whose store cannot be written for a while.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/runner/core.h"
#include "db/vfs.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/core_world.h"
#include "support/file_faults.h"

namespace pawl::runner {
namespace {

using client::EventKind;
using test::CoreClient;
using test::CoreWorld;
using ::testing::ElementsAre;

class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto vfs = db::ShimVfs::Register("core-store-test", &disk_);
    ASSERT_THAT(vfs, test::IsOk());
    vfs_ = *std::move(vfs);
    world_.emplace();
    bob_ = &world_->AddRegistered("bob");
    alice_ = &world_->Add(vfs_->name());
    world_->Register(*alice_, "alice");
    world_->MakeContacts(*alice_, *bob_);
    alice_->seen.clear();
  }
  void TearDown() override {
    disk_.Set(db::FileVerdict::kProceed);
    world_.reset();
  }
  std::vector<Code> StoreEvents() const {
    std::vector<Code> codes;
    for (const client::Event& event : alice_->seen) {
      if (event.kind == EventKind::kStore) codes.push_back(event.code);
    }
    return codes;
  }

  test::SwitchableDisk disk_;
  std::unique_ptr<db::ShimVfs> vfs_;
  std::optional<CoreWorld> world_;
  CoreClient* alice_ = nullptr;
  CoreClient* bob_ = nullptr;
};

TEST_F(FullDiskTest, NothingThatArrivesIsAcknowledgedOrLost) {
  disk_.Set(db::FileVerdict::kDiskFull);
  bob_->Say("alice@example.org", "while the disk is full");
  world_->Run(Seconds(20));
  EXPECT_THAT(alice_->Texts(), ElementsAre());
  ASSERT_FALSE(StoreEvents().empty());
  EXPECT_EQ(StoreEvents().front(), Code::kDiskFull);
  EXPECT_EQ(alice_->open_sockets(), 0u) << "nothing more is taken from the relay";

  disk_.Set(db::FileVerdict::kProceed);
  world_->Run(Minutes(1));
  EXPECT_THAT(alice_->Texts(), ElementsAre("while the disk is full"));
  EXPECT_EQ(StoreEvents().back(), Code::kOk);
}

TEST_F(FullDiskTest, WhatTheAppAskedForIsDoneWhenThereIsRoom) {
  disk_.Set(db::FileVerdict::kDiskFull);
  alice_->Say("bob@example.org", "one");
  alice_->Say("bob@example.org", "two");
  world_->Run(Seconds(20));
  EXPECT_EQ(alice_->Count(EventKind::kCompleted), 0u) << "nothing is promised yet";
  disk_.Set(db::FileVerdict::kProceed);
  world_->Run(Minutes(1));
  EXPECT_EQ(alice_->Count(EventKind::kCompleted), 2u);
  EXPECT_THAT(bob_->Texts(), ElementsAre("one", "two"));
}

TEST_F(FullDiskTest, IsTriedWithGrowingPauses) {
  disk_.Set(db::FileVerdict::kIoError);
  alice_->Say("bob@example.org", "waiting");
  Timestamp last = alice_->now();
  int64_t longest = 0;
  for (int i = 0; i < 8; ++i) {
    ASSERT_GT(alice_->wake_at(), alice_->now());
    longest = std::max(longest, (alice_->wake_at() - last).ms);
    world_->Run(alice_->wake_at() + Milliseconds(50) - alice_->now());
    last = alice_->now();
  }
  EXPECT_GT(longest, 10'000);
  EXPECT_LE(longest, 31'000);
}

TEST_F(FullDiskTest, AnErrorInTheMiddleOfTrafficLosesNothing) {
  for (int i = 0; i < 30; ++i) {
    bob_->Say("alice@example.org", std::to_string(i));
    alice_->Say("bob@example.org", std::to_string(i));
    disk_.Set(i % 5 == 2 ? db::FileVerdict::kDiskFull : db::FileVerdict::kProceed);
    world_->Run(Milliseconds(150));
  }
  disk_.Set(db::FileVerdict::kProceed);
  world_->Run(Minutes(5));
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(alice_->Texts(), expected);
  EXPECT_EQ(bob_->Texts(), expected);
}

TEST_F(FullDiskTest, FilesOnTheirWayKeepTheirLogsUntilTheyCouldBeStartedAgain) {
  const std::string folder = alice_->File("transfers");
  const std::string log = folder + "/00000000000000000000000000000000.up";
  // An upload whose source dies with the process: the first Step has something to write.
  alice_->hold_disk = true;
  alice_->Do(
      client::SendFile{.id = MessageId({1}), .to = *identity::Address::Parse("bob@example.org")});
  world_->Run(Seconds(1));
  alice_->Kill();
  alice_->hold_disk = false;
  std::filesystem::create_directories(folder);
  std::ofstream(log) << "hashes";
  alice_->before_begin = [this] { disk_.Set(db::FileVerdict::kDiskFull); };
  alice_->Start();
  world_->Run(Seconds(20));
  EXPECT_TRUE(std::filesystem::exists(log)) << "nobody knows yet whether it is needed";
  disk_.Set(db::FileVerdict::kProceed);
  world_->Run(Minutes(1));
  EXPECT_FALSE(std::filesystem::exists(log)) << "nobody's";
}

TEST_F(FullDiskTest, WhatIsNotCarriedOutIsLeftForTheNextCore) {
  disk_.Set(db::FileVerdict::kDiskFull);
  world_->Run(Seconds(1));
  alice_->Say("bob@example.org", "one");
  alice_->Say("bob@example.org", "two");
  const CoreRest rest = alice_->core().TakeRest();
  ASSERT_EQ(rest.orders.size(), 2u);
  EXPECT_LT(rest.orders[0].command.request, rest.orders[1].command.request);
  EXPECT_TRUE(std::holds_alternative<client::SendMessage>(rest.orders[0].command.body));
  EXPECT_THAT(rest.lost, ElementsAre());
  EXPECT_NE(rest.loaded, InboxSeq(0)) << "events of the registration were shown";
  EXPECT_TRUE(alice_->core().TakeRest().orders.empty());
}

}  // namespace
}  // namespace pawl::runner
