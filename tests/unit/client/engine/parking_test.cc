#include "client/engine/parking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::Must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Parking : public ::testing::Test {
 protected:
  Timestamp now() { return world_.clock.Now(); }
  // In the order of the calls; the id says which.
  void Hold(uint8_t id, ParkedEnvelope envelope, size_t size = 256) {
    envelope.bytes = Bytes(size, id);
    envelope.since = envelope.since == Timestamp{} ? now() : envelope.since;
    world_.state().parked.envelopes.emplace_back(EnvelopeId({id}), std::move(envelope));
  }
  // Those that end, by their ids.
  std::vector<int> Ending() {
    std::vector<int> ids;
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      for (const auto& [id, parked] : OverOrTooMany(batch)) ids.push_back((*id)[0]);
      return OkStatus();
    }),
                IsOk());
    return ids;
  }
  ParkedEnvelope ForList() { return {.waits_for = carol_}; }
  test::StepWorld world_;
  const identity::Address carol_ = Must(identity::Address::Parse("carol@example.org"));
};

TEST_F(Parking, GarbageGoesOldestFirstAndTakesNobodyWithIt) {
  Hold(1, ForList());
  Hold(2, {.waits_for = carol_, .undecided = true});
  for (size_t i = 0; i < kQuarantineBound.count; ++i) Hold(static_cast<uint8_t>(100 + i), {});
  EXPECT_THAT(Ending(), IsEmpty());
  Hold(3, {});
  Hold(4, {});
  EXPECT_THAT(Ending(), ElementsAre(100, 101));
}

TEST_F(Parking, GarbageIsAlsoBoundedInSize) {
  for (uint8_t id = 1; id <= 6; ++id) Hold(id, {}, 65536);
  EXPECT_THAT(Ending(), ElementsAre(1, 2));
}

TEST_F(Parking, WhoWaitsForAListGoesForOthersOnlyWhenItDoesNotCome) {
  for (size_t i = 0; i <= kListBound.count; ++i) Hold(static_cast<uint8_t>(i), ForList());
  EXPECT_THAT(Ending(), IsEmpty());
  world_.clock.Advance(kListPatience);
  EXPECT_THAT(Ending(), ElementsAre(0));
}

TEST_F(Parking, TheUntriedAreNeverAmongThem) {
  for (int i = 0; i < 200; ++i) Hold(static_cast<uint8_t>(i), {.retry_at = now()}, 4096);
  world_.clock.Advance(Days(20));
  EXPECT_THAT(Ending(), IsEmpty());
}

TEST_F(Parking, EachKindHasItsTime) {
  Hold(1, {});
  Hold(2, ForList());
  Hold(3, {.waits_for = carol_, .undecided = true});
  world_.clock.Advance(kQuarantineTime);
  EXPECT_THAT(Ending(), IsEmpty());
  world_.clock.Advance(Milliseconds(1));
  EXPECT_THAT(Ending(), ElementsAre(1));
  world_.clock.Advance(kParkedTime);
  EXPECT_THAT(Ending(), ElementsAre(1, 2));
  world_.clock.Advance(kUndecidedTime);
  EXPECT_THAT(Ending(), ElementsAre(1, 2, 3));
}

TEST_F(Parking, MoreThanAWindowIsNotHeld) {
  for (size_t i = 1; i < kParkingLimit.count; ++i) Hold(1, {.retry_at = now()});
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    EXPECT_TRUE(HasRoomToPark(batch, 256));
    EXPECT_FALSE(HasRoomToPark(batch, kParkingLimit.bytes));
    batch.parked.emplace_back(EnvelopeId({2}), ParkedEnvelope{});
    EXPECT_FALSE(HasRoomToPark(batch, 256));
    return OkStatus();
  }),
              IsOk());
}

TEST_F(Parking, TakenUpAndParkedAnewItIsForgottenAllTheSame) {
  Hold(1, {});
  Hold(2, {});
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    batch.unparked.push_back(EnvelopeId({1}));
    batch.parked.emplace_back(EnvelopeId({1}), ParkedEnvelope{});
    EXPECT_TRUE(IsParked(batch, EnvelopeId({1})));
    Forget(batch, EnvelopeId({1}));
    Forget(batch, EnvelopeId({2}));
    return OkStatus();
  }),
              IsOk());
  EXPECT_THAT(world_.state().parked.envelopes, IsEmpty());
}

}  // namespace
}  // namespace pawl::client
