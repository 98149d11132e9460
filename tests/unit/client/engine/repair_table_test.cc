#include "client/engine/repair_table.h"

#include <gtest/gtest.h>

#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::IsOk;

const identity::DeviceAddress& Device() {
  static const identity::DeviceAddress device{*identity::Address::Parse("bob@example.org"),
                                              DeviceId(1)};
  return device;
}

TEST(RepairEdits, NothingOfTheTableChangesBeforeItIsApplied) {
  RepairTable table{{Device(), {.attempts = 1}}};
  RepairEdits edits(table);
  edits.Set(Device(), {.attempts = 2});
  EXPECT_EQ(edits.Find(Device())->attempts, 2u);
  EXPECT_EQ(table.at(Device()).attempts, 1u);
  edits.Erase(Device());
  EXPECT_EQ(edits.Find(Device()), nullptr);
  EXPECT_EQ(table.size(), 1u);
  std::move(edits).ApplyTo(table);
  EXPECT_TRUE(table.empty());
}

TEST(RepairEdits, WhatIsSavedIsLoadedAgain) {
  test::StepWorld world;
  const Repair repair{.reason = Code::kTooFarAhead,
                      .began_at = Timestamp{3},
                      .attempts = 4,
                      .not_before = Timestamp{5}};
  ASSERT_THAT(world.Step([&](Batch& batch) {
    batch.repairs.Set(Device(), repair);
    return batch.repairs.Save(batch.tx.repairs());
  }),
              IsOk());
  ASSERT_THAT(world.Restart(), IsOk());
  const RepairTable& table = world.state().repairs;
  ASSERT_EQ(table.size(), 1u);
  EXPECT_EQ(table.at(Device()).reason, Code::kTooFarAhead);
  EXPECT_EQ(table.at(Device()).began_at, Timestamp{3});
  EXPECT_EQ(table.at(Device()).attempts, 4u);
  EXPECT_EQ(table.at(Device()).not_before, Timestamp{5});
}

}  // namespace
}  // namespace pawl::client
