#ifndef PAWL_TESTS_SIM_JUDGE_H_
#define PAWL_TESTS_SIM_JUDGE_H_

#include "sim/world.h"

namespace pawl::sim {

// Looks at a world that has become quiet: was every promise kept? What can be seen at once (an
// event twice, a plaintext at the relay) was reported when it happened.
class Judge {
 public:
  explicit Judge(World& world) : world_(world) {}
  // What devices keep: before a month's sleep, after which much of it is erased by its age.
  void LookAtStores();
  void Look();

 private:
  struct Kept {
    uint64_t one_time = 0;  // private parts whose public ones the relay does not have any more
    uint64_t accepted = 0;  // handshakes
    uint64_t skipped = 0;   // keys of messages that have not come
  };
  void Count(Device& device, Kept& kept) const;
  // --- messages (judge_messages.cc) ---
  void Fate(const Sent& sent);
  void Failure(const Sent& sent, Code code);
  void Arrivals(const Sent& sent);
  bool WasKnown(const Device& from, const Device& to, Timestamp at) const;
  bool LostByTheRelay(const Device& device) const;
  bool WasWithheld(const Sent& sent) const;
  // Whether the script does this to the device.
  bool WasTarget(Kind kind, const Device& device) const;
  bool LostByGoingBack(const Device& device, const Sent& sent) const;
  bool IsFinalProbe(const Sent& sent) const;
  bool MayBeKeptApart(const Sent& sent) const;
  std::string Whereabouts(const Sent& sent) const;

  void KeysAndPlaintexts();
  void Copies();
  void Lists(const Device& device);
  void Contents(const Device& device);
  void Order(const Device& device);
  void Repairs(const Device& device);
  bool MayNotAnswer(const Device& asking, const Entry& entry) const;
  bool Live(const Device& device) const;
  bool WasCopied(const Device& device) const;
  bool WereKeptApart(size_t a, size_t b) const;
  std::string Name(const Sent& sent) const;

  World& world_;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_JUDGE_H_
