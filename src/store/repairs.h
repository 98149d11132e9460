#ifndef PAWL_STORE_REPAIRS_H_
#define PAWL_STORE_REPAIRS_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

// A device whose mail to us, or some of it, cannot be read, until it has said what it sent.
struct RepairRow {
  std::string address;
  DeviceId device;
  Code reason = Code::kOk;
  Timestamp began_at;
  uint32_t attempts = 0;
  Timestamp not_before;  // the next time we ask
};

class Repairs : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::vector<RepairRow>> LoadAll();
  // In the place of what is there for that device.
  absl::Status Save(const RepairRow& row);
  // Erasing what is not there is fine.
  absl::Status Erase(std::string_view address, DeviceId device);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_REPAIRS_H_
