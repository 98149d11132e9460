#ifndef PAWL_RELAY_ENGINE_SQLITE_EXPIRY_H_
#define PAWL_RELAY_ENGINE_SQLITE_EXPIRY_H_

#include "relay/engine/sqlite/write_context.h"

namespace pawl::relay::engine::sqlite {

// Walks over the mail by id, a stretch per operation, round and round. An index by expiry would
// cost every append more than this costs anyone: what has expired is already invisible to Fetch,
// and only its room is to be had back. Everything else that expires has such an index and goes at
// the beginning of a round, in as many operations as it takes.
class ExpiryWalk {
 public:
  absl::StatusOr<Expired> Do(WriteContext& context, const Expire& op);

 private:
  absl::StatusOr<bool> WalkMail(WriteContext& context, const Expire& op);

  int64_t last_id_ = 0;        // where the walk stands
  bool small_is_left_ = true;  // of what is not mail
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_EXPIRY_H_
