#ifndef PAWL_TESTS_SIM_SHRINK_H_
#define PAWL_TESTS_SIM_SHRINK_H_

#include <functional>
#include <string>

#include "sim/script.h"

namespace pawl::sim {

// What is left of a failure's text without the names in it: two failures of one kind are the same
// failure to the shrinker.
std::string KindOfFailure(const std::string& text);

// Delta debugging: actions are left out, then numbers made smaller, as long as `fails` says that
// the same failure is still there. Calls it at most `runs` times.
Script Shrink(Script script, const std::function<bool(const Script&)>& fails, int runs);

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_SHRINK_H_
