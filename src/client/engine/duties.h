#ifndef PAWL_CLIENT_ENGINE_DUTIES_H_
#define PAWL_CLIENT_ENGINE_DUTIES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace pawl::client {

// How this device came to its account, and how far. Stored, so never renumbered: killed anywhere,
// it goes on from here.
//
//   kNone --Register--> kRegistering --relay took the list--> kListed --all put--> kReady
//   kNone --BeginLink-> kLinking -----CompleteLink----------> kListed
//   kNone --Import----> kImporting --list fetched, signed---> kRegistering
enum class Setup : uint8_t {
  kNone = 0,         // no account, or one whose registration was refused
  kRegistering = 1,  // keys and list are made, the relay has not said yes
  kListed = 2,       // the relay knows this device; its keys are not all there yet
  kReady = 3,
  kLinking = 4,    // device keys are made; another device must list them
  kImporting = 5,  // the account key is here; the newest list must be fetched and extended
};

// What must be done at the relay, above all what of our own must stand there, each one call at a
// time, repeated until it does.
enum class Duty : uint8_t {
  kRegister = 0,    // anonymous channel; the others device channel, in this order
  kPutEpoch = 1,    // epoch record of a device that was linked or re-keyed itself
  kPutList = 2,     // the next version of the own list
  kPutPrekeys = 3,  // whatever is not marked uploaded
  kPutDeliveryKey = 4,
  kPutNote = 5,  // what tells this store from a copy of it (standing.h)
  // What we want to have of the relay, purse.h:
  kGetTokenKeys = 6,  // anonymous channel
  kIssueTokens = 7,
};
constexpr size_t kDuties = 8;
// Those that an account is not ready without.
constexpr size_t kPutDuties = 6;
constexpr bool IsAnonymous(Duty duty) {
  return duty == Duty::kRegister || duty == Duty::kGetTokenKeys;
}

struct DutyState {
  bool due = false;
  uint64_t call = 0;  // 0: not under way
  uint32_t attempts = 0;
  Timestamp not_before{kLongAgo};
};

struct Duties {
  std::array<DutyState, kDuties> all;
  DutyState& operator[](Duty duty) { return all[static_cast<size_t>(duty)]; }
  const DutyState& operator[](Duty duty) const { return all[static_cast<size_t>(duty)]; }
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_DUTIES_H_
