#ifndef PAWL_TESTS_SIM_CAMPAIGN_H_
#define PAWL_TESTS_SIM_CAMPAIGN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/tally.h"

namespace pawl::sim {

// Many worlds, in several processes.
struct Campaign {
  uint64_t from = 1;
  uint64_t seeds = 0;
  int jobs = 1;
  const char* mutant = nullptr;
  bool stop_at_first = false;
  bool progress = false;
};

struct CampaignResult {
  uint64_t worlds = 0;
  uint64_t messages = 0;
  uint64_t faults = 0;
  uint64_t traces = 0;  // of all worlds, one over the other
  double seconds = 0;
  // Seed -> what was wrong first. Of a run that stops at the first, that one.
  std::map<uint64_t, std::string> failures;
  Tally tally;
  bool crashed = false;  // a process ended that should not have
};

CampaignResult RunCampaign(const Campaign& campaign);

// A folder of this process's own, removed with the object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_CAMPAIGN_H_
