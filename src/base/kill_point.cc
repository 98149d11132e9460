#include "base/kill_point.h"

#ifdef PAWL_KILL_POINTS

#include <atomic>

namespace {
std::atomic<pawl::KillHook> g_hook{nullptr};
}  // namespace

namespace pawl {
void SetKillHook(KillHook hook) { g_hook.store(hook); }
}  // namespace pawl

extern "C" void pawl_kill_point_hit(const char* name) {
  if (pawl::KillHook hook = g_hook.load()) hook(name);
}

#endif  // PAWL_KILL_POINTS
