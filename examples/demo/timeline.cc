#include "timeline.h"

#include <unistd.h>

#include <cstdio>

namespace pawl_demo {
namespace {

const char* Colour(const char* code) { return isatty(STDOUT_FILENO) ? code : ""; }

}  // namespace

Timeline::Timeline() : start_(std::chrono::steady_clock::now()) {
  data_["timeline"] = nlohmann::ordered_json::array();
  data_["claims"] = nlohmann::ordered_json::array();
}

double Timeline::Elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Timeline::Chapter(const std::string& title) {
  std::printf("\n%s%s%s\n", Colour("\033[1m"), title.c_str(), Colour("\033[0m"));
  std::fflush(stdout);
}

void Timeline::Note(const std::string& who, const std::string& what) {
  std::printf("  %6.2f s  %-6s %s\n", Elapsed(), who.c_str(), what.c_str());
  std::fflush(stdout);
  data_["timeline"].push_back({{"at_s", Elapsed()}, {"who", who}, {"what", what}});
}

bool Timeline::Claim(const std::string& what, bool held) {
  std::printf("  %6.2f s  %s%s%s %s\n", Elapsed(), Colour(held ? "\033[32m" : "\033[31m"),
              held ? "ok    " : "FAILED", Colour("\033[0m"), what.c_str());
  std::fflush(stdout);
  data_["claims"].push_back({{"what", what}, {"held", held}});
  all_held_ = all_held_ && held;
  return held;
}

}  // namespace pawl_demo
