// How often a message is copied into memory of its own, from the app's call to the relay and from
// the relay to the app's event.

#include <gtest/gtest.h>

#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/core_world.h"
#include "support/replace_operator_new.h"

namespace pawl::runner {
namespace {

using test::CoreClient;
using test::CoreWorld;

TEST(CoreAllocations, AMessageCostsAtMostThreeToSendAndThreeToReceive) {
  constexpr int kMessages = 20;
  const std::string text(6'000, 'x');
  CoreWorld world;
  CoreClient& alice = world.AddRegistered("alice");
  CoreClient& bob = world.AddRegistered("bob");
  world.MakeContacts(alice, bob);
  // Buffers that are used again have their size after the first few.
  for (int i = 0; i < 5; ++i) {
    alice.Say("bob@example.org", text);
    world.Run(Seconds(2));
  }
  const size_t before = bob.Texts().size();
  alice.count_allocations_of = bob.count_allocations_of = text.size();
  for (int i = 0; i < kMessages; ++i) {
    alice.Say("bob@example.org", text);
    world.Run(Seconds(2));
  }
  ASSERT_EQ(bob.Texts().size(), before + kMessages);
  EXPECT_LE(alice.allocations, 3u * kMessages) << "content, sealed frame, store binding";
  EXPECT_LE(bob.allocations, 3u * kMessages);
  EXPECT_GT(alice.allocations, 0u);
  RecordProperty("per_send", std::to_string(static_cast<double>(alice.allocations) / kMessages));
  RecordProperty("per_receive", std::to_string(static_cast<double>(bob.allocations) / kMessages));
}

}  // namespace
}  // namespace pawl::runner
