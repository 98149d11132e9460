#ifndef PAWL_TESTS_SUPPORT_WORLD_DEVICES_H_
#define PAWL_TESTS_SUPPORT_WORLD_DEVICES_H_

#include <string>
#include <utility>

#include "client/engine/account_backup.h"
#include "support/world.h"

namespace pawl::test {

// A second device of `first`'s account, linked by it: both are ready.
inline WorldClient& LinkDevice(World& world, WorldClient& first,
                               client::Config config = World::DefaultClient()) {
  WorldClient& second = world.Add(first.address().name(), std::move(config));
  const RequestId begin = second.Do(client::BeginLink{.address = first.address()});
  world.Settle();
  EXPECT_EQ(second.Completed(begin), Code::kOk);
  const RequestId approve = first.Do(client::ApproveLink{second.ResultOf(begin)});
  world.Settle();
  EXPECT_EQ(first.Completed(approve), Code::kOk);
  const RequestId complete = second.Do(client::CompleteLink{first.ResultOf(approve)});
  world.Settle();
  EXPECT_EQ(second.Completed(complete), Code::kOk);
  return second;
}

// The account of a device that holds its key, by way of a backup.
inline client::AccountBackup BackUp(World& world, WorldClient& client) {
  auto key = client::DeriveBackupKey("x", {.memory_mib = crypto::kArgon2FloorMib, .passes = 1},
                                     world.rng());
  EXPECT_THAT(key, IsOk());
  const RequestId request = client.Do(client::ExportAccount{*std::move(key)});
  world.Settle();
  EXPECT_EQ(client.Completed(request), Code::kOk);
  auto account = client::OpenBackup(client.ResultOf(request), "x");
  EXPECT_THAT(account, IsOk());
  return *std::move(account);
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_DEVICES_H_
