#ifndef PAWL_RELAY_ENGINE_SQLITE_ACCOUNTS_H_
#define PAWL_RELAY_ENGINE_SQLITE_ACCOUNTS_H_

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<GotList> Do(db::Connection& db, const GetList& op);
absl::StatusOr<ListPut> Do(WriteContext& context, const RegisterAccount& op);
absl::StatusOr<ListPut> Do(WriteContext& context, const PutList& op);
absl::StatusOr<Done> Do(WriteContext& context, const PutDeliveryKey& op);
absl::StatusOr<Done> Do(WriteContext& context, const PutInvitation& op);
absl::StatusOr<AccountRemoved> Do(WriteContext& context, const RemoveAccount& op);
absl::StatusOr<Removals> Do(WriteContext& context, const TakeRemovals& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_ACCOUNTS_H_
