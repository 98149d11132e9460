#ifndef PAWL_TESTS_SIM_LEDGER_H_
#define PAWL_TESTS_SIM_LEDGER_H_

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace pawl::sim {

// A message that somebody asked a device to send.
struct Sent {
  MessageId id;
  size_t device = 0;  // number of the sending one
  size_t to = 0;      // account
  std::string text;
  Timestamp at{};
  bool disappears = false;
  bool probe = false;  // sent when all faults were over
  RequestId request{};
};

// What people sent, in the order they did; independent of what any device remembers.
struct Ledger {
  std::vector<Sent> sent;
  std::map<ByteArray<16>, size_t> by_id;

  const Sent* Find(const MessageId& id) const {
    const auto at = by_id.find(id.value());
    return at == by_id.end() ? nullptr : &sent[at->second];
  }
  void Add(Sent message) {
    by_id[message.id.value()] = sent.size();
    sent.push_back(std::move(message));
  }
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_LEDGER_H_
