#ifndef PAWL_BASE_KILL_POINT_H_
#define PAWL_BASE_KILL_POINT_H_

// PAWL_KILL_POINT("layer.what"): a named instant at which the kill tests may end the process, such
// as "db.after_commit". It compiles to nothing unless PAWL_KILL_POINTS is defined (one CMake
// option, test builds only), and then calls the hook that a test installed. A release library holds
// neither the names nor the symbol pawl_kill_point_hit, which is how a test checks their absence.

#ifdef PAWL_KILL_POINTS

namespace pawl {

// Called on whichever thread passes the point; may not return (raise(SIGKILL)).
using KillHook = void (*)(const char* name);

// Process-wide, null for none. Thread-safe.
void SetKillHook(KillHook hook);

}  // namespace pawl

extern "C" void pawl_kill_point_hit(const char* name);

#define PAWL_KILL_POINT(name) ::pawl_kill_point_hit("" name)

#else

#define PAWL_KILL_POINT(name) static_cast<void>(0)

#endif  // PAWL_KILL_POINTS

#endif  // PAWL_BASE_KILL_POINT_H_
