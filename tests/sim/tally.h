#ifndef PAWL_TESTS_SIM_TALLY_H_
#define PAWL_TESTS_SIM_TALLY_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace pawl::sim {

// How often each fault, state and recovery path occurred, by name.
class Tally {
 public:
  void Count(std::string_view name, uint64_t times = 1) {
    const auto at = counts_.find(name);
    if (at != counts_.end()) {
      at->second += times;
    } else {
      counts_.emplace(name, times);
    }
  }
  void Add(const Tally& other) {
    for (const auto& [name, times] : other.counts_) Count(name, times);
  }
  uint64_t Of(std::string_view name) const {
    const auto at = counts_.find(name);
    return at == counts_.end() ? 0 : at->second;
  }
  const std::map<std::string, uint64_t, std::less<>>& all() const { return counts_; }

 private:
  std::map<std::string, uint64_t, std::less<>> counts_;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_TALLY_H_
