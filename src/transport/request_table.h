#ifndef PAWL_TRANSPORT_REQUEST_TABLE_H_
#define PAWL_TRANSPORT_REQUEST_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/clock.h"
#include "transport/state.h"

namespace pawl::transport {

// The requests under way on one connection: each leaves exactly once, by Finish, Expire or TakeAll.
// Numbers count up and never come back, so an answer that comes too late cannot meet another
// request. On the wire they start at one with every socket: numbers that went on would tell a relay
// which anonymous connections were the same client's. Steady time. Thread-compatible.
class RequestTable {
 public:
  explicit RequestTable(size_t max) : max_(max) {}

  bool full() const { return deadlines_.size() >= max_; }
  bool empty() const { return deadlines_.empty(); }
  size_t size() const { return deadlines_.size(); }

  // The number that the next Add will take.
  RequestNumber next() const { return RequestNumber(next_); }

  // A socket began, and nothing is under way.
  void BeginSocket() { before_socket_ = next_ - 1; }
  // A request's `req` in frames. What a relay made up is the number of no request.
  uint64_t OnWire(RequestNumber number) const { return *number - before_socket_; }
  RequestNumber FromWire(uint64_t req) const { return RequestNumber(req + before_socket_); }

  // Not while full().
  RequestNumber Add(Timestamp deadline);
  // False for a number that is not under way: answered before, expired, or invented by the relay.
  bool Finish(RequestNumber number);
  // Removes and returns those whose deadline has come, oldest deadline first.
  std::vector<RequestNumber> Expire(Timestamp now);
  // Removes and returns all, oldest number first.
  std::vector<RequestNumber> TakeAll();
  Timestamp NextDeadline() const;

 private:
  size_t max_;
  uint64_t next_ = 1;
  uint64_t before_socket_ = 0;  // the last number that an earlier socket had
  absl::flat_hash_map<uint64_t, Timestamp> deadlines_;
  std::set<std::pair<Timestamp, uint64_t>> by_deadline_;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_REQUEST_TABLE_H_
