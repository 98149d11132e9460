#ifndef PAWL_SESSION_PROGRESS_H_
#define PAWL_SESSION_PROGRESS_H_

#include <optional>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "ratchet/core.h"

namespace pawl::session {

// The part of a session that changes with every message, the skipped keys apart.
struct Progress {
  ratchet::Core core;
  bool confirmed = false;  // responder: from the start; initiator: since the first authentic reply
  bool resumed = false;    // the peer proved that it still had the session that this one replaces
  std::optional<Timestamp> last_received_at{};

  Progress Clone() const { return {core.Clone(), confirmed, resumed, last_received_at}; }
};

// version u8 || flags u8 || last_received_at u64 || core: what a step writes to the store.
constexpr uint8_t kProgressVersion = 1;
constexpr size_t kProgressSize = 1 + 1 + 8 + ratchet::kCoreSize;
static_assert(kProgressSize <= 1024);
crypto::SecretBytes EncodeProgress(const Progress& progress);
// kMalformed, kUnsupportedVersion.
absl::StatusOr<Progress> DecodeProgress(ByteView bytes);

}  // namespace pawl::session

#endif  // PAWL_SESSION_PROGRESS_H_
