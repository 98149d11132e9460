#include "base/sim_hooks.h"

#ifdef PAWL_SIM_HOOKS

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

namespace {

std::array<const char*, 4> g_on{};
std::atomic<pawl::PassedHook> g_passed{nullptr};

const char** Find(std::string_view name) {
  const auto at = std::find_if(g_on.begin(), g_on.end(), [&](const char* on) {
    return on != nullptr && std::string_view(on) == name;
  });
  return at == g_on.end() ? nullptr : &*at;
}

}  // namespace

namespace pawl {

void SwitchMutant(const char* name, bool on) {
  const char** const there = Find(name);
  if (there != nullptr && !on) *there = nullptr;
  if (there != nullptr || !on) return;
  const auto room = std::find(g_on.begin(), g_on.end(), nullptr);
  if (room != g_on.end()) *room = name;
}

void SetPassedHook(PassedHook hook) { g_passed.store(hook); }

}  // namespace pawl

extern "C" bool pawl_sim_mutant(const char* name) { return Find(name) != nullptr; }

extern "C" void pawl_sim_passed(const char* name) {
  if (pawl::PassedHook hook = g_passed.load(std::memory_order_relaxed)) hook(name);
}

#endif  // PAWL_SIM_HOOKS
