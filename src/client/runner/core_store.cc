// What a core does while its store cannot be written.

#include <algorithm>
#include <utility>
#include <variant>

#include "client/runner/core.h"

namespace pawl::runner {
namespace {

// Between two tries: 0.5 s, 1 s, 2 s, … 30 s.
Duration PauseAfter(int halts) {
  return Milliseconds(std::min<int64_t>(int64_t{500} << std::min(halts, 6), 30'000));
}

// The relay has it still, or it is about a connection that is gone: nothing is lost by forgetting
// it, and its bytes belong to the socket.
bool IsBorrowed(const client::Input& input) {
  return std::holds_alternative<client::EnvelopeArrived>(input) ||
         std::holds_alternative<client::MailboxEmpty>(input) ||
         std::holds_alternative<client::Reply>(input) ||
         std::holds_alternative<client::TimePassed>(input);
}

client::Event StoreEvent(Code code, Timestamp retry_at) {
  client::Event event;
  event.kind = client::EventKind::kStore;
  event.code = code;
  event.retry_at = retry_at;
  return event;
}

}  // namespace

void Core::Halt(const absl::Status& why, Timestamp now) {
  halted_ = true;
  retry_at_ = now + PauseAfter(halts_++);
  options_.log.Line(LogLevel::kError, "the store cannot be used; code",
                    static_cast<int>(CodeOf(why)));
  ports_.events->Push(StoreEvent(CodeOf(why), retry_at_));
  // What the relay sent and we could not keep it shall send again.
  device_.Stop(now);
  anonymous_.Stop(now);
}

void Core::DropBorrowedInputs() {
  size_t kept = 0;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (IsBorrowed(inputs_[i])) continue;
    if (kept != i) {
      inputs_[kept] = std::move(inputs_[i]);
      costs_[kept] = costs_[i];
    }
    ++kept;
  }
  inputs_.resize(kept);
  costs_.resize(kept);
}

CoreRest Core::TakeRest() {
  CoreRest rest{.loaded = loaded_, .lost = engine_->OpenRequestIds()};
  for (size_t i = 0; i < inputs_.size(); ++i) {
    auto* command = std::get_if<client::Command>(&inputs_[i]);
    if (command == nullptr) continue;
    if (offered_.contains(command->request)) {  // its source ends with this core
      rest.lost.push_back(command->request);
      ContentGone(costs_[i].bytes, false);
    } else {
      rest.orders.push_back({.command = std::move(*command), .bytes = costs_[i].bytes});
    }
  }
  inputs_.clear();
  costs_.clear();
  return rest;
}

void Core::Resume(Timestamp) {
  halts_ = 0;
  options_.log.Line(LogLevel::kInfo, "the store can be used again");
  ports_.events->Push(StoreEvent(Code::kOk, Timestamp{}));
}

}  // namespace pawl::runner
