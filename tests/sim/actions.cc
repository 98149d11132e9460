// What the script says.
#include <algorithm>
#include <utility>

#include "sim/world.h"

// Each switch here is about one family of values.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace pawl::sim {
namespace {

// As long as somebody may be blocked.
constexpr Duration kWriteAgain = Seconds(45);
constexpr int kMostTries = 20;

client::Channel ChannelOf(int64_t number) {
  return number == 0 ? client::Channel::kDevice : client::Channel::kAnonymous;
}

}  // namespace

void World::Perform(const Action& action) {
  scene_.trace.Happened(scene_.now, static_cast<size_t>(action.a), NameOf(action.kind),
                        static_cast<uint64_t>(action.b));
  const bool loses = action.kind == Kind::kTyping || action.kind == Kind::kWithhold ||
                     action.kind == Kind::kBlock || action.kind == Kind::kRemove ||
                     action.kind == Kind::kCorrupt || action.kind >= Kind::kSnapshot;
  nothing_lost_ = nothing_lost_ && !loses;
  switch (action.kind) {
    case Kind::kPartition:
    case Kind::kRelayCrash:
    case Kind::kRelayKill:
      return PerformOnAll(action);
    default:
      break;
  }
  Device* const device = DeviceOf(action.a);
  if (device == nullptr) return;
  if (action.kind <= Kind::kAckAtOnce) return PerformOnPeople(action, *device);
  if (action.kind <= Kind::kDelay) return PerformOnNetwork(action, *device);
  if (action.kind <= Kind::kRelayKill) return PerformOnRelay(action, *device);
  if (action.kind <= Kind::kClock) return PerformOnMachine(action, *device);
  PerformOnCopies(action, *device);
}

void World::PerformOnPeople(const Action& action, Device& device) {
  const auto account = static_cast<size_t>(action.b);
  const bool to_other = account != device.origin().account && device.alive();
  const bool ready = device.self().has_value();
  switch (action.kind) {
    case Kind::kSend:
      return Write({.device = action.a, .to = account, .count = action.c});
    case Kind::kSendBig:
    case Kind::kSendTimed: {
      if (!to_other || !ready) return;
      std::string text(kCanary);
      const bool big = action.kind == Kind::kSendBig;
      if (big) text.append(static_cast<size_t>(action.c), 'y');
      SendText(device, account, std::move(text), big ? 0 : static_cast<uint32_t>(action.c), false);
      return;
    }
    case Kind::kTyping:
      if (to_other) device.Do(client::SendTyping{AddressOf(action.b)});
      return;
    case Kind::kRead: {
      const auto& entries = device.journal().entries();
      const std::string peer = AddressOf(action.b).ToString();
      const auto last = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& e) {
        return e.kind == client::EventKind::kMessage && !e.outgoing && e.peer == peer;
      });
      if (last == entries.rend()) return;
      device.Do(client::MarkRead{AddressOf(action.b), last->message});
      return;
    }
    case Kind::kRequest:
      if (to_other) device.Do(client::RequestContact{.peer = AddressOf(action.b)});
      return;
    case Kind::kBlock:
      if (!to_other) return;
      device.Do(client::BlockContact{AddressOf(action.b), true});
      blocked_.insert({account, device.origin().account});
      scene_.After(Seconds(action.c),
                   [this, &device, who = AddressOf(action.b)] { LetInAgain(device, who, 0); });
      return;
    case Kind::kLink:
      return Link(device.origin().account);
    case Kind::kRemove: {
      const Device* gone = DeviceOf(action.b);
      if (gone == nullptr || &device != FirstOf(device.origin().account)) return;
      const auto address = gone->self();
      if (!address || gone->origin().account != device.origin().account) return;
      removed_.insert(RootOf(gone->origin().number));
      device.Do(client::RemoveDevice{address->device});
      return;
    }
    case Kind::kAckLate:
      return device.SetAckDelay(Seconds(action.b));
    case Kind::kAckAtOnce:
      return device.SetAckDelay(Duration{});
    default:
      return;
  }
}

// Until it is done, whatever process dies or disk is full meanwhile.
void World::LetInAgain(Device& device, const identity::Address& who, int tries) {
  std::optional<RequestId> request;
  if (device.alive()) request = device.Do(client::AnswerContact{who, true});
  if (tries >= kMostTries) return;
  scene_.After(kWriteAgain, [this, &device, who, tries, request] {
    const auto code = request ? device.Completed(*request) : std::nullopt;
    const bool is_done = code && (*code == Code::kOk || *code == Code::kWrongState);
    if (!is_done) LetInAgain(device, who, tries + 1);
  });
}

bool World::CanWrite(const Device& device, size_t to) const {
  return device.origin().account != to && device.alive() && device.self() && !device.superseded() &&
         !IsRemoved(device.origin().number);
}

// Whose device does not write any more takes another one, or somebody else does. Null: who waits
// for a process that comes back.
Device* World::WriterFor(Device& wanted, size_t to) {
  const bool gone =
      wanted.superseded() || IsRemoved(wanted.origin().number) || wanted.origin().account == to;
  if (CanWrite(wanted, to)) return &wanted;
  if (!wanted.alive() && !gone) return nullptr;
  Device* other = nullptr;
  for (auto& device : devices_) {
    if (!CanWrite(*device, to)) continue;
    if (device->origin().account == wanted.origin().account) return device.get();
    if (other == nullptr) other = device.get();
  }
  return other;
}

