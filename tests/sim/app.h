#ifndef PAWL_TESTS_SIM_APP_H_
#define PAWL_TESTS_SIM_APP_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "client/engine/event.h"
#include "sim/tally.h"

namespace pawl::sim {

// One durable event as an app wrote it down.
struct Entry {
  uint64_t seq = 0;
  Timestamp at{};  // when it was handed out first; by the world's clock
  client::EventKind kind = client::EventKind::kMessage;
  std::string peer;
  uint32_t device = 0;
  MessageId message{};
  int32_t detail = 0;  // state, receipt, warning, contact or count, as the kind has it
  Code code = Code::kOk;
  bool outgoing = false;
  std::string text;
  uint64_t Digest() const;
};

// What an app has on its own disk, written in one transaction with each event's effect: it survives
// whatever happens to the process.
class Journal {
 public:
  // An event that was handed out. Says what is wrong with it, if anything is.
  std::optional<std::string> Take(const client::Event& event, Timestamp now, Tally& tally);

  uint64_t seen() const { return seen_; }
  const std::vector<Entry>& entries() const { return entries_; }
  // What the app was last told of a message of its own; nothing: never anything.
  struct Fate {
    client::MessageState state = client::MessageState::kQueued;
    Code code = Code::kOk;
  };
  std::optional<Fate> FateOf(const MessageId& message) const;
  // The entry of a message, theirs or a copy of ours; null: none.
  const Entry* FindMessage(const MessageId& message) const;

 private:
  std::optional<std::string> TakeAgain(const Entry& entry) const;
  std::optional<std::string> GoTo(const MessageId& message, Fate fate, Tally& tally);
  uint64_t seen_ = 0;
  std::vector<Entry> entries_;
  std::map<ByteArray<16>, size_t> messages_;  // index of the kMessage entry
  std::map<ByteArray<16>, Fate> fates_;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_APP_H_
