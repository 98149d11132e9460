#include "sim/options.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sim/mutants.h"

namespace pawl::sim {
namespace {

std::optional<uint64_t> Number(const char* text) {
  char* end = nullptr;
  const uint64_t value = std::strtoull(text, &end, 10);
  return *text == '\0' || *end != '\0' ? std::nullopt : std::optional<uint64_t>(value);
}

bool SetMutantOption(Options& options, const char* name) {
  options.mutant = FindMutant(name);
  if (options.mutant != nullptr) return true;
  std::fprintf(stderr, "no such mutant: %s\n", name);
  return false;
}

// False when the option is not known, or its value is nothing.
bool Take(Options& options, std::string_view name, const char* value) {
  if (name == "--mutant") return SetMutantOption(options, value);
  if (name == "--script") {
    options.script = value;
    return true;
  }
  const auto number = Number(value);
  if (!number) return false;
  if (name == "--seeds") options.seeds = *number;
  if (name == "--from") options.from = *number;
  if (name == "--seed") options.seed = *number;
  if (name == "--jobs") options.jobs = static_cast<int>(*number);
  return name == "--seeds" || name == "--from" || name == "--seed" || name == "--jobs";
}

bool TakeFlag(Options& options, std::string_view name) {
  if (name == "--help") options.help = true;
  if (name == "--trace") options.trace = true;
  if (name == "--no-shrink") options.shrink = false;
  if (name == "--mutants") options.every_mutant = true;
  return name == "--help" || name == "--trace" || name == "--no-shrink" || name == "--mutants";
}

}  // namespace

std::optional<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (TakeFlag(options, argv[i])) continue;
    if (i + 1 < argc && Take(options, argv[i], argv[i + 1])) {
      ++i;
      continue;
    }
    std::fprintf(stderr, "pawl-sim: %s is not understood; --help\n", argv[i]);
    return std::nullopt;
  }
  if (options.jobs <= 0) options.jobs = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  return options;
}

void PrintHelp() {
  std::printf(
      "pawl-sim [OPTION...]\n"
      "Worlds of clients and a relay in virtual time, each from one seed, with everything that "
      "can\n"
      "go wrong going wrong. Ends with 1 when a promise was broken in one of them, or when some\n"
      "fault, state or recovery never occurred.\n\n"
      "  --seeds N       so many worlds (200)\n"
      "  --from S        the first one's seed (1)\n"
      "  --seed S        this world alone, exactly as it was; prints its trace hash\n"
      "  --script FILE   the world that a script describes, as a failing world prints it\n"
      "  --trace         prints what happens (--seed and --script)\n"
      "  --no-shrink     leaves a failing world's script as long as it is\n"
      "  --jobs N        processes (one for each core)\n"
      "  --mutant NAME   with this defect switched on: ends with 0 when it is noticed\n"
      "  --mutants       each mutant in turn: ends with 0 when all are noticed\n"
      "mutants:");
  for (const Mutant& mutant : Mutants()) std::printf(" %s", mutant.name);
  std::printf("\n");
}

}  // namespace pawl::sim
