#include "transport/request_table.h"

#include <algorithm>

namespace pawl::transport {

RequestNumber RequestTable::Add(Timestamp deadline) {
  const uint64_t number = next_++;
  deadlines_.emplace(number, deadline);
  by_deadline_.emplace(deadline, number);
  return RequestNumber(number);
}

bool RequestTable::Finish(RequestNumber number) {
  const auto found = deadlines_.find(*number);
  if (found == deadlines_.end()) return false;
  by_deadline_.erase({found->second, *number});
  deadlines_.erase(found);
  return true;
}

std::vector<RequestNumber> RequestTable::Expire(Timestamp now) {
  std::vector<RequestNumber> expired;
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now) {
    expired.emplace_back(by_deadline_.begin()->second);
    deadlines_.erase(by_deadline_.begin()->second);
    by_deadline_.erase(by_deadline_.begin());
  }
  return expired;
}

std::vector<RequestNumber> RequestTable::TakeAll() {
  std::vector<RequestNumber> all;
  all.reserve(deadlines_.size());
  for (const auto& [number, deadline] : deadlines_) all.emplace_back(number);
  std::sort(all.begin(), all.end());
  deadlines_.clear();
  by_deadline_.clear();
  return all;
}

Timestamp RequestTable::NextDeadline() const {
  return by_deadline_.empty() ? kNever : by_deadline_.begin()->first;
}

}  // namespace pawl::transport
