#ifndef PAWL_STORE_REPLAY_H_
#define PAWL_STORE_REPLAY_H_

#include "base/bytes.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

// Handshakes that used a last-resort prekey, so that none is accepted twice. Kept exactly as long
// as that private key: Prekeys erases them with it.
class Replay : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<bool> Seen(uint32_t last_resort_id, const ByteArray<32>& hash);
  // kReplayed when it is there already.
  absl::Status Add(uint32_t last_resort_id, const ByteArray<32>& hash);
  absl::StatusOr<uint32_t> Count(uint32_t last_resort_id);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_REPLAY_H_
