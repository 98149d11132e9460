#include "sim/judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace pawl::sim {
namespace {

using client::EventKind;

using Ailing = std::set<std::pair<std::string, uint32_t>>;

}  // namespace

bool Judge::Live(const Device& device) const {
  return device.alive() && !device.retired() && !world_.IsRemoved(device.origin().number) &&
         device.self().has_value() && !device.superseded();
}

// Of an account of which a copy was put back, or runs beside it.
bool Judge::WasCopied(const Device& device) const {
  return world_.copied_.contains(device.origin().account);
}

bool Judge::WereKeptApart(size_t a, size_t b) const {
  return world_.blocked_.contains({a, b}) || world_.blocked_.contains({b, a});
}

std::string Judge::Name(const Sent& sent) const {
  return "message " + std::to_string(world_.ledger_.by_id.at(sent.id.value())) + " of " +
         world_.devices_[sent.device]->name() + " to " +
         world_.AddressOf(static_cast<int64_t>(sent.to)).ToString();
}

void Judge::KeysAndPlaintexts() {
  if (world_.nonces_.repeated() > 0) world_.scene_.Fail("a key was used twice with one nonce");
  if (world_.relay_.disk().Holds(AsBytes(kCanary))) {
    world_.scene_.Fail("the relay holds a plaintext");
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

// Of each device that sends to this one: what it sent first comes first. Unless the relay shuffled
// this device's mail, or one of the two went back to an older copy of everything.
void Judge::Order(const Device& device) {
  if (device.hostile().disturbed_order() || WasCopied(device)) return;
  std::map<size_t, size_t> last;  // sending device -> number of its latest message here
  for (const Entry& entry : device.journal().entries()) {
    const Sent* sent =
        entry.kind == EventKind::kMessage ? world_.ledger_.Find(entry.message) : nullptr;
    if (sent == nullptr || WasCopied(*world_.devices_[sent->device])) continue;
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
  // What a device deleted an older copy of it has again.
  for (const auto& device : world_.devices_) {
    if (Live(*device) && !WasCopied(*device)) Count(*device, kept);
  }
  // Each handshake took one pair that the relay had handed out.
  if (kept.one_time + kept.accepted > world_.relay_.prekeys_taken()) {
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
    if (!world_.IsRemoved(number)) going_on[number] += Live(*device);
  }
  for (const auto& [clone, number] : world_.clones_) {
    if (world_.IsRemoved(number) || going_on[number] == 1) continue;
    world_.scene_.Fail(std::to_string(going_on[number]) + " of the copies of " +
                       world_.devices_[number]->name() + " go on");
  }
}

// Nobody believed a list that names fewer devices than there are. What became of a device whose
// account is that of a copy is the account's own word.
void Judge::Lists(const Device& device) {
  for (const Entry& entry : device.journal().entries()) {
    if (entry.kind != EventKind::kDeviceRemoved) continue;
    const bool gone =
        std::any_of(world_.devices_.begin(), world_.devices_.end(), [&](const auto& other) {
          if (other->origin().address.ToString() != entry.peer) return false;
          const bool is_it = other->known() && *other->known()->id == entry.device;
          return WasCopied(*other) || (is_it && world_.IsRemoved(other->origin().number));
        });
    if (gone) continue;
    return world_.scene_.Fail(device.name() + " believes that device " +
                              std::to_string(entry.device) + " of " + entry.peer + " is gone");
  }
}

// What could not be read was asked for again, and that ended: with all that there was, unless the
// device that was asked is not there any more.
void Judge::Repairs(const Device& device) {
  if (!Live(device)) return;
  Ailing open;
  for (const Entry& entry : device.journal().entries()) {
    const std::pair whose(entry.peer, entry.device);
    if (entry.kind == EventKind::kUndecryptable) open.insert(whose);
    if (entry.kind != EventKind::kRepaired) continue;
    open.erase(whose);
    if (entry.code != Code::kOk && !MayNotAnswer(device, entry)) {
      world_.scene_.Fail(device.name() + " had nothing back from device " +
                         std::to_string(entry.device) + " of " + entry.peer + ", " +
                         std::string(CodeName(entry.code)));
    }
  }
  for (const auto& [peer, number] : open) {
    world_.scene_.Fail(device.name() + " still cannot read device " + std::to_string(number) +
                       " of " + peer);
  }
}

// The device of an entry was removed, or replaced by a copy, or the two were kept apart.
bool Judge::MayNotAnswer(const Device& asking, const Entry& entry) const {
  return std::any_of(world_.devices_.begin(), world_.devices_.end(), [&](const auto& other) {
    const Device::Origin& origin = other->origin();
    if (origin.address.ToString() != entry.peer) return false;
    if (WereKeptApart(asking.origin().account, origin.account)) return true;
    const bool is_it = other->known() && *other->known()->id == entry.device;
    return is_it && !Live(*other);
  });
}

void Judge::Look() {
  Copies();
  KeysAndPlaintexts();
  for (const Sent& sent : world_.ledger_.sent) Fate(sent);
  for (const auto& device : world_.devices_) {
    Contents(*device);
    Lists(*device);
    Order(*device);
    Repairs(*device);
  }
}

}  // namespace pawl::sim
