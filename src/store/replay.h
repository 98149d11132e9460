#ifndef PAWL_STORE_REPLAY_H_
#define PAWL_STORE_REPLAY_H_

#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

struct ReplayRow {
  uint32_t last_resort_id = 0;
  ByteArray<32> handshake{};
};

// Handshakes that used a last-resort prekey, so that none is accepted twice. Kept exactly as long
// as that private key: Prekeys erases them with it.
class Replay : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::vector<ReplayRow>> LoadAll();
  absl::StatusOr<bool> Seen(const ByteArray<32>& handshake);
  // kReplayed when the handshake is there already.
  absl::Status Add(const ReplayRow& row);
  absl::StatusOr<uint32_t> Count(uint32_t last_resort_id);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_REPLAY_H_
