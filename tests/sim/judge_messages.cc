// What became of messages.
#include <algorithm>
#include <string>

#include "sim/judge.h"

namespace pawl::sim {
namespace {

using client::EventKind;
using client::MessageState;

bool IsOver(MessageState state) {
  return state == MessageState::kConfirmed || state == MessageState::kDelivered ||
         state == MessageState::kFailed;
}

// That something is missing, and will not come.
bool WasToldOfALoss(const Device& device) {
  const auto& entries = device.journal().entries();
  return std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
    return entry.kind == EventKind::kGap ||
           (entry.kind == EventKind::kRepaired && entry.detail > 0);
  });
}

bool Has(const Device& device, const Sent& sent) {
  return device.journal().FindMessage(sent.id) != nullptr;
}

}  // namespace

// One of the two blocked the other at some time.
bool Judge::MayBeKeptApart(const Sent& sent) const {
  return WereKeptApart(world_.devices_[sent.device]->origin().account, sent.to);
}

// The first probes may be what shows a contact that there is one device more.
bool Judge::IsFinalProbe(const Sent& sent) const {
  return sent.probe && sent.at >= world_.final_probe_at_;
}

std::string Judge::Whereabouts(const Sent& sent) const {
  std::string have, lack;
  for (const auto& device : world_.devices_) {
    if (device->origin().account != sent.to) continue;
    (Has(*device, sent) ? have : lack) += " " + std::to_string(device->origin().number);
  }
  return "at" + (have.empty() ? " nobody" : have) + ", not at" + (lack.empty() ? " nobody" : lack);
}

// Whatever was accepted has ended: somebody has it, or there is a reason why not.
void Judge::Fate(const Sent& sent) {
  const Device& from = *world_.devices_[sent.device];
  if (!Live(from)) return;
  const auto fate = from.journal().FateOf(sent.id);
  if (!fate) {
    if (!sent.probe) return;
    const auto code = from.Completed(sent.request);
    world_.scene_.Fail(Name(sent) + " was not even accepted, " +
                       std::string(code ? CodeName(*code) : "without an answer"));
    return;
  }
  // What disappears by its timer has ended where it was written, whatever becomes of it elsewhere.
  if (!IsOver(fate->state) && !sent.disappears) {
    return world_.scene_.Fail(Name(sent) + " has no end: state " +
                              std::to_string(static_cast<int>(fate->state)) + ", " +
                              Whereabouts(sent));
  }
  if (fate->state == MessageState::kFailed) return Failure(sent, fate->code);
  Arrivals(sent);
}

// Only who was blocked, or blocks, may have written in vain; or the relay kept the message, or what
// answers it, longer than messages live.
void Judge::Failure(const Sent& sent, Code code) {
  if (code == Code::kOk) world_.scene_.Fail(Name(sent) + " failed without a reason");
  if (MayBeKeptApart(sent)) return;
  if (code == Code::kExpired && WasWithheld(sent)) return;
  world_.scene_.Fail(Name(sent) + " failed, without a cause in this world: " +
                     std::string(CodeName(code)) + ", " + Whereabouts(sent));
}

// Every device has it that the sender knew of when it wrote, and so have its own others.
void Judge::Arrivals(const Sent& sent) {
  const Device& from = *world_.devices_[sent.device];
  size_t have = 0, lost = 0;
  for (const auto& device : world_.devices_) {
    const bool theirs = device->origin().account == sent.to;
    const bool own = device->origin().account == from.origin().account;
    if ((!theirs && !own) || device.get() == &from) continue;
    const bool has = Has(*device, sent);
    have += theirs && has;
    lost += theirs && LostByGoingBack(*device, sent);
    if (has || sent.disappears || !Live(*device) || MayBeKeptApart(sent)) continue;
    if (!IsFinalProbe(sent) && !WasKnown(from, *device, sent.at)) continue;
    if (LostByGoingBack(*device, sent)) continue;
    if (!IsFinalProbe(sent) && LostByTheRelay(*device)) continue;
    world_.scene_.Fail(Name(sent) + (own ? " has no copy at " : " never came to ") +
                       device->name() + (IsFinalProbe(sent) ? ", after all was well" : ""));
  }
  if (have == 0 && lost == 0 && !sent.disappears) {
    world_.scene_.Fail(Name(sent) + " is confirmed, and nobody has it");
  }
}

// To the sender, so that it must have sent to it. A list that it saw first names a device without a
// word to its app.
bool Judge::WasKnown(const Device& from, const Device& to, Timestamp at) const {
  if (!to.known() || !from.known() || to.known()->since >= at) return false;
  const auto& entries = from.journal().entries();
  const std::string peer = to.origin().address.ToString();
  const auto added = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return entry.kind == EventKind::kDeviceAdded && entry.peer == peer &&
           entry.device == *to.known()->id;
  });
  if (added != entries.end()) return added->at < at;
  if (to.origin().account == from.origin().account) return to.known()->since <= from.known()->since;
  return to.origin().number <= static_cast<size_t>(world_.script_.accounts);
}

// From the sender, or from a device that it was for.
bool Judge::WasWithheld(const Sent& sent) const {
  return std::any_of(world_.devices_.begin(), world_.devices_.end(), [&](const auto& device) {
    const bool concerned =
        device->origin().number == sent.device || device->origin().account == sent.to;
    return concerned && WasTarget(Kind::kWithhold, *device);
  });
}

bool Judge::WasTarget(Kind kind, const Device& device) const {
  const auto& actions = world_.script_.actions;
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    return action.kind == kind && action.a == static_cast<int64_t>(device.origin().number);
  });
}

// Of this device's mail the relay kept some so long that its keys may have been given up; or it
// showed the device a list without the sender until what waited for that was over, and its app was
// told so.
bool Judge::LostByTheRelay(const Device& device) const {
  return WasTarget(Kind::kWithhold, device) ||
         (WasTarget(Kind::kRollList, device) && WasToldOfALoss(device));
}

// It, or a copy of the same machine that does not go on, had the message, and its app was told that
// what came later is lost.
bool Judge::LostByGoingBack(const Device& device, const Sent& sent) const {
  if (!WasCopied(device) || !WasToldOfALoss(device)) return false;
  const auto machine = [&](const Device& of) {
    const auto clone = world_.clones_.find(of.origin().number);
    return clone == world_.clones_.end() ? of.origin().number : clone->second;
  };
  return std::any_of(world_.devices_.begin(), world_.devices_.end(), [&](const auto& other) {
    return machine(*other) == machine(device) && (Has(*other, sent) || other->HasLost(sent.id));
  });
}

}  // namespace pawl::sim
