#ifndef PAWL_RELAY_ENGINE_SQLITE_APPEND_H_
#define PAWL_RELAY_ENGINE_SQLITE_APPEND_H_

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

absl::StatusOr<Appended> Do(WriteContext& context, const Append& op);

// Columns of envelope.flags.
constexpr int64_t kFlagRequest = 1;
constexpr int64_t kFlagUrgent = 2;

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_APPEND_H_
