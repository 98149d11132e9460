#include "client/engine/session_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/fanout.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SessionRows : public ::testing::Test {
 protected:
  SessionRows() {
    world_.MakeAccount();
    world_.Know(bob_);
  }
  // What Bob's device says of itself: an epoch, under a key of his.
  absl::StatusOr<bool> Note(uint32_t epoch, const crypto::X25519Public& key) {
    const identity::EpochRecord record{address_, DeviceEpoch(epoch), key};
    const Bytes bytes = test::Must(record.Sign(bob_.signing));
    absl::StatusOr<bool> noted;
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      noted = NoteEpoch(batch, bob_.remote(), record, bytes, bob_.keys.suites);
      return noted.status();
    }),
                IsOk());
    return noted;
  }
  DeviceEpoch Least() {
    DeviceEpoch least;
    EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(least, LeastEpoch(batch, address_));
      return OkStatus();
    }),
                IsOk());
    return least;
  }
  std::vector<SessionId> Stored() {
    return world_.Read([](store::Transaction& tx) {
      std::vector<SessionId> ids;
      for (const store::SessionRow& row : test::Must(tx.sessions().LoadAll())) {
        ids.push_back(row.id);
      }
      return ids;
    });
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 7};
  const identity::DeviceAddress address_ = bob_.local.address;
  const crypto::X25519Public key_ = bob_.local.identity_key.pub;
};

TEST_F(SessionRows, ASessionComesBackFromTheStoreAsItWas) {
  const SessionId id = world_.BeginSession(bob_, test::OneTime::kYes);
  const SessionEntry* entry = world_.state().sessions.Find(id);
  ASSERT_NE(entry, nullptr);
  const Bytes before = test::StateOf(entry->session);
  const auto tag = entry->session.RouteTags().at(0);
  ASSERT_THAT(world_.Restart(), IsOk());
  entry = world_.state().sessions.Find(id);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(test::StateOf(entry->session), before);
  EXPECT_EQ(world_.state().sessions.Route(tag), id);
  EXPECT_THAT(world_.state().sessions.With(address_), ElementsAre(entry));
}

TEST_F(SessionRows, TheOldestMakesRoomUnlessItIsTheOneInUse) {
  // The first is the oldest and, since Bob answered on it, the one to send on.
  const SessionId in_use = world_.BeginSession(bob_);
  session::Session at_bob = world_.AcceptedBy(bob_, in_use);
  const Bytes answer = test::Must(test::Send(at_bob, "hi", bob_.rng));
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    const auto opened = batch.sessions.StageOf(in_use).Open(answer, batch.now);
    batch.sessions.Opened(in_use);
    return opened.status();
  }),
              IsOk());
  std::vector<SessionId> ids = {in_use};
  while (ids.size() < kMaxSessionsPerDevice) {
    world_.clock.Advance(Seconds(1));
    ids.push_back(world_.BeginSession(bob_));
  }
  EXPECT_EQ(Stored(), ids) << "there was room";
  ids.erase(ids.begin() + 1);
  ids.push_back(world_.BeginSession(bob_));
  EXPECT_EQ(Stored(), ids);
  EXPECT_THAT(world_.state().sessions.With(address_), SizeIs(kMaxSessionsPerDevice));
  EXPECT_NE(world_.state().sessions.Find(in_use), nullptr);
}

TEST_F(SessionRows, OneDevicesSessionsMakeNoRoomForAnothers) {
  test::TestDevice carol("carol@example.org/1", 9);
  world_.Know(carol);
  const SessionId with_carol = world_.BeginSession(carol);
  for (size_t i = 0; i <= kMaxSessionsPerDevice; ++i) world_.BeginSession(bob_);
  EXPECT_THAT(Stored(), Contains(with_carol));
  EXPECT_THAT(Stored(), SizeIs(kMaxSessionsPerDevice + 1));
}

TEST_F(SessionRows, AFirstEpochIsNoNewsAndAHigherOneIs) {
  EXPECT_EQ(Least(), DeviceEpoch(1));
  EXPECT_THAT(Note(3, key_), IsOkAndHolds(true));
  EXPECT_EQ(Least(), DeviceEpoch(3));
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_THAT(Note(3, key_), IsOkAndHolds(true)) << "the same again";
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_THAT(Note(4, {5}), IsOkAndHolds(true));
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kDeviceRekeyed));
  EXPECT_EQ(world_.Events()[0].peer, address_.account);
  EXPECT_EQ(world_.Events()[0].device, address_.device);
}

TEST_F(SessionRows, AnOldEpochOrAnotherKeyUnderTheSameNumberIsNotTaken) {
  ASSERT_THAT(Note(3, key_), IsOkAndHolds(true));
  EXPECT_THAT(Note(2, key_), IsOkAndHolds(false));
  EXPECT_THAT(Note(3, {5}), IsOkAndHolds(false));
  EXPECT_EQ(Least(), DeviceEpoch(3));
  EXPECT_THAT(Note(3, key_), IsOkAndHolds(true)) << "what was known is still known";
  EXPECT_THAT(world_.Told(), IsEmpty());
}

TEST_F(SessionRows, WhatTheDeviceAnnouncesIsKept) {
  ASSERT_THAT(Note(1, key_), IsOkAndHolds(true));
  const auto row =
      world_.Read([&](auto& tx) { return tx.peer_devices().Find("bob@example.org", DeviceId(1)); });
  ASSERT_THAT(row, IsOk());
  ASSERT_TRUE(*row);
  EXPECT_EQ((*row)->signing_key, bob_.signing.pub());
  EXPECT_THAT(identity::EpochRecord::Parse((*row)->epoch_record, bob_.signing.pub()), IsOk());
  EXPECT_THAT((*row)->suites, Not(IsEmpty()));
}

TEST_F(SessionRows, ADamagedRowIsCorrupt) {
  const SessionId id = world_.BeginSession(bob_);
  const Bytes noise(10, 3);
  ASSERT_THAT(
      world_.Step([&](Batch& batch) { return batch.tx.skipped().Add(id, {1}, noise, batch.now); }),
      IsOk());
  EXPECT_THAT(world_.Restart(), HasCode(Code::kCorrupt)) << "a skipped key of wrong size";
  ASSERT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(batch.tx.skipped().Erase(id, {1}));
    return batch.tx.sessions().Update(
        {.id = id, .progress = noise, .confirmed = false, .last_used_at = batch.now});
  }),
              IsOk());
  EXPECT_THAT(world_.Restart(), HasCode(Code::kCorrupt)) << "progress";
}

}  // namespace
}  // namespace pawl::client
