#ifndef PAWL_CAPI_EVENT_H_
#define PAWL_CAPI_EVENT_H_

#include <deque>
#include <string>
#include <vector>

#include "capi/content.h"
#include "capi/objects.h"
#include "client/engine/event.h"
#include "client/runner/client.h"
#include "pawl/event.h"

namespace pawl::capi {

// pawl_events: immutable once filled.
struct Events {
  // kTimeout, kClosed, kInvalidArgument.
  absl::Status Fill(runner::Client& client, size_t max, int64_t timeout_ms);

  // One event and what its fields point to.
  struct Held {
    pawl_event event{};
    client::Event source;
    std::string address;
    std::string sender;
    pawl_id conversation{};
    pawl_id message_id{};
    pawl_message message{};
    ContentHolder content;
  };
  std::deque<Held> held;
};

int32_t MessageStateOut(client::MessageState state);

// Fills in everything but `source`, from it. `own`: our address, or "".
void EventOut(const std::string& own, Events::Held& held);

}  // namespace pawl::capi

#endif  // PAWL_CAPI_EVENT_H_
