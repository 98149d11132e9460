#include "sim/judge.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace pawl::sim {
namespace {

using client::EventKind;
using client::MessageState;

bool IsOver(MessageState state) {
  return state == MessageState::kConfirmed || state == MessageState::kDelivered ||
         state == MessageState::kFailed;
}

}  // namespace

bool Judge::Live(const Device& device) const {
  return device.alive() && !device.retired() && !world_.removed_.contains(device.origin().number) &&
         device.self().has_value() && !device.superseded();
}

// One of the two blocked the other at some time.
bool Judge::MayBeKeptApart(const Sent& sent) const {
  const size_t from = world_.devices_[sent.device]->origin().account;
  return world_.blocked_.contains({from, sent.to}) || world_.blocked_.contains({sent.to, from});
}

// The first probes may be what shows a contact that there is one device more.
bool Judge::IsFinalProbe(const Sent& sent) const {
  return sent.probe && sent.at >= world_.final_probe_at_;
}

std::string Judge::Name(const Sent& sent) const {
  return "message " + std::to_string(world_.ledger_.by_id.at(sent.id.value())) + " of " +
         world_.devices_[sent.device]->name() + " to " +
         world_.AddressOf(static_cast<int64_t>(sent.to)).ToString();
}

std::string Judge::Whereabouts(const Sent& sent) const {
  std::string have, lack;
  for (const auto& device : world_.devices_) {
    if (device->origin().account != sent.to) continue;
    const bool has = device->journal().FindMessage(sent.id) != nullptr;
    (has ? have : lack) += " " + std::to_string(device->origin().number);
  }
  return "at" + (have.empty() ? " nobody" : have) + ", not at" + (lack.empty() ? " nobody" : lack);
}

void Judge::KeysAndPlaintexts() {
  if (world_.nonces_.repeated() > 0) world_.scene_.Fail("a key was used twice with one nonce");
  if (world_.relay_.disk().Holds(AsBytes(kCanary))) {
    world_.scene_.Fail("the relay holds a plaintext");
  }
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
  if (fate->state == MessageState::kFailed && fate->code == Code::kOk) {
    world_.scene_.Fail(Name(sent) + " failed without a reason");
  }
  Arrivals(sent);
}

void Judge::Arrivals(const Sent& sent) {
  const auto fate = *world_.devices_[sent.device]->journal().FateOf(sent.id);
  size_t have = 0, lack = 0;
  for (const auto& device : world_.devices_) {
    if (device->origin().account != sent.to) continue;
    const bool has = device->journal().FindMessage(sent.id) != nullptr;
    have += has;
    lack += !has && Live(*device);
  }
  // Who went back to an older copy of everything has lost what came later, and was told so.
  const bool taken_back = world_.copied_.contains(sent.to);
  if (fate.state != MessageState::kFailed && have == 0 && !taken_back) {
    world_.scene_.Fail(Name(sent) + " is confirmed, and nobody has it");
  }
  const bool has_cause = MayBeKeptApart(sent) || world_.withheld_ || !world_.removed_.empty() ||
                         world_.copied_.contains(sent.to) ||
                         world_.copied_.contains(world_.devices_[sent.device]->origin().account);
  if (fate.state == MessageState::kFailed && !has_cause) {
    world_.scene_.Fail(
        Name(sent) + " failed, without a cause in this world: " + std::string(CodeName(fate.code)));
  }
  if (IsFinalProbe(sent) && lack > 0 && !MayBeKeptApart(sent)) {
    world_.scene_.Fail(Name(sent) + " came after all was well, and a device lacks it");
  }
}

void Judge::Contents(const Device& device) {
  for (const Entry& entry : device.journal().entries()) {
    if (entry.kind != EventKind::kMessage) continue;
    const Sent* sent = world_.ledger_.Find(entry.message);
    if (sent == nullptr) {
      world_.scene_.Fail(device.name() + " has a message that nobody sent");
    } else if (entry.text != sent->text && !(sent->disappears && entry.text.empty())) {
      world_.scene_.Fail(device.name() + " has another text of " + Name(*sent));
    }
  }
}

