#include "sim/app.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "client/engine/content_view.h"

// Each switch here is about one family of values.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace pawl::sim {
namespace {

using client::Event;
using client::EventKind;

int32_t DetailOf(const Event& event) {
  switch (event.kind) {
    case EventKind::kMessageState:
      return static_cast<int32_t>(event.state);
    case EventKind::kReceipt:
      return static_cast<int32_t>(event.receipt);
    case EventKind::kDeviceListWarning:
      return static_cast<int32_t>(event.warning);
    case EventKind::kContactAnswer:
    case EventKind::kContactChanged:
      return static_cast<int32_t>(event.contact);
    case EventKind::kRepaired:
      return static_cast<int32_t>(event.count);
    default:
      return 0;
  }
}

std::string TextOf(const Event& event) {
  if (event.kind != EventKind::kMessage) return event.text;
  const auto view = client::ContentView::Parse(event.content.Expose());
  if (!view.ok()) return "";  // its timer was faster than the app
  const auto* text = std::get_if<client::TextView>(&view->body);
  return text ? std::string(text->text) : "?";
}

Entry EntryOf(const Event& event, Timestamp now) {
  return {.seq = *event.seq,
          .at = now,
          .kind = event.kind,
          .peer = event.peer ? event.peer->ToString() : std::string(),
          .device = *event.device,
          .message = event.message,
          .detail = DetailOf(event),
          .code = event.code,
          .outgoing = event.outgoing,
          .text = TextOf(event)};
}

std::string_view StateName(int32_t state) {
  constexpr std::string_view kNames[] = {"",          "queued", "at_relay", "confirmed", "failed",
                                         "delivered", "read",   "received", "deleted"};
  return state >= 0 && state < 9 ? kNames[state] : "?";
}

void CountEntry(const Entry& entry, Tally& tally) {
  constexpr std::string_view kNames[] = {"",
                                         "message",
                                         "state",
                                         "receipt",
                                         "contact_request",
                                         "contact_answer",
                                         "identity_changed",
                                         "list_warning",
                                         "device_added",
                                         "device_removed",
                                         "device_rekeyed",
                                         "session_reset",
                                         "gap",
                                         "registered",
                                         "attachment",
                                         "read_elsewhere",
                                         "contact_changed",
                                         "identity_kept",
                                         "undecryptable",
                                         "repaired",
                                         "superseded"};
  const auto kind = static_cast<size_t>(entry.kind);
  const std::string name(kind < std::size(kNames) ? kNames[kind] : "?");
  if (entry.kind == EventKind::kMessageState) {
    if (entry.code != Code::kOk) {
      tally.Count("message." + std::string(StateName(entry.detail)) + "." +
                  std::string(CodeName(entry.code)));
    }
  } else if (entry.kind == EventKind::kReceipt) {
    tally.Count(entry.detail == 2 ? "message.read" : "message.delivered");
  } else {
    tally.Count("event." + name);
  }
}

}  // namespace

uint64_t Entry::Digest() const {
  uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&](uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
  mix(seq);
  mix(static_cast<uint64_t>(kind));
  for (const char c : peer) mix(static_cast<uint8_t>(c));
  mix(device);
  for (const uint8_t byte : message.value()) mix(byte);
  mix(static_cast<uint64_t>(detail));
  mix(static_cast<uint64_t>(code));
  mix(outgoing);
  return hash;
}

std::optional<std::string> Journal::Take(const Event& event, Timestamp now, Tally& tally) {
  const Entry entry = EntryOf(event, now);
  if (entry.seq <= seen_) {
    tally.Count("recovery.event_handed_out_again");
    return TakeAgain(entry);
  }
  seen_ = entry.seq;
  CountEntry(entry, tally);
  std::optional<std::string> wrong;
  if (entry.kind == EventKind::kMessage) {
    const bool fresh = messages_.emplace(entry.message.value(), entries_.size()).second;
    if (!fresh) wrong = "a message was handed out twice, as event " + std::to_string(entry.seq);
  }
  if (entry.kind == EventKind::kMessageState) {
    const auto state = static_cast<client::MessageState>(entry.detail);
    wrong = GoTo(entry.message, {state, entry.code}, tally);
  }
  // That an app took it says more than that a device did, and may be heard of first.
  if (entry.kind == EventKind::kReceipt) {
    GoTo(entry.message, {client::MessageState::kDelivered, Code::kOk}, tally);
  }
  entries_.push_back(entry);
  return wrong;
}

std::optional<std::string> Journal::GoTo(const MessageId& message, Fate fate, Tally& tally) {
  using client::MessageState;
  const auto [at, first] = fates_.try_emplace(message.value(), fate);
  const MessageState before = std::exchange(at->second, fate).state;
  const std::string from(first ? "" : StateName(static_cast<int32_t>(before)));
  const std::string to(StateName(static_cast<int32_t>(fate.state)));
  if (first || before != fate.state) tally.Count("message." + from + ">" + to);
  if (first) return std::nullopt;
  // Somebody has it: then it did not fail.
  const bool undone = fate.state == MessageState::kFailed &&
                      (before == MessageState::kConfirmed || before == MessageState::kDelivered);
  if (fate.state >= before && !undone) return std::nullopt;
  return "the state of a message goes back, from " + from + " to " + to;
}

std::optional<std::string> Journal::TakeAgain(const Entry& entry) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), entry.seq,
                                   [](const Entry& e, uint64_t seq) { return e.seq < seq; });
  if (at == entries_.end() || at->seq != entry.seq || at->Digest() != entry.Digest()) {
    return "event " + std::to_string(entry.seq) + " is another one than before";
  }
  return std::nullopt;
}

std::optional<Journal::Fate> Journal::FateOf(const MessageId& message) const {
  const auto at = fates_.find(message.value());
  return at == fates_.end() ? std::nullopt : std::optional<Fate>(at->second);
}

const Entry* Journal::FindMessage(const MessageId& message) const {
  const auto at = messages_.find(message.value());
  return at == messages_.end() ? nullptr : &entries_[at->second];
}

}  // namespace pawl::sim
