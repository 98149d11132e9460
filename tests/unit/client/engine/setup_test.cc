#include "client/engine/setup.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;

TEST(Setup, RegisteringAgainIsFine) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  const RequestId again = alice.Do(Register{.address = alice.address()});
  world.Settle();
  EXPECT_EQ(alice.Completed(again), Code::kOk);
  EXPECT_EQ(alice.Count(EventKind::kRegistered), 1u);
}

TEST(Setup, AStoreHasOneAccount) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  const RequestId other =
      alice.Do(Register{.address = *identity::Address::Parse("eve@example.org")});
  world.Settle();
  EXPECT_EQ(alice.Completed(other), Code::kWrongState);
}

TEST(Setup, ANameOfSomebodyElseIsTakenAndAnotherOneCanBeHad) {
  World world;
  world.AddRegistered("alice");
  WorldClient& second = world.Add("alice");
  const RequestId taken = second.Do(Register{.address = second.address()});
  world.Settle();
  EXPECT_EQ(second.Completed(taken), Code::kNameTaken);
  EXPECT_EQ(second.Count(EventKind::kRegistered), 0u);
  const RequestId free =
      second.Do(Register{.address = *identity::Address::Parse("alice2@example.org")});
  world.Settle();
  EXPECT_EQ(second.Completed(free), Code::kOk);
}

TEST(Setup, WhereAnInvitationIsNeededItIsAskedFor) {
  World world({.seed = 1, .invitation_required = true, .relay_rate_scale = 1});
  WorldClient& alice = world.Add("alice");
  const RequestId without = alice.Do(Register{.address = alice.address()});
  world.Settle();
  EXPECT_EQ(alice.Completed(without), Code::kInvitationRequired);
}

TEST(Setup, KilledAfterAnyStepRegistrationGoesOnByItself) {
  size_t steps = 0;
  {
    World world;
    steps = world.AddRegistered("alice").steps();
  }
  ASSERT_GT(steps, 5u);
  for (size_t kill_after = 1; kill_after <= steps; ++kill_after) {
    World world;
    WorldClient& alice = world.Add("alice");
    alice.Do(Register{.address = alice.address()});
    alice.kill_after_steps = kill_after;
    world.Settle();
    if (alice.alive()) continue;
    world.Restart(alice);
    world.Run(Seconds(5));
    // Killed before the command was durable, the app has to ask again; later it need not.
    if (alice.Count(EventKind::kRegistered) == 0) {
      alice.Do(Register{.address = alice.address()});
      world.Run(Seconds(5));
    }
    EXPECT_EQ(alice.Count(EventKind::kRegistered), 1u) << "killed after step " << kill_after;
    EXPECT_TRUE(alice.engine().self());
  }
}

TEST(Setup, ARefusalThatPassesIsWaitedOut) {
  World world;
  WorldClient& alice = world.Add("alice");
  int refusals = 3;
  alice.faults.on_input = [&](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (reply && std::holds_alternative<Done>(reply->body) && refusals > 0) {
      --refusals;
      reply->body = Refused{.code = Code::kRateLimited, .retry_after = Seconds(30)};
    }
    return true;
  };
  const RequestId request = alice.Do(Register{.address = alice.address()});
  world.Run(Seconds(20));
  EXPECT_FALSE(alice.Completed(request));
  world.Run(Minutes(5));
  EXPECT_EQ(alice.Completed(request), Code::kOk);
}

// How the request ended; an event of another kind: it has not.
const Event& EndOf(const WorldClient& client, RequestId request) {
  static const Event none{.kind = EventKind::kDrained};
  for (const Event& event : client.ephemeral()) {
    if (event.kind == EventKind::kCompleted && event.request == request) return event;
  }
  return none;
}

// The relay answers every call of that kind with a refusal.
template <typename Body>
void RefuseAll(WorldClient& client, Refused refused) {
  auto calls = std::make_shared<std::set<uint64_t>>();
  client.faults.on_call = [calls](Call& call) {
    if (std::holds_alternative<Body>(call.body)) calls->insert(call.id);
    return true;
  };
  client.faults.on_input = [calls, refused](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (reply && calls->contains(reply->call)) reply->body = refused;
    return true;
  };
}

TEST(Setup, WhenARefusedRegistrationMayBeTriedAgainIsToldWithItsEnd) {
  World world;
  WorldClient& alice = world.Add("alice");
  RefuseAll<RegisterAccount>(alice, {.code = Code::kRelayRefused, .retry_after = Seconds(90)});
  const RequestId refused = alice.Do(Register{.address = alice.address()});
  world.Settle();
  const Event& end = EndOf(alice, refused);
  ASSERT_EQ(end.code, Code::kRelayRefused);
  EXPECT_EQ(end.retry_at, end.at + Seconds(90));

  RefuseAll<RegisterAccount>(alice, {.code = Code::kRelayRefused});
  const RequestId again = alice.Do(Register{.address = alice.address()});
  world.Settle();
  ASSERT_EQ(EndOf(alice, again).code, Code::kRelayRefused);
  EXPECT_EQ(EndOf(alice, again).retry_at, Timestamp{}) << "the relay did not say";

  alice.faults = {};
  const RequestId well = alice.Do(Register{.address = alice.address()});
  world.Settle();
  ASSERT_EQ(EndOf(alice, well).code, Code::kOk);
  EXPECT_EQ(EndOf(alice, well).retry_at, Timestamp{});
}

TEST(Setup, WhenARefusedListMayBeTriedAgainIsToldWithItsEnd) {
  World world;
  WorldClient& alice = world.AddRegistered("alice");
  test::LinkDevice(world, alice);
  RefuseAll<PutDirectory>(alice, {.code = Code::kRelayRefused, .retry_after = Hours(2)});
  const RequestId refused = alice.Do(RemoveDevice{DeviceId(2)});
  world.Settle();
  const Event& end = EndOf(alice, refused);
  ASSERT_EQ(end.code, Code::kRelayRefused);
  EXPECT_EQ(end.retry_at, end.at + Hours(2));
}

TEST(Setup, AStoreWithoutAnAccountWaitsAndDoesNothing) {
  World world;
  WorldClient& alice = world.Add("alice");
  world.Settle();
  const size_t steps = alice.steps();
  world.Run(Hours(3));
  EXPECT_LE(alice.steps(), steps + 1);
}

}  // namespace
}  // namespace pawl::client
