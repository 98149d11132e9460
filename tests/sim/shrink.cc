#include "sim/shrink.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace pawl::sim {
namespace {

class Shrinker {
 public:
  Shrinker(Script script, const std::function<bool(const Script&)>& fails, int runs)
      : best_(std::move(script)), fails_(fails), left_(runs) {
    best_.drawn = false;
  }

  Script Run() {
    for (bool smaller = true; smaller && left_ > 0;) {
      smaller = LeaveOut();
      smaller |= MakeSmaller();
    }
    return best_;
  }

 private:
  bool Try(Script candidate) {
    if (left_ <= 0) return false;
    --left_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  // Halves, then quarters, … down to single actions.
  bool LeaveOut() {
    bool any = false;
    for (size_t size = std::max<size_t>(best_.actions.size() / 2, 1); size > 0; size /= 2) {
      for (size_t at = 0; at < best_.actions.size() && left_ > 0;) {
        Script candidate = best_;
        const auto begin = candidate.actions.begin() + static_cast<int64_t>(at);
        const size_t count = std::min(size, candidate.actions.size() - at);
        candidate.actions.erase(begin, begin + static_cast<int64_t>(count));
        if (Try(std::move(candidate))) {
          any = true;
        } else {
          at += size;
        }
      }
    }
    return any;
  }

  bool MakeSmaller() {
    bool any = false;
    for (size_t i = 0; i < best_.actions.size(); ++i) {
      const Kind kind = best_.actions[i].kind;
      // What a number means decides whether less of it is simpler.
      if (kind == Kind::kSend) any |= Lower(i, &Action::c);
      const bool counts = kind == Kind::kDuplicate || kind == Kind::kRename ||
                          kind == Kind::kCorrupt || kind == Kind::kReorder ||
                          kind == Kind::kWithhold || kind == Kind::kLoseAcks;
      if (counts) any |= Lower(i, &Action::b);
    }
    return any;
  }
  bool Lower(size_t index, int64_t Action::*number) {
    for (const int64_t value : {int64_t{1}, best_.actions[index].*number / 2}) {
      if (value <= 0 || value >= best_.actions[index].*number) continue;
      Script candidate = best_;
      candidate.actions[index].*number = value;
      if (Try(std::move(candidate))) return true;
    }
    return false;
  }

  Script best_;
  const std::function<bool(const Script&)>& fails_;
  int left_;
};

}  // namespace

std::string KindOfFailure(const std::string& text) {
  std::string kind;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i]))) continue;
    if (i + 1 < text.size() && text[i + 1] == '@') continue;  // whose
    if (text[i] == ',') break;                                // details
    kind += text[i];
  }
  return kind;
}

Script Shrink(Script script, const std::function<bool(const Script&)>& fails, int runs) {
  return Shrinker(std::move(script), fails, runs).Run();
}

}  // namespace pawl::sim