void World::Write(const Writing& writing) {
  Device* const wanted = DeviceOf(writing.device);
  if (wanted == nullptr) return;
  const size_t first = ledger_.sent.size();
  if (Device* const device = WriterFor(*wanted, writing.to)) {
    for (int64_t i = 0; i < writing.count; ++i) {
      std::string text(kCanary);
      text += std::to_string(ledger_.sent.size());
      text.append(scene_.chance.Pick(120), 'x');
      SendText(*device, writing.to, std::move(text), 0, false);
    }
  }
  const size_t end = ledger_.sent.size();
  if (writing.tries >= kMostTries) return;
  scene_.After(kWriteAgain, [this, writing, first, end] { WriteAgain(writing, first, end); });
}

// What no device took, because its process died first or the recipient was blocked, is written
// anew.
void World::WriteAgain(const Writing& writing, size_t first, size_t end) {
  int64_t left = writing.count;
  for (size_t i = first; i < end; ++i) left -= WasAccepted(ledger_.sent[i]);
  if (left == 0) return;
  Write({.device = writing.device, .to = writing.to, .count = left, .tries = writing.tries + 1});
}

void World::FillDisk(Device& device, Duration time) {
  device.disk().SetFull(true);
  scene_.After(time, [this, &device, before = device.disk().changes()] {
    if (device.disk().changes() > before) scene_.tally.Count("fault.disk_full");
    device.disk().SetFull(false);
  });
}

void World::PerformOnNetwork(const Action& action, Device& device) {
  switch (action.kind) {
    case Kind::kOffline:
      if (device.alive()) scene_.tally.Count("fault.offline");
      device.SetOnline(false);
      scene_.After(Seconds(action.b), [&device] { device.SetOnline(true); });
      return;
    case Kind::kCut:
      device.faults(ChannelOf(action.b)).cut_after = action.c;
      return;
    case Kind::kSilence:
      device.faults(ChannelOf(action.b)).silence_after = action.c;
      return;
    case Kind::kLoseAcks:
      return device.LoseAcks(action.b);
    case Kind::kDelay:
      scene_.tally.Count("fault.delay");
      device.faults(client::Channel::kDevice).extra_delay = Milliseconds(action.b);
      device.faults(client::Channel::kAnonymous).extra_delay = Milliseconds(action.b / 2);
      return;
    default:
      return;
  }
}

void World::PerformOnRelay(const Action& action, Device& device) {
  HostileRelay& hostile = device.hostile();
  switch (action.kind) {
    case Kind::kDuplicate:
      hostile.duplicate += action.b;
      return;
    case Kind::kRename:
      hostile.rename += action.b;
      return;
    case Kind::kCorrupt:
      hostile.corrupt += action.b;
      return;
    case Kind::kReorder:
      hostile.reorder += action.b;
      return;
    case Kind::kWithhold:
      hostile.withhold += action.b;
      return;
    case Kind::kRollList:
      hostile.roll_list += action.b;
      return;
    default:
      return;
  }
}

void World::PerformOnAll(const Action& action) {
  if (action.kind == Kind::kPartition) {
    scene_.tally.Count("fault.partition");
    for (auto& device : devices_) device->SetOnline(false);
    scene_.After(Seconds(action.a), [this] {
      for (auto& device : devices_) device->SetOnline(true);
    });
  } else if (action.kind == Kind::kRelayCrash) {
    relay_.disk().CrashAt(static_cast<uint64_t>(action.a), static_cast<DiskCrash>(action.b));
  } else if (relay_.up()) {
    scene_.tally.Count("fault.relay_kill");
    relay_.Kill(Seconds(3));
  }
}

void World::PerformOnMachine(const Action& action, Device& device) {
  switch (action.kind) {
    case Kind::kKill:
      if (!device.alive()) return;
      scene_.tally.Count("fault.kill");
      return device.Crash(Seconds(action.b));
    case Kind::kCrash:
      if (!device.alive()) return;
      return device.disk().CrashAt(static_cast<uint64_t>(action.b),
                                   static_cast<DiskCrash>(action.c));
    case Kind::kDiskFull:
      return FillDisk(device, Seconds(action.b));
    case Kind::kClock:
      if (device.skew() == Seconds(action.b)) return;
      scene_.tally.Count("fault.clock");
      scene_.tally.Count(action.b < 0 ? "fault.clock_back" : "fault.clock_forward");
      return device.SetClock(Seconds(action.b));
    default:
      return;
  }
}

void World::PerformOnCopies(const Action& action, Device& device) {
  const size_t number = device.origin().number;
  auto& copy = copies_[number];
  switch (action.kind) {
    case Kind::kPoison:
      return device.Poison(action.b);
    case Kind::kSnapshot:
      if (device.alive() && device.self()) copy = device.TakeCopy();
      return;
    case Kind::kRestore:
      if (!copy) return;
      scene_.tally.Count("fault.restore");
      scene_.tally.Count(action.b == 0 ? "fault.restore_alone" : "fault.restore_with_anchor");
      copied_.insert(device.origin().account);
      device.PutBack(*copy, action.b != 0);
      journal_read_[number] = std::min(journal_read_[number], device.journal().entries().size());
      return;
    case Kind::kClone: {
      if (!copy) return;
      scene_.tally.Count("fault.clone");
      copied_.insert(device.origin().account);
      const Device::Copy taken = *copy;
      const size_t read = journal_read_[number];
      Device& clone = Add(device.origin().account, nullptr, &taken);
      clones_[clone.origin().number] = number;
      journal_read_.back() = std::min(read, taken.journal.entries().size());
      return;
    }
    default:
      return;
  }
}

}  // namespace pawl::sim
