#ifndef PAWL_STORE_PEER_DEVICES_H_
#define PAWL_STORE_PEER_DEVICES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

// One device of another account, or another device of our own.
struct PeerDeviceRow {
  std::string address;  // the account's
  DeviceId device;
  ByteArray<32> signing_key{};
  DeviceEpoch epoch;   // highest seen; 0: none
  Bytes epoch_record;  // signed; empty: none
  Bytes bundle;        // last one fetched, signed; empty: none
  Timestamp bundle_fetched_at;
  std::vector<uint16_t> suites;  // best first, from its newest signed statement; at most 16
};

class PeerDevices : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::optional<PeerDeviceRow>> Find(std::string_view address, DeviceId device);
  // Devices of one account, by id.
  absl::StatusOr<std::vector<PeerDeviceRow>> LoadOf(std::string_view address);
  absl::StatusOr<std::vector<PeerDeviceRow>> LoadAll();
  absl::Status Save(const PeerDeviceRow& row);
  // Its sessions and their skipped keys go too.
  absl::Status Erase(std::string_view address, DeviceId device);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_PEER_DEVICES_H_
