#ifndef PAWL_RELAY_ENGINE_SQLITE_SEND_LINES_H_
#define PAWL_RELAY_ENGINE_SQLITE_SEND_LINES_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"

namespace pawl::relay::engine::sqlite {

// Lines (Append::line) of which one was refused. Several of a line are under way at a time; what
// follows the refused one must not overtake it, also when its own reason to be refused has gone.
class SendLines {
 public:
  bool MayGo(uint64_t line, bool follows) {
    if (line == 0) return true;
    if (!follows) stopped_.erase(line);
    return !stopped_.contains(line);
  }
  void Refused(uint64_t line) {
    if (line == 0) return;
    // Forgetting costs somebody their order; nobody has so many lines with something refused.
    if (stopped_.size() >= kMost) stopped_.erase(stopped_.begin());
    stopped_.insert(line);
  }

 private:
  static constexpr size_t kMost = 65'536;
  absl::flat_hash_set<uint64_t> stopped_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_SEND_LINES_H_
