#ifndef PAWL_TESTS_SIM_COVERAGE_H_
#define PAWL_TESTS_SIM_COVERAGE_H_

#include <string>
#include <vector>

#include "sim/tally.h"

namespace pawl::sim {

// Prints how often everything occurred. Gives what must occur in a run of the default size, and did
// not.
std::vector<std::string> Report(const Tally& tally);

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_COVERAGE_H_
