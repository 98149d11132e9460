#ifndef PAWL_TESTS_SIM_MUTANTS_H_
#define PAWL_TESTS_SIM_MUTANTS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace pawl::sim {

// A defect that the library can be told to have (PAWL_MUTANT in src/).
struct Mutant {
  const char* name;
  uint64_t seeds;  // within so many worlds it must be noticed
};

std::span<const Mutant> Mutants();
// The literal of that name; null: there is none.
const char* FindMutant(std::string_view name);

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_MUTANTS_H_
