#ifndef PAWL_CLIENT_ENGINE_KEPT_H_
#define PAWL_CLIENT_ENGINE_KEPT_H_

#include "base/ids.h"
#include "store/ids.h"

namespace pawl::client {

// Commands by which the app says what it has taken into its own keeping.

// Every durable event up to and including `up_to` will not come again.
struct AckInbox {
  InboxSeq up_to{};
};

// The host keeps this generation now (event kAnchor).
struct AnchorKept {
  store::Generation generation{};
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_KEPT_H_
