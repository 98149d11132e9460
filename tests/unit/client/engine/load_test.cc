#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/state.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;

class Load : public ::testing::Test {
 protected:
  Load() { world_.MakeAccount(); }
  template <typename What>
  void Write(const What& what) {
    ASSERT_THAT(world_.Step([&](Batch& batch) { return what(batch.tx); }), IsOk());
  }
  absl::Status AddEnvelope(store::Transaction& tx, uint32_t device, Timestamp not_before,
                           store::OutboxClass cls = store::OutboxClass::kMessage) {
    store::NewOutbox row;
    row.address = "bob@example.org";
    row.device = DeviceId(device);
    row.envelope = EnvelopeId({static_cast<uint8_t>(++envelopes_),  //
                               static_cast<uint8_t>(envelopes_ >> 8)});
    row.frame = frame_;
    row.cls = cls;
    row.not_before = not_before;
    return tx.outbox().Add(row).status();
  }
  absl::Status AddWaiting(store::Transaction& tx, std::string_view address, uint32_t device,
                          store::PendingReason reason) {
    store::NewPending row;
    row.address = address;
    row.device = DeviceId(device);
    row.content = frame_;
    row.reason = reason;
    return tx.pending().Add(row).status();
  }
  const DeviceQueue* Queue(uint32_t device) {
    return world_.state().outbox.Find({bob_, DeviceId(device)});
  }
  const identity::Address bob_ = *identity::Address::Parse("bob@example.org");
  const Bytes frame_ = Bytes(256, 1);
  int envelopes_ = 0;
  test::StepWorld world_;
};

TEST_F(Load, AnEmptyStoreIsNobody) {
  test::StepWorld empty;
  const State& state = empty.state();
  EXPECT_EQ(state.setup, Setup::kNone);
  EXPECT_EQ(state.self, nullptr);
  ASSERT_NE(state.bundle_keys, nullptr);
  EXPECT_THAT(*state.bundle_keys, IsEmpty());
  EXPECT_EQ(state.config.suites, session::AnnouncedSuites()) << "none were chosen";
  EXPECT_EQ(state.outbox.size(), 0u);
  for (const DutyState& duty : state.duties.all) EXPECT_FALSE(duty.due);
}

TEST_F(Load, AnAccountIsTheSameAfterARestart) {
  test::TestDevice bob("bob@example.org/1", 3);
  world_.Know(bob);
  const auto before = world_.state().self;
  Write([&](auto& tx) { return AddEnvelope(tx, 1, {}); });
  ASSERT_THAT(world_.Restart(), IsOk());
  const State& state = world_.state();
  EXPECT_EQ(state.setup, Setup::kReady);
  EXPECT_EQ(state.self->device.address, before->device.address);
  EXPECT_EQ(state.self->list.ref(), before->list.ref());
  EXPECT_EQ(state.bundle_keys->size(), 1u);
  ASSERT_TRUE(state.peers.contains(bob_));
  EXPECT_EQ(state.peers.at(bob_)->list_ref(), bob.list.ref());
  EXPECT_FALSE(state.device_up || state.anonymous_up);
}

TEST_F(Load, AChoiceOfSuitesIsKept) {
  Config config;
  config.suites = {crypto::Suite::kXChaCha20Poly1305};
  test::StepWorld world(config);
  EXPECT_THAT(world.state().config.suites, ElementsAre(crypto::Suite::kXChaCha20Poly1305));
}

// More than one page of rows, for two devices in turn.
TEST_F(Load, QueuesAreInTheOrderTheyWereSealedIn) {
  constexpr int kRows = 1030;
  Write([&](auto& tx) {
    for (int i = 0; i < kRows; ++i) PAWL_TRY(AddEnvelope(tx, 1 + i % 2, {}));
    return OkStatus();
  });
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_EQ(world_.state().outbox.size(), static_cast<size_t>(kRows));
  for (const uint32_t device : {1u, 2u}) {
    ASSERT_NE(Queue(device), nullptr);
    ASSERT_EQ(Queue(device)->items.size(), kRows / 2u);
    store::OutboxId last;
    for (const OutboxItem& item : Queue(device)->items) {
      EXPECT_GT(item.id, last);
      last = item.id;
      EXPECT_EQ(item.size, frame_.size());
      EXPECT_EQ(item.call, 0u);
    }
  }
}

