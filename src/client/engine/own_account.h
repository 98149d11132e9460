#ifndef PAWL_CLIENT_ENGINE_OWN_ACCOUNT_H_
#define PAWL_CLIENT_ENGINE_OWN_ACCOUNT_H_

#include <vector>

#include "client/engine/batch.h"
#include "identity/device_list.h"

namespace pawl::client {

// An id that no device of the account had before, as far as this store knows: mail for a device
// that is gone must not reach another one.
absl::StatusOr<DeviceId> NextDeviceId(Batch& batch, const identity::DeviceList& list);

// Signs the next list with these devices and has it put to the relay; `request` completes with
// `result` when it is there. kUnsupported without the account key, kWouldBlock while another change
// is under way.
absl::Status ChangeDevices(Batch& batch, RequestId request,
                           std::vector<identity::DeviceEntry> devices, Bytes result);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OWN_ACCOUNT_H_
