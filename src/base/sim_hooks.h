#ifndef PAWL_BASE_SIM_HOOKS_H_
#define PAWL_BASE_SIM_HOOKS_H_

// What the simulator (tests/sim) sees and changes inside the library. Compiled to nothing unless
// PAWL_SIM_HOOKS is defined (one CMake option, test builds only); a release library holds neither
// the names nor the symbols, which is how a test checks their absence.
//
//   PAWL_MUTANT("layer.what")   true while that defect is switched on: the simulator must notice it
//   PAWL_PASSED("layer.what")   counts that a state or a recovery path was reached

#ifdef PAWL_SIM_HOOKS

namespace pawl {

// Names are literals; at most four are on together. Like all of this: for programs of one thread.
void SwitchMutant(const char* name, bool on);

using PassedHook = void (*)(const char* name);
void SetPassedHook(PassedHook hook);

}  // namespace pawl

extern "C" bool pawl_sim_mutant(const char* name);
extern "C" void pawl_sim_passed(const char* name);

#define PAWL_MUTANT(name) ::pawl_sim_mutant("" name)
#define PAWL_PASSED(name) ::pawl_sim_passed("" name)

#else

#define PAWL_MUTANT(name) false
#define PAWL_PASSED(name) static_cast<void>(0)

#endif  // PAWL_SIM_HOOKS

#endif  // PAWL_BASE_SIM_HOOKS_H_
