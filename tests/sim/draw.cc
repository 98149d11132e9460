// The script that a seed stands for.
#include <algorithm>
#include <array>

#include "sim/script.h"
#include "sim/stream_rng.h"

// Each switch here is about one family of values.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace pawl::sim {
namespace {

constexpr int kMessages = 200;

class Author {
 public:
  explicit Author(uint64_t seed) : rng_({seed, 0x5c12}) {
    script_.seed = seed;
    script_.drawn = true;
    script_.accounts = static_cast<int>(rng_.Between(3, 4));
    script_.linked = static_cast<int>(Account());
    owners_.push_back(script_.linked);
    devices_ = script_.accounts + 1;
  }

  Script Write() {
    Meet();
    if (rng_.OneIn(3)) {
      owners_.push_back(Account());
      Add(Seconds(20), Kind::kLink, owners_.back());
      ++devices_;
    }
    // Most worlds last an hour, some a few days.
    end_ = rng_.OneIn(8) ? Days(3) : Hours(1);
    Talk();
    for (int64_t i = 0, n = rng_.Between(12, 18); i < n; ++i) Fault();
    if (rng_.OneIn(3)) Copies();
    if (rng_.OneIn(4)) Add(Time(), Kind::kPoison, Device(), rng_.Between(1, 6));
    Chores();
    std::stable_sort(script_.actions.begin(), script_.actions.end(),
                     [](const Action& x, const Action& y) { return x.at < y.at; });
    return std::move(script_);
  }

 private:
  void Add(Duration at, Kind kind, int64_t a = 0, int64_t b = 0, int64_t c = 0) {
    script_.actions.push_back({at, kind, a, b, c});
  }
  int64_t Account() { return rng_.Between(0, script_.accounts - 1); }
  // Somebody else than the owner of a device.
  int64_t Other(int64_t device) {
    const int64_t account = Account();
    const int64_t owner = device < script_.accounts
                              ? device
                              : owners_[static_cast<size_t>(device - script_.accounts)];
    return account == owner ? (account + 1) % script_.accounts : account;
  }
  int64_t Device() { return rng_.Between(0, devices_ - 1); }
  // Rather in the thick of it than in the silence after.
  Duration Time() { return Milliseconds(rng_.Between(70'000, end_.ms) / 50 * 50); }

  // Who is not introduced here meets by the first message.
  void Meet() {
    for (int a = 0; a < script_.accounts; ++a) {
      for (int b = a + 1; b < script_.accounts; ++b) {
        if (!rng_.OneIn(5)) Add(Seconds(1 + a), Kind::kRequest, a, b);
      }
    }
  }

  void Talk() {
    int left = kMessages + static_cast<int>(rng_.Between(0, 20));
    Duration at = Seconds(70);
    while (left > 0) {
      at = rng_.OneIn(3) ? Time() : Milliseconds(at.ms + rng_.Between(1, 40) * 50);
      const auto count = std::min<int64_t>(left, rng_.Between(1, 16));
      const int64_t device = Device();
      Add(at, Kind::kSend, device, Other(device), count);
      left -= static_cast<int>(count);
    }
    if (rng_.OneIn(3)) Add(Time(), Kind::kSendBig, Device(), Account(), rng_.Between(1000, 40'000));
    if (rng_.OneIn(3)) Add(Time(), Kind::kSendTimed, Device(), Account(), rng_.Between(5, 600));
  }

  void Chores() {
    for (int64_t i = 0, n = rng_.Between(1, 4); i < n; ++i) {
      Add(Time(), Kind::kRead, Device(), Account());
      if (rng_.OneIn(2)) Add(Time(), Kind::kTyping, Device(), Account());
      if (rng_.OneIn(3)) Add(Time(), Kind::kAckLate, Device(), rng_.Between(1, 300));
      if (rng_.OneIn(6)) Add(Time(), Kind::kAckAtOnce, Device());
    }
    if (rng_.OneIn(12)) Add(Time(), Kind::kBlock, Device(), Account(), rng_.Between(10, 900));
    if (rng_.OneIn(6)) {
      // As the list changes, the relay shows some the one before.
      const Duration linked = Time();
      Add(linked, Kind::kLink, Account());
      for (int i = 0; i < 3; ++i) Add(linked, Kind::kRollList, Device(), rng_.Between(1, 3));
    }
    if (rng_.OneIn(12)) {
      const size_t which = rng_.Pick(owners_.size());
      Add(Time(), Kind::kRemove, owners_[which], script_.accounts + static_cast<int64_t>(which));
    }
  }

  // A copy is put back, or runs beside its original.
  void Copies() {
    const int64_t device = Device();
    const Duration taken = Time();
    const Duration used = Milliseconds(taken.ms + rng_.Between(1, end_.ms / 2));
    Add(taken, Kind::kSnapshot, device);
    if (rng_.OneIn(3)) {
      Add(used, Kind::kClone, device);
    } else {
      Add(used, Kind::kRestore, device, rng_.Between(0, 1));
    }
  }

  void Fault() {
    constexpr std::array kFaults = {
        Kind::kOffline,   Kind::kPartition, Kind::kCut,      Kind::kCut,       Kind::kCut,
        Kind::kSilence,   Kind::kLoseAcks,  Kind::kDelay,    Kind::kDuplicate, Kind::kRename,
        Kind::kCorrupt,   Kind::kReorder,   Kind::kWithhold, Kind::kRollList,  Kind::kRelayCrash,
        Kind::kRelayKill, Kind::kKill,      Kind::kCrash,    Kind::kCrash,     Kind::kCrash,
        Kind::kDiskFull,  Kind::kClock,
    };
    const Kind kind = kFaults[rng_.Pick(kFaults.size())];
    // Connections that nobody hears the end of make long worlds: they are found by pings.
    Fault(kind == Kind::kSilence && !silences_ ? Kind::kCut : kind);
  }

  void Fault(Kind kind) {
    switch (kind) {
      case Kind::kOffline:
      case Kind::kKill:
      case Kind::kDiskFull:
        return Add(Time(), kind, Device(), rng_.Between(1, 400));
      case Kind::kPartition:
        return Add(Time(), kind, rng_.Between(1, 400));
      case Kind::kCut:
      case Kind::kSilence:
        return Add(Time(), kind, Device(), rng_.Between(0, 1), rng_.Between(0, 12));
      case Kind::kDelay:
        return Add(Time(), kind, Device(), rng_.Between(1, 60) * 50);
      case Kind::kCrash:
        return Add(Time(), kind, Device(), rng_.Between(0, 60), rng_.Between(0, 2));
      case Kind::kRelayCrash:
        return Add(Time(), kind, rng_.Between(0, 60), rng_.Between(0, 2));
      case Kind::kClock:
        return Add(Time(), kind, Device(), rng_.Between(-3, 3) * rng_.Between(1, 86'400));
      case Kind::kRelayKill:
        return Add(Time(), kind);
      default:
        return Add(Time(), kind, Device(), rng_.Between(1, 8));
    }
  }

  StreamRng rng_;
  Script script_;
  const bool silences_ = rng_.OneIn(6);
  int devices_ = 0;
  std::vector<int64_t> owners_;  // of the linked ones
  Duration end_{};
};

}  // namespace

Script Script::Draw(uint64_t seed) { return Author(seed).Write(); }

}  // namespace pawl::sim
