#ifndef PAWL_RELAY_ENGINE_SQLITE_LOOKUP_H_
#define PAWL_RELAY_ENGINE_SQLITE_LOOKUP_H_

#include <optional>
#include <string_view>

#include "base/status.h"
#include "db/connection.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine::sqlite {

// Which rows a name means. Zero, or nothing, when there is none.
absl::StatusOr<int64_t> FindAccount(db::Connection& db, std::string_view name);
absl::StatusOr<MailboxRef> FindMailbox(db::Connection& db, int64_t account, DeviceId device);
// Account 0: the device is gone.
absl::StatusOr<int64_t> AccountOf(db::Connection& db, MailboxRef mailbox);
absl::StatusOr<int64_t> CountOneTime(db::Connection& db, MailboxRef mailbox);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_LOOKUP_H_
