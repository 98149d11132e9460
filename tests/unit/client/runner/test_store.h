#ifndef PAWL_TESTS_UNIT_CLIENT_RUNNER_TEST_STORE_H_
#define PAWL_TESTS_UNIT_CLIENT_RUNNER_TEST_STORE_H_

#include <gtest/gtest.h>

#include <memory>

#include "crypto/init.h"
#include "store/store.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::runner {

// A test with a new store in a folder of its own.
class WithStore : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(crypto::Init(), test::IsOk());
    auto store = store::Store::Open({.dir = dir_.File("store"),
                                     .key = store::HostKey::Zero(),
                                     .create_if_missing = true,
                                     .anchor = store::AnchorFile{dir_.File("anchor")}},
                                    kNow, rng_);
    ASSERT_THAT(store, test::IsOk());
    store_ = *std::move(store);
  }

  static constexpr Timestamp kNow{1'000'000};
  test::TempDir dir_;
  test::SeededRng rng_{11};
  std::unique_ptr<store::Store> store_;
};

}  // namespace pawl::runner

#endif  // PAWL_TESTS_UNIT_CLIENT_RUNNER_TEST_STORE_H_
