#ifndef PAWL_RELAY_ENGINE_SQLITE_PREKEYS_H_
#define PAWL_RELAY_ENGINE_SQLITE_PREKEYS_H_

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<EpochPut> Do(WriteContext& context, const PutEpoch& op);
absl::StatusOr<PrekeysPut> Do(WriteContext& context, const PutPrekeys& op);
absl::StatusOr<PrekeyTaken> Do(WriteContext& context, const TakePrekey& op);
absl::StatusOr<Done> Do(WriteContext& context, const PutAnchor& op);

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_PREKEYS_H_
