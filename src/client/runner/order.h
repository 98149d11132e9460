#ifndef PAWL_CLIENT_RUNNER_ORDER_H_
#define PAWL_CLIENT_RUNNER_ORDER_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "base/ids.h"
#include "client/attachment/source.h"
#include "client/engine/command.h"

namespace pawl::runner {

// A command on its way to the engine.
struct Order {
  client::Command command;
  size_t bytes = 0;                              // as the Gate counted them
  std::unique_ptr<attachment::Source> source{};  // of a SendFile without a path
};

// What another core over the same store and queues goes on with.
struct CoreRest {
  InboxSeq loaded{};              // durable events up to here were given to the queue
  std::vector<Order> orders{};    // not carried out
  std::vector<RequestId> lost{};  // under way: they end here, what they began goes on
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_ORDER_H_