TEST_F(Load, OurOwnDelayHoldsAndTheRelaysEndedWithItsConnection) {
  const Timestamp later = world_.clock.Now() + Minutes(1);
  Write([&](auto& tx) -> absl::Status {
    PAWL_TRY(AddEnvelope(tx, 1, later, store::OutboxClass::kOwnCopy));
    PAWL_TRY(AddEnvelope(tx, 2, {}));
    PAWL_ASSIGN(const auto rows, tx.outbox().LoadFor("bob@example.org", DeviceId(2), 1));
    return tx.outbox().Retry(rows.at(0).id, later);
  });
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_EQ(Queue(1)->items.front().not_before, later);
  EXPECT_FALSE(Queue(1)->items.front().urgent);
  EXPECT_EQ(Queue(2)->items.front().not_before, Timestamp());
  EXPECT_EQ(Queue(2)->items.front().attempts, 1u);
  EXPECT_TRUE(Queue(2)->items.front().urgent);
}

TEST_F(Load, WhatTheRelayHasIsNotQueuedAgain) {
  Write([&](auto& tx) -> absl::Status {
    PAWL_TRY(AddEnvelope(tx, 1, {}));
    PAWL_ASSIGN(const auto rows, tx.outbox().LoadFor("bob@example.org", DeviceId(1), 1));
    return tx.outbox().MarkAtRelay(rows.at(0).id);
  });
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_EQ(Queue(1), nullptr);
}

TEST_F(Load, WhateverWaitsIsAskedForAgainExceptWhereTheAppMustDecide) {
  Write([&](auto& tx) -> absl::Status {
    PAWL_TRY(AddWaiting(tx, "bob@example.org", 0, store::PendingReason::kNeedsDirectory));
    PAWL_TRY(AddWaiting(tx, "bob@example.org", 0, store::PendingReason::kNeedsDirectory));
    PAWL_TRY(AddWaiting(tx, "bob@example.org", 2, store::PendingReason::kBundleExpired));
    return AddWaiting(tx, "eve@example.org", 0, store::PendingReason::kIdentityChanged);
  });
  ASSERT_THAT(world_.Restart(), IsOk());
  const identity::DeviceAddress second{bob_, DeviceId(2)};
  EXPECT_THAT(world_.state().fetches, ElementsAre(Key(WholeAccount(bob_)), Key(second)));
  EXPECT_EQ(world_.state().pending.Count(WholeAccount(bob_)), 2);
  EXPECT_EQ(world_.state().pending.Count(second), 1);
  const auto eve = *identity::Address::Parse("eve@example.org");
  EXPECT_EQ(world_.state().pending.Count(WholeAccount(eve)), 1);
}

TEST_F(Load, AnImportGoesOnWithTheNewestList) {
  ASSERT_THAT(world_.Step([](Batch& batch) { return SetSetup(batch, Setup::kImporting); }), IsOk());
  ASSERT_THAT(world_.Restart(), IsOk());
  EXPECT_THAT(world_.state().fetches,
              ElementsAre(Key(WholeAccount(world_.state().self->address()))));
}

TEST_F(Load, AStoreThatDoesNotDecodeIsCorrupt) {
  Write([&](auto& tx) { return AddWaiting(tx, "nobody", 0, {}); });
  EXPECT_THAT(world_.Restart(), HasCode(Code::kCorrupt)) << "an address of no account";
  test::StepWorld second;
  second.MakeAccount();
  ASSERT_THAT(second.Step([](Batch& batch) -> absl::Status {
    PAWL_ASSIGN(auto row, batch.tx.account().Load());
    row->device_list[40] ^= 1;
    return batch.tx.account().Save(*row);
  }),
              IsOk());
  EXPECT_THAT(second.Restart(), HasCode(Code::kCorrupt)) << "our own list";
  test::StepWorld third;
  ASSERT_THAT(third.Step([](Batch& batch) { return SetSetup(batch, Setup::kImporting); }), IsOk());
  EXPECT_THAT(third.Restart(), HasCode(Code::kCorrupt)) << "an import of no account";
}

}  // namespace
}  // namespace pawl::client
