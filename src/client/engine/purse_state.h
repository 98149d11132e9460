#ifndef PAWL_CLIENT_ENGINE_PURSE_STATE_H_
#define PAWL_CLIENT_ENGINE_PURSE_STATE_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "base/ids.h"

namespace pawl::client {

// What of the purse (purse.h) a restart may forget; the tokens themselves are in the store.
struct PurseState {
  struct Unpaid {
    uint64_t size = 0;   // of the blob
    uint64_t total = 0;  // of the file, for the app
  };
  // Uploads that cannot begin before they are paid.
  absl::btree_map<MessageId, Unpaid> unpaid{};
  bool refill = false;  // the stock ran low
  // The relay has no more for us in this period: what is there is made do with, and what is asked
  // for is not rounded up.
  bool tight = false;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PURSE_STATE_H_
