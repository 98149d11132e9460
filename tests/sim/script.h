#ifndef PAWL_TESTS_SIM_SCRIPT_H_
#define PAWL_TESTS_SIM_SCRIPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace pawl::sim {

// What people do, and what goes wrong. Each has up to three numbers; which mean what stands beside
// it. A device is a number: the accounts' first devices come first, linked ones in the order of
// their linking.
enum class Kind : uint8_t {
  // --- people ---
  kSend,       // device, account, messages
  kSendBig,    // device, account, bytes
  kSendTimed,  // device, account, seconds until it disappears
  kTyping,     // device, account
  kRead,       // device, account: all of its messages
  kRequest,    // device, account: asks to be a contact
  kBlock,      // device, account, seconds until it takes that back
  kLink,       // device: links one more to its account
  kRemove,     // device, device of its account
  kAckLate,    // device, seconds: its app acknowledges that much later from now on
  kAckAtOnce,  // device
  // --- network ---
  kOffline,    // device, seconds
  kPartition,  // seconds: nobody reaches the relay
  kCut,        // device, channel, frames: its connection breaks after so many
  kSilence,    // device, channel, frames: as kCut, and nobody says so
  kLoseAcks,   // device, count: what it acknowledges to the relay is lost
  kDelay,      // device, milliseconds: that much slower from now on
  // --- a hostile relay ---
  kDuplicate,   // device, count: delivers the next ones twice
  kRename,      // device, count: delivers the next ones again under an id of their own
  kCorrupt,     // device, count: delivers a damaged copy before each
  kReorder,     // device, count: shuffles what comes together
  kWithhold,    // device, count: keeps the next ones until the next connection
  kRollList,    // device, count: shows an older list of the account asked for
  kRelayCrash,  // n-th change of its disk, how
  kRelayKill,
  // --- processes, disks and clocks ---
  kKill,      // device, seconds until it starts again
  kCrash,     // device, n-th change of its disk from now, how (DiskCrash)
  kDiskFull,  // device, seconds
  kClock,     // device, seconds (signed): its clock is set
  // --- copies ---
  kSnapshot,  // device: keeps an image of its disk
  kRestore,   // device, 0: with its anchor of now, 1: with the old one
  kClone,     // device, seconds: the image runs beside it for so long
  // --- a hostile peer ---
  kPoison,  // device, Steps: what it sends in them carries wrong Braid chunks
};
constexpr size_t kKinds = static_cast<size_t>(Kind::kPoison) + 1;

std::string_view NameOf(Kind kind);
std::optional<Kind> KindOf(std::string_view name);
bool IsFault(Kind kind);

struct Action {
  Duration at{};  // since the accounts were made
  Kind kind = Kind::kSend;
  int64_t a = 0, b = 0, c = 0;
};

// One world: everything follows from it.
struct Script {
  uint64_t seed = 0;
  int accounts = 3;
  int linked = 0;  // the account that begins with a second device, number `accounts`
  std::vector<Action> actions;
  bool drawn = false;  // whole, as a seed stands for it: it has enough of everything

  static Script Draw(uint64_t seed);
  std::string ToText() const;
  // One action a line; `#` begins a comment. None when a line says nothing.
  static std::optional<Script> Parse(std::string_view text);
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_SCRIPT_H_