// Of each device that sends to this one: what it sent first comes first.
void Judge::Order(const Device& device) {
  std::map<size_t, size_t> last;  // sending device -> number of its latest message here
  for (const Entry& entry : device.journal().entries()) {
    const Sent* sent =
        entry.kind == EventKind::kMessage ? world_.ledger_.Find(entry.message) : nullptr;
    if (sent == nullptr) continue;
    const size_t number = world_.ledger_.by_id.at(entry.message.value());
    const auto [at, first] = last.try_emplace(sent->device, number);
    if (!first && number < at->second) {
      return world_.scene_.Fail(device.name() + " got " + Name(*sent) + " after a later one");
    }
    at->second = std::max(at->second, number);
  }
}

void Judge::Count(Device& device, Kept& kept) const {
  auto tx = device.store()->Begin();
  if (!tx.ok()) return world_.scene_.Fail(device.name() + ": its store cannot be read");
  const auto prekeys = tx->prekeys().LoadKind(store::PrekeyKind::kOneTime);
  const auto sessions = tx->sessions().LoadAll();
  if (!prekeys.ok() || !sessions.ok()) return;
  const auto uploaded = static_cast<uint64_t>(std::count_if(
      prekeys->begin(), prekeys->end(), [](const auto& row) { return row.uploaded; }));
  kept.one_time += uploaded - std::min<uint64_t>(uploaded, device.one_time_left());
  for (const auto& session : *sessions) {
    kept.accepted += !session.initiator;
    const auto skipped = tx->skipped().LoadOf(session.id);
    if (skipped.ok()) kept.skipped += skipped->size();
  }
}

void Judge::LookAtStores() {
  Kept kept;
  for (const auto& device : world_.devices_) {
    if (Live(*device)) Count(*device, kept);
  }
  // Each handshake took one pair that the relay had handed out.
  const bool whole = world_.copied_.empty();
  if (whole && kept.one_time + kept.accepted > world_.relay_.prekeys_taken()) {
    world_.scene_.Fail("a one-time prekey was kept after its use");
  }
  world_.scene_.tally.Count("kept.skipped_keys", kept.skipped);
  if (kept.skipped > 0 && world_.nothing_lost_) {
    world_.scene_.Fail("a skipped key was kept, and every message has come");
  }
}

// Of a device and its copies one goes on.
void Judge::Copies() {
  std::map<size_t, size_t> going_on;  // by the device that was copied
  for (const auto& device : world_.devices_) {
    const auto clone = world_.clones_.find(device->origin().number);
    const size_t number = clone == world_.clones_.end() ? device->origin().number : clone->second;
    if (!world_.removed_.contains(number)) going_on[number] += Live(*device);
  }
  for (const auto& [clone, number] : world_.clones_) {
    if (world_.removed_.contains(number) || going_on[number] == 1) continue;
    world_.scene_.Fail(std::to_string(going_on[number]) + " of the copies of " +
                       world_.devices_[number]->name() + " go on");
  }
}

// Nobody was shown a list that names fewer devices than there are and believed it.
void Judge::Lists(const Device& device) {
  if (!world_.removed_.empty() || !world_.copied_.empty()) return;
  for (const Entry& entry : device.journal().entries()) {
    if (entry.kind != EventKind::kDeviceRemoved) continue;
    return world_.scene_.Fail(device.name() + " believes that a device is gone");
  }
}

void Judge::Look() {
  Copies();
  KeysAndPlaintexts();
  for (const Sent& sent : world_.ledger_.sent) Fate(sent);
  for (const auto& device : world_.devices_) {
    Contents(*device);
    Lists(*device);
    if (!world_.order_disturbed_ && world_.copied_.empty()) Order(*device);
  }
}

}  // namespace pawl::sim
