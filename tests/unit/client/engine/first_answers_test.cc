#include "client/engine/first_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/envelope.h"
#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::IsOk;
using test::World;
using test::WorldClient;

TEST(FirstAnswers, OwnDevicesStopRepeatingTheHandshake) {
  World world;
  WorldClient& phone = world.AddRegistered("alice");
  WorldClient& laptop = test::LinkDevice(world, phone);
  WorldClient& bob = world.AddRegistered("bob");
  phone.SendText(bob.address(), "one", world.now());
  world.Settle();
  std::vector<size_t> sizes;
  laptop.faults.on_input = [&](Input& input) {
    if (auto* mail = std::get_if<EnvelopeArrived>(&input)) sizes.push_back(mail->bytes.size());
    return true;
  };
  phone.SendText(bob.address(), "two", world.now());
  world.Settle();
  ASSERT_FALSE(sizes.empty());
  EXPECT_LT(sizes.back(), session::MessageOffset(session::WithHandshake::kYes));
}

class AnsweringByHand : public ::testing::Test {
 protected:
  AnsweringByHand() { world_.MakeAccount(); }
  absl::Status Arrive() {
    return world_.Step([&](Batch& batch) {
      batch.handshakes_from.insert(to_);
      batch.refused = refused_;
      return AnswerHandshakes(batch);
    });
  }
  size_t Queued() {
    const DeviceQueue* queue = world_.state().outbox.Find(to_);
    return queue ? queue->items.size() : 0;
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress to_ = bob_.local.address;
  Refusals refused_;
};

TEST_F(AnsweringByHand, OnceUntilItIsAnswered) {
  world_.Know(bob_);
  world_.BeginSession(bob_);
  EXPECT_THAT(Arrive(), IsOk());
  EXPECT_EQ(Queued(), 1u);
  EXPECT_THAT(Arrive(), IsOk());
  EXPECT_EQ(Queued(), 1u);
}

TEST_F(AnsweringByHand, StrangersHearNothing) {
  world_.Know(bob_, store::ContactState::kAsking);
  world_.BeginSession(bob_);
  EXPECT_THAT(Arrive(), IsOk());
  EXPECT_EQ(Queued(), 0u);
}

TEST_F(AnsweringByHand, WithoutASessionNothingIsFetchedForIt) {
  world_.Know(bob_);
  EXPECT_THAT(Arrive(), IsOk());
  EXPECT_EQ(world_.state().pending.Count(to_), 0);
}

TEST_F(AnsweringByHand, WhoCouldNotBeAnsweredIsLeftOut) {
  world_.Know(bob_);
  world_.BeginSession(bob_);
  refused_.devices.insert(to_);
  EXPECT_THAT(Arrive(), IsOk());
  EXPECT_EQ(Queued(), 0u);
}

}  // namespace
}  // namespace pawl::client
