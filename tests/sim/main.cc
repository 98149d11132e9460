#include <malloc.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "crypto/init.h"
#include "sim/campaign.h"
#include "sim/coverage.h"
#include "sim/memory_vfs.h"
#include "sim/mutants.h"
#include "sim/options.h"
#include "sim/shrink.h"
#include "sim/world.h"

namespace pawl::sim {
namespace {

constexpr int kShrinkRuns = 400;
// What a run must have seen all of: fewer worlds need not meet everything.
constexpr uint64_t kEnoughToSeeAll = 200;

Outcome RunOne(const Script& script, const Options& options, bool trace) {
  const ScratchFolder folder;
  return World::RunScript(script,
                          {.folder = folder.path(), .mutant = options.mutant, .print = trace});
}

void ShrinkAndPrint(const Script& script, const std::string& failure, const Options& options) {
  if (!options.shrink) return;
  const ScratchFolder folder;
  const std::string kind = KindOfFailure(failure);
  const RunOptions run{.folder = folder.path(), .mutant = options.mutant};
  const auto fails = [&](const Script& candidate) {
    const Outcome outcome = World::RunScript(candidate, run);
    return !outcome.failures.empty() && KindOfFailure(outcome.failures.front()) == kind;
  };
  std::printf("the script that is left of it (for --script FILE):\n%s",
              Shrink(World::RunScript(script, run).script, fails, kShrinkRuns).ToText().c_str());
}

// One world, exactly.
int Replay(const Script& script, const Options& options) {
  const Outcome outcome = RunOne(script, options, options.trace);
  std::printf("seed %" PRIu64 ": trace %016" PRIx64 ", %zu messages, %zu faults, %s\n", script.seed,
              outcome.hash, outcome.messages, outcome.faults,
              outcome.failures.empty() ? "all promises kept" : "BROKEN:");
  for (const std::string& failure : outcome.failures) std::printf("  %s\n", failure.c_str());
  if (outcome.failures.empty()) return 0;
  ShrinkAndPrint(script, outcome.failures.front(), options);
  return 1;
}

int ReplayFile(const Options& options) {
  std::ifstream file(options.script);
  std::stringstream text;
  text << file.rdbuf();
  const auto script = Script::Parse(text.str());
  if (!file || !script) {
    std::fprintf(stderr, "pawl-sim: %s is not a script\n", options.script.c_str());
    return 2;
  }
  return Replay(*script, options);
}

int RunMany(const Options& options) {
  const CampaignResult result = RunCampaign(
      {.from = options.from, .seeds = options.seeds, .jobs = options.jobs, .progress = true});
  const auto missing = Report(result.tally);
  std::printf("%" PRIu64 " worlds, %" PRIu64 " messages, %" PRIu64
              " faults, %.0f s, %.1f worlds a second, %zu broken\n",
              result.worlds, result.messages, result.faults, result.seconds,
              static_cast<double>(result.worlds) / result.seconds, result.failures.size());
  std::printf("traces %016" PRIx64 "\n", result.traces);
  for (const auto& [seed, failure] : result.failures) {
    std::printf("seed %" PRIu64 ": %s\n", seed, failure.c_str());
  }
  if (!result.failures.empty()) {
    const auto& [seed, failure] = *result.failures.begin();
    ShrinkAndPrint(Script::Draw(seed), failure, options);
  }
  if (result.crashed) std::printf("a process ended before its time\n");
  const bool must_see_all = options.seeds >= kEnoughToSeeAll;
  for (const std::string& name : missing) std::printf("never occurred: %s\n", name.c_str());
  return result.failures.empty() && !result.crashed && (missing.empty() || !must_see_all) ? 0 : 1;
}

// Whether the mutant was noticed.
bool Hunt(const char* mutant, uint64_t seeds, const Options& options) {
  const CampaignResult result = RunCampaign({.from = options.from,
                                             .seeds = seeds,
                                             .jobs = options.jobs,
                                             .mutant = mutant,
                                             .stop_at_first = true});
  if (result.failures.empty()) {
    std::printf("%-28s NOT NOTICED in %" PRIu64 " worlds\n", mutant, result.worlds);
    return false;
  }
  const auto& [seed, failure] = *result.failures.begin();
  std::printf("%-28s noticed in world %" PRIu64 ": %s\n", mutant, seed - options.from + 1,
              failure.c_str());
  return true;
}

int HuntAll(const Options& options) {
  bool all = true;
  for (const Mutant& mutant : Mutants()) all &= Hunt(mutant.name, mutant.seeds, options);
  return all ? 0 : 1;
}

int Main(int argc, char** argv) {
  const auto options = ParseOptions(argc, argv);
  if (!options) return 2;
  if (options->help) {
    PrintHelp();
    return 0;
  }
  // Worlds come and go; their memory need not.
  ::mallopt(M_MMAP_THRESHOLD, 64 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  if (!crypto::Init().ok()) return 2;
  RegisterMemoryVfs();
  if (!options->script.empty()) return ReplayFile(*options);
  if (options->seed) return Replay(Script::Draw(*options->seed), *options);
  if (options->every_mutant) return HuntAll(*options);
  if (options->mutant != nullptr) return Hunt(options->mutant, options->seeds, *options) ? 0 : 1;
  return RunMany(*options);
}

}  // namespace
}  // namespace pawl::sim

int main(int argc, char** argv) { return pawl::sim::Main(argc, argv); }
