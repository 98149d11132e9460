#ifndef PAWL_RELAY_ENGINE_SQLITE_DEVICE_ROWS_H_
#define PAWL_RELAY_ENGINE_SQLITE_DEVICE_ROWS_H_

#include <vector>

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

// Gives the account exactly these devices. A mailbox whose device is not among them, or has another
// signing key now, is removed with its mail and prekeys and named in `removed`.
absl::Status MatchDevices(WriteContext& context, int64_t account,
                          const std::vector<DeviceRow>& devices, std::vector<MailboxRef>* removed);

// 0: the device has put none, or there is no such device.
absl::StatusOr<DeviceEpoch> EpochOf(db::Connection& db, int64_t account, DeviceId device);

// Stores the epoch record of one of the account's devices and drops the prekeys of the epoch
// before.
absl::Status StoreEpoch(WriteContext& context, int64_t account, const EpochRow& epoch);
absl::Status StoreEpoch(WriteContext& context, MailboxRef mailbox, const EpochRow& epoch);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_DEVICE_ROWS_H_
