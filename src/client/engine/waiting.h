#ifndef PAWL_CLIENT_ENGINE_WAITING_H_
#define PAWL_CLIENT_ENGINE_WAITING_H_

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "client/engine/duties.h"
#include "identity/address.h"
#include "store/ids.h"
#include "store/prekeys.h"

namespace pawl::client {

// --- Content that waits for a session (rows of store's pending table) ---

// How many rows wait for each device, and (device 0) for an account's list. What is sent later must
// wait behind them.
class PendingIndex {
 public:
  void Add(const identity::DeviceAddress& to, int change) {
    int& count = counts_[to];
    count += change;
    if (count <= 0) counts_.erase(to);
  }
  int Count(const identity::DeviceAddress& to) const {
    auto it = counts_.find(to);
    return it == counts_.end() ? 0 : it->second;
  }
  const absl::flat_hash_map<identity::DeviceAddress, int>& all() const { return counts_; }

 private:
  absl::flat_hash_map<identity::DeviceAddress, int> counts_;
};
// The key of rows that wait for an account's list.
inline identity::DeviceAddress WholeAccount(const identity::Address& account) {
  return {account, DeviceId(0)};
}

// --- What must be asked of the relay before something can go on ---

// A device list (device 0) or a device's prekeys that somebody waits for.
struct Fetch {
  uint64_t call = 0;  // 0: not asked
  uint32_t attempts = 0;
  Timestamp not_before{kLongAgo};
};
using Fetches = absl::btree_map<identity::DeviceAddress, Fetch>;

// --- Envelopes that cannot be read yet, held in memory and not acknowledged ---

struct ParkedEnvelope {
  MailboxCursor cursor{};
  Timestamp received_at{};  // relay's clock
  Timestamp since{};        // ours
  Bytes bytes{};
  // The account whose list is needed; none: quarantined, no session or key of ours opens it.
  std::optional<identity::Address> waits_for{};
  // It has not been tried with every key yet, because strangers had used up the budget.
  Timestamp retry_at = kNever;
  // It is from `waits_for` under its new identity, which the app has not accepted yet.
  bool undecided = false;

  bool untried() const { return retry_at != kNever; }
  // When it is given up: acknowledged unread. kNever while it is untried.
  Timestamp ends_at() const;
};

// What each kind may take of the relay's window for us (256 envelopes, 1 MiB unacknowledged): each
// has its own, so that none can crowd out another, and the rest stays free for mail that can be
// read. The untried have no bound but the window itself: while they fill it the relay sends no
// more, and nothing is lost.
struct ParkingBound {
  size_t count;
  size_t bytes;
};
constexpr ParkingBound kQuarantineBound = {64, 256 * 1024};
constexpr ParkingBound kListBound = {96, 384 * 1024};
constexpr ParkingBound kUndecidedBound = {32, 128 * 1024};
constexpr ParkingBound kParkingLimit = {256, 1024 * 1024 + 64 * 1024};
constexpr Duration kQuarantineTime = Minutes(10);
constexpr Duration kParkedTime = Days(1);
constexpr Duration kUndecidedTime = Days(30);  // as long as the relay keeps mail
// Lists come within moments. What has waited longer may go when others need the room.
constexpr Duration kListPatience = Minutes(2);

// Key operations that strangers can make us do (decapsulations, header trials), in units of about
// 20 microseconds: a bucket that holds so many, and gains so many (one percent of a core). What
// turns out to be mail costs nothing.
constexpr int kTrialCapacity = 2000;
constexpr int kTrialsPerSecond = 500;
constexpr Duration kTrialRetry = Seconds(5);
constexpr size_t kDecapsulation = 5;  // about what one of X-Wing costs

// In the order they arrived, by relay id.
struct Parked {
  std::vector<std::pair<EnvelopeId, ParkedEnvelope>> envelopes{};
  const ParkedEnvelope* Find(const EnvelopeId& id) const;
  void Erase(const EnvelopeId& id);
  // A clock that was set back must not end what waits, nor keep it waiting for longer.
  void Follow(Timestamp now);
  size_t bytes() const;
};

// --- Unanswered calls ---

struct CarriesEnvelope {
  identity::DeviceAddress to;
  store::OutboxId row{};
};
struct CarriesEphemeral {};
struct AsksFor {
  identity::DeviceAddress what;  // key of Fetches
};
struct DoesDuty {
  Duty duty = Duty::kRegister;
  std::vector<std::pair<store::PrekeyKind, uint32_t>> uploads{};  // of kPutPrekeys
};
struct CallRecord {
  bool device_channel = false;
  size_t bytes = 0;
  std::variant<CarriesEphemeral, CarriesEnvelope, AsksFor, DoesDuty> what;
};
using Calls = absl::flat_hash_map<uint64_t, CallRecord>;

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_WAITING_H_
