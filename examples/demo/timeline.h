#ifndef PAWL_DEMO_TIMELINE_H_
#define PAWL_DEMO_TIMELINE_H_

#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

namespace pawl_demo {

// What happened, for a person as it happens and as data at the end. A claim that does not hold is
// said so at once and makes the whole demo fail.
class Timeline {
 public:
  Timeline();

  void Chapter(const std::string& title);
  void Note(const std::string& who, const std::string& what);
  // Returns `held`.
  bool Claim(const std::string& what, bool held);
  nlohmann::ordered_json& data() { return data_; }
  bool all_held() const { return all_held_; }

 private:
  double Elapsed() const;
  std::chrono::steady_clock::time_point start_;
  nlohmann::ordered_json data_;
  bool all_held_ = true;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_TIMELINE_H_
