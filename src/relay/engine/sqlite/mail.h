#ifndef PAWL_RELAY_ENGINE_SQLITE_MAIL_H_
#define PAWL_RELAY_ENGINE_SQLITE_MAIL_H_

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<Attached> Do(db::Connection& db, const Attach& op);
absl::StatusOr<FetchedMail> Do(db::Connection& db, const FetchMail& op);
absl::StatusOr<Acknowledged> Do(WriteContext& context, const Acknowledge& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_MAIL_H_
