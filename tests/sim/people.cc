// What people and their apps do in a world, by themselves.
#include <utility>

#include "client/engine/compose.h"
#include "client/engine/conversation.h"
#include "sim/world.h"

namespace pawl::sim {
namespace {

constexpr Duration kPatience = Minutes(2);
constexpr int kMostAttempts = 30;

}  // namespace

identity::Address World::AddressOf(int64_t account) const {
  const std::string name(1, static_cast<char>('a' + account));
  return *identity::Address::Create(name, "example.org");
}

Device* World::DeviceOf(int64_t number) {
  if (number < 0 || static_cast<size_t>(number) >= devices_.size()) return nullptr;
  Device* const device = devices_[static_cast<size_t>(number)].get();
  return device->retired() ? nullptr : device;
}

Device& World::Add(size_t account, const std::map<std::string, Bytes>* disk,
                   const Device::Copy* copy) {
  devices_.push_back(std::make_unique<Device>(
      scene_, relay_,
      Device::Origin{devices_.size(), account, AddressOf(static_cast<int64_t>(account))}));
  journal_read_.push_back(0);
  copies_.emplace_back();
  if (disk != nullptr) devices_.back()->disk().Restore(*disk);
  if (copy != nullptr) {
    devices_.back()->PutBack(*copy, true);
  } else {
    devices_.back()->Start();
  }
  return *devices_.back();
}

void World::Register(Device& device) {
  registering_[device.origin().number] =
      device.Do(client::Register{.address = device.origin().address});
}

void World::Link(size_t account) {
  const Device& fresh = Add(account);
  linkings_.push_back({.account = account, .device = fresh.origin().number});
}

// Accounts, and the second device of one of them, before anything can go wrong.
void World::RegisterAll() {
  const auto linked = static_cast<size_t>(script_.linked);
  if (prepared_ != nullptr) {
    const auto accounts = static_cast<size_t>(script_.accounts);
    for (size_t i = 0; i < accounts; ++i) Add(i, &prepared_->devices[i]);
    Add(linked, &prepared_->devices[accounts]);
    return RunUntil(scene_.now + Seconds(10));
  }
  for (int i = 0; i < script_.accounts; ++i) Register(Add(static_cast<size_t>(i)));
  RunUntil(scene_.now + Seconds(10));
  for (const auto& [number, request] : registering_) {
    if (devices_[number]->Completed(request) != Code::kOk) scene_.Fail("nobody can register");
  }
  Link(linked);
  RunUntil(scene_.now + Seconds(30));
  if (!devices_.back()->self()) scene_.Fail("nobody can link a device");
}

// Who asks is let in, at once; who shows another identity is believed.
void World::AnswerRequests(Device& device, size_t& read) {
  const auto& entries = device.journal().entries();
  for (; read < entries.size(); ++read) {
    const Entry& entry = entries[read];
    if (entry.kind != client::EventKind::kContactRequest) continue;
    device.Do(client::AnswerContact{*identity::Address::Parse(entry.peer), true});
  }
}

void World::Look() {
  for (size_t i = 0; i < devices_.size(); ++i) {
    if (devices_[i]->alive()) AnswerRequests(*devices_[i], journal_read_[i]);
  }
  for (Linking& linking : linkings_) {
    if (linking.stage != Linking::Stage::kDone) Drive(linking);
  }
}

// The three steps of linking a device; who waits in vain begins again.
void World::Drive(Linking& linking) {
  using Stage = Linking::Stage;
  Device& old = *devices_[linking.account];
  Device& fresh = *devices_[linking.device];
  if (!old.alive() || !fresh.alive()) {
    linking.stage = fresh.alive() && fresh.self() ? Stage::kDone : Stage::kBegin;
    linking.request = RequestId();
    return;
  }
  Device& asked = linking.stage == Stage::kApprove ? old : fresh;
  const bool waits = *linking.request != 0;
  if (waits && scene_.now - linking.since < kPatience) {
    const auto& code = asked.Completed(linking.request);
    if (!code) return;
    if (*code == Code::kOk) {
      linking.carried = asked.ResultOf(linking.request);
      linking.stage = static_cast<Stage>(static_cast<int>(linking.stage) + 1);
      if (linking.stage == Stage::kDone) return;
    } else if (fresh.self()) {
      linking.stage = Stage::kDone;  // done, and its answer was lost with a process
      return;
    } else {
      linking.stage = Stage::kBegin;
    }
  } else if (waits) {
    linking.stage = fresh.self() ? Stage::kDone : Stage::kBegin;
    if (linking.stage == Stage::kDone) return;
  }
  linking.since = scene_.now;
  if (linking.stage == Stage::kBegin && ++linking.attempts > kMostAttempts) {
    linking.stage = Stage::kDone;  // the first device is gone, or another copy of it went on
  } else if (linking.stage == Stage::kBegin) {
    linking.request = fresh.Do(client::BeginLink{.address = old.origin().address});
  } else if (linking.stage == Stage::kApprove) {
    linking.request = old.Do(client::ApproveLink{linking.carried});
  } else {
    linking.request = fresh.Do(client::CompleteLink{linking.carried});
  }
}

MessageId World::SendText(Device& from, size_t to, std::string text, uint32_t expires_in_s,
                          bool probe) {
  const MessageId id(scene_.chance.Array<16>());
  const identity::Address peer = AddressOf(static_cast<int64_t>(to));
  auto content =
      client::Compose({.id = id,
                       .sent_at = from.now(),
                       .conversation = client::ConversationOf(from.origin().address, peer),
                       .expires_in_s = expires_in_s,
                       .body = client::TextView{text}});
  if (!content.ok()) {
    scene_.Fail("a text cannot be composed");
    return id;
  }
  scene_.trace.Explain("message " + std::to_string(ledger_.sent.size()) + " from " + from.name() +
                       " to " + peer.ToString() + ": " + std::to_string(id.value()[0]) + "." +
                       std::to_string(id.value()[1]) + "." + std::to_string(id.value()[2]));
  const RequestId request =
      from.Do(client::SendMessage{.id = id, .to = peer, .content = *std::move(content)});
  ledger_.Add({id, from.origin().number, to, std::move(text), scene_.now, expires_in_s != 0, probe,
               request});
  return id;
}

}  // namespace pawl::sim
