#ifndef PAWL_TESTS_UNIT_CLIENT_RUNNER_LOOKOUT_H_
#define PAWL_TESTS_UNIT_CLIENT_RUNNER_LOOKOUT_H_

#include <string>

#include "client/engine/self.h"
#include "client/runner/relay_choice.h"
#include "test_store.h"

namespace pawl::runner {

// A store with an account and a relay that nobody is, for those who look on.
class WithAccount : public WithStore {
 protected:
  void SetUp() override {
    WithStore::SetUp();
    ASSERT_THAT(ChooseRelay(*store_, "ws://127.0.0.1:9", {}, kNow), test::IsOk());
  }
  void BeSomebody() {
    auto self = client::MakeFirstDevice(*identity::Address::Parse("alice@example.org"), kNow, rng_);
    ASSERT_THAT(self, test::IsOk());
    self->registered = true;
    auto tx = store_->Begin();
    ASSERT_THAT(tx, test::IsOk());
    ASSERT_THAT(tx->account().Save(client::EncodeSelf(*self)), test::IsOk());
    ASSERT_THAT(tx->Commit(kNow), test::IsOk());
  }
};

}  // namespace pawl::runner

#endif  // PAWL_TESTS_UNIT_CLIENT_RUNNER_LOOKOUT_H_
