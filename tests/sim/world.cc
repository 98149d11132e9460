#include "sim/world.h"

#include <algorithm>
#include <utility>

#include "base/sim_hooks.h"
#include "sim/judge.h"
#include "sim/memory_vfs.h"

namespace pawl::sim {
namespace {

// Nothing is disturbed any more: backoffs, renewals and handshakes that are sent again take hours.
constexpr Duration kCalm = Hours(15);
// Longer than anything may wait.
constexpr Duration kForEver = Days(32);
// One world in so many registers its accounts itself.
constexpr uint64_t kRegistersItself = 16;

// Of a send and a death each, to a script of which too much came to nothing.
constexpr int kMostAdded = 20;

// Of all devices together; a world takes one or two thousand.
constexpr size_t kMostSteps = 30'000;

Tally* g_tally = nullptr;

}  // namespace

World::World(const Script& script, const RunOptions& options, const Prepared* prepared)
    : script_(script),
      mutant_(options.mutant),
      prepared_(prepared),
      scene_(script.seed, options.print),
      relay_(scene_, options.folder, prepared ? prepared->relay : std::map<std::string, Bytes>()) {
  const bool silence = std::any_of(script.actions.begin(), script.actions.end(),
                                   [](const Action& a) { return a.kind == Kind::kSilence; });
  if (silence) scene_.dead_after = Minutes(40);
  if (prepared_ != nullptr) scene_.now = scene_.now + Minutes(1);  // that was before
#ifdef PAWL_SIM_HOOKS
  // Encrypting pages and wiping what SQLite frees is half of a world's time, and nothing in it
  // could tell.
  SwitchMutant("db.plain_pages", true);
  if (mutant_ != nullptr) SwitchMutant(mutant_, true);
  g_tally = &scene_.tally;
  SetPassedHook([](const char* name) { g_tally->Count(name); });
#endif
}

World::~World() {
#ifdef PAWL_SIM_HOOKS
  if (mutant_ != nullptr) SwitchMutant(mutant_, false);
  SetPassedHook(nullptr);
#endif
  for (auto& device : devices_) device->Die();
}

Timestamp World::NextInstant() const {
  Timestamp next = relay_tick_ + relay_every_;
  if (!scene_.due.empty()) next = std::min(next, scene_.due.begin()->first.first);
  for (const auto& device : devices_) next = std::min(next, device->NextDeadline());
  return std::max(next, scene_.now);
}

bool World::DoWhatIsDue() {
  bool any = false;
  while (!scene_.due.empty() && scene_.due.begin()->first.first <= scene_.now) {
    auto node = scene_.due.extract(scene_.due.begin());
    node.mapped()();
    any = true;
  }
  if (scene_.now >= relay_tick_ + relay_every_) {
    relay_tick_ = scene_.now;
    relay_.Tick();
  }
  for (auto& device : devices_) {
    if (device->NextDeadline() <= scene_.now) device->Tick();
  }
  return any;
}

void World::StepAll() {
  for (size_t i = 0; i < devices_.size(); ++i) {
    if (!devices_[i]->has_work()) continue;
    devices_[i]->Step();
    ++steps_;
  }
  if (steps_ > kMostSteps && !restless_) {
    restless_ = true;
    scene_.Fail("the world does not come to rest: too many Steps");
  }
}

void World::RunUntil(Timestamp until) {
  constexpr int kFarTooMuch = 5'000;
  int at_once = 0;
  while (!restless_) {
    const Timestamp next = NextInstant();
    if (next > until) break;
    at_once = next > scene_.now ? 0 : at_once + 1;
    if (at_once > kFarTooMuch) {
      restless_ = true;
      scene_.Fail("the world does not come to rest");
    }
    scene_.now = next;
    DoWhatIsDue();
    relay_.Flush();
    StepAll();
    Look();
    StepAll();
    relay_.Flush();
  }
  scene_.now = until;
}

// Everybody is awake for some minutes every few hours.
void World::Pass(Duration time) {
  const Timestamp end = scene_.now + time;
  RunUntil(std::min(end, scene_.now + Minutes(15)));
  while (scene_.now < end) {
    scene_.now = std::min(end, scene_.now + Minutes(205));
    RunUntil(std::min(end, scene_.now + Minutes(10)));
  }
}

// Whatever still goes wrong stops.
void World::Calm() {
  relay_.disk().StopFaults();
  for (auto& device : devices_) {
    if (device->retired()) continue;
    device->hostile().Stop();
    for (const auto channel : {client::Channel::kDevice, client::Channel::kAnonymous}) {
      device->faults(channel) = LinkFaults{};
    }
    device->disk().StopFaults();
    device->SetClock(Duration{});
    device->SetOnline(true);
    device->SetAckDelay(Duration{});
    // Whose connection another copy took over asks for it again only when it is started.
    device->Die();
    device->Start();
  }
}

// People open the app again that says that it was replaced.
void World::Reopen() {
  for (size_t i = 0; i < devices_.size(); ++i) {
    if (!devices_[i]->replaced()) continue;
    scene_.tally.Count("recovery.reopened");
    devices_[i]->Die();
    devices_[i]->Start();
    RunUntil(scene_.now + Minutes(3));
  }
}

// Everybody writes to everybody once more.
void World::Probe() {
  for (auto& from : devices_) {
    if (!from->alive() || from->retired() || IsRemoved(from->origin().number)) continue;
    if (!from->self() || from->superseded()) continue;
    for (size_t to = 0; to < static_cast<size_t>(script_.accounts); ++to) {
      if (to == from->origin().account) continue;
      SendText(*from, to, std::string(kCanary) + "probe", 0, true);
    }
  }
}

Prepared World::Prepare(int accounts, int linked, const RunOptions& options) {
  Script script;
  script.seed = 0x9e9a;
  script.accounts = accounts;
  script.linked = linked;
  World world(script, {.folder = options.folder}, nullptr);
  world.relay_tick_ = world.scene_.now;
  world.RegisterAll();
  Prepared prepared;
  for (auto& device : world.devices_) {
    device->Die();
    prepared.devices.push_back(device->disk().Image());
  }
  world.relay_.Kill(Hours(1));
  prepared.relay = world.relay_.disk().Image();
  return prepared;
}

Outcome World::RunScript(const Script& script, const RunOptions& options) {
  static std::map<std::pair<int, int>, Prepared> made;
  if (script.seed % kRegistersItself == 0) return World(script, options, nullptr).Run();
  const std::pair kind(script.accounts, script.linked);
  auto at = made.find(kind);
  if (at == made.end()) {
    at = made.emplace(kind, Prepare(script.accounts, script.linked, options)).first;
  }
  return World(script, options, &at->second).Run();
}

bool World::WasAccepted(const Sent& sent) const {
  const Device& from = *devices_[sent.device];
  const auto knows = [&](const Journal& journal) { return journal.FateOf(sent.id).has_value(); };
  return knows(from.journal()) || std::any_of(from.lost().begin(), from.lost().end(), knows);
}

size_t World::AcceptedMessages() const {
  return static_cast<size_t>(
      std::count_if(ledger_.sent.begin(), ledger_.sent.end(),
                    [&](const Sent& sent) { return !sent.probe && WasAccepted(sent); }));
}

// Of each kind no more than the script says: one of them may take effect several times.
size_t World::FaultsWithEffect() const {
  std::map<Kind, uint64_t> planned;
  for (const Action& action : script_.actions) ++planned[action.kind];
  uint64_t faults = 0;
  for (const auto& [kind, times] : planned) {
    if (!IsFault(kind)) continue;
    faults += std::min(times, scene_.tally.Of("fault." + std::string(NameOf(kind))));
  }
  return faults;
}

// A world in which little happens proves little.
bool World::HasEnough() const {
  constexpr size_t kMessages = 200, kFaults = 10;
  return AcceptedMessages() >= kMessages && FaultsWithEffect() >= kFaults;
}

// Some of what the script says comes to nothing. Then somebody writes more, and dies over it; a
// part of the script from now on, for who looks for the smallest one.
void World::AddMore(Timestamp begin, Duration at) {
  const size_t number = script_.actions.size() % devices_.size();
  const size_t other =
      (devices_[number]->origin().account + 1) % static_cast<size_t>(script_.accounts);
  const auto device = static_cast<int64_t>(number);
  for (const Action& action : {Action{at, Kind::kSend, device, static_cast<int64_t>(other), 8},
                               Action{Milliseconds(at.ms + 100), Kind::kKill, device, 10, 0}}) {
    script_.actions.push_back(action);
    scene_.At(begin + action.at, [this, action] { Perform(action); });
  }
}

Outcome World::Run() {
  relay_tick_ = scene_.now;
  RegisterAll();
  const Timestamp begin = scene_.now;
  for (const Action& action : script_.actions) {
    scene_.At(begin + action.at, [this, action] { Perform(action); });
  }
  Duration end{};
  for (int more = 0;; ++more) {
    end =
        Milliseconds((script_.actions.empty() ? 0 : script_.actions.back().at.ms) + Minutes(10).ms);
    RunUntil(begin + end);
    if (!script_.drawn || more == kMostAdded || HasEnough()) break;
    AddMore(begin, end);
  }
  relay_every_ = Minutes(10);
  Calm();
  RunUntil(scene_.now + Minutes(5));
  Reopen();
  Pass(kCalm);
  Reopen();
  Probe();
  Pass(kCalm);
  // By now each of two copies has gone its own way, which is what the other can notice.
  for (int i = 0; i < 3; ++i) Reopen();
  Pass(Minutes(30));
  final_probe_at_ = scene_.now;
  Probe();
  Pass(Minutes(20));
  for (auto& device : devices_) device->BreakLinks();
  Pass(Minutes(20));
  Judge judge(*this);
  judge.LookAtStores();
  // Asleep for a month, all of them: what was not delivered ends.
  scene_.now = scene_.now + kForEver;
  Pass(Minutes(30));
  judge.Look();
  const size_t messages = AcceptedMessages(), faults = FaultsWithEffect();
  if (script_.drawn && !HasEnough()) {
    scene_.Fail("only " + std::to_string(messages) + " messages were accepted, and " +
                std::to_string(faults) + " faults took effect");
  }
  return {scene_.trace.hash(),     std::move(script_), std::move(scene_.failures),
          std::move(scene_.tally), messages,           faults};
}

}  // namespace pawl::sim
