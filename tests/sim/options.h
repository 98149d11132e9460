#ifndef PAWL_TESTS_SIM_OPTIONS_H_
#define PAWL_TESTS_SIM_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

namespace pawl::sim {

// Of the program.
struct Options {
  uint64_t from = 1;
  uint64_t seeds = 200;
  std::optional<uint64_t> seed{};  // one world alone
  std::string script{};            // file: the world it describes
  const char* mutant = nullptr;
  bool every_mutant = false;
  int jobs = 0;  // 0: as many as cores
  bool trace = false;
  bool shrink = true;
  bool help = false;
};

// None after an explanation on stderr.
std::optional<Options> ParseOptions(int argc, char** argv);
void PrintHelp();

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_OPTIONS_H_
