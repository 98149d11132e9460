#ifndef PAWL_CLIENT_ENGINE_PURSE_STATE_H_
#define PAWL_CLIENT_ENGINE_PURSE_STATE_H_

#include <cstdint>
#include <optional>

#include "absl/container/btree_map.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"

namespace pawl::client {

// What of the purse (purse.h) a restart may forget; the tokens themselves are in the store.
struct PurseState {
  struct Unpaid {
    uint64_t size = 0;     // of the blob
    uint64_t total = 0;    // of the file, for the app
    bool used_up = false;  // what it takes was refused to the token: what is there is made do with
  };
  // Uploads that cannot begin before they are paid.
  absl::btree_map<MessageId, Unpaid> unpaid{};
  // Which of them the request under way is for, and whether it asks for no more than that takes.
  // None: it is for the stock, or of an earlier process.
  std::optional<MessageId> asked_for{};
  bool asked_exactly = false;
  // The relay has little more for us in this period: what is asked for is not rounded up, and the
  // stock is left as it is.
  bool exact = false;
  bool first = false;              // the stock never was filled, and is in the next hour
  bool renew_keys = false;         // those in the store are doubted: they are asked for again
  Timestamp not_before{kLongAgo};  // asking for more, after a payment was `refused`
  Code refused = Code::kOk;
  // How far our clock is ahead of the relay's, as far as its period tells.
  Duration ahead{};
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PURSE_STATE_H_
