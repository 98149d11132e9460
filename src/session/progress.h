#ifndef PAWL_SESSION_PROGRESS_H_
#define PAWL_SESSION_PROGRESS_H_

#include <optional>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "ratchet/braid/spqr.h"
#include "ratchet/core.h"

namespace pawl::session {

// The part of a session that changes with every message, the skipped keys apart.
struct Progress {
  ratchet::Core core;
  // Absent in what an earlier release stored: such a session is replaced at its next use.
  std::optional<ratchet::braid::Spqr> spqr{};
  bool confirmed = false;  // responder: from the start; initiator: since the first authentic reply
  bool resumed = false;    // the peer proved that it still had the session that this one replaces
  std::optional<Timestamp> last_received_at{};

  Progress Clone() const;
};

// version u8 || flags u8 || last_received_at u64 || core || the post-quantum part: what a step
// writes to the store (FORMAT.md).
constexpr uint8_t kProgressVersion = 2;
constexpr size_t kMaxProgressSize = 1 + 1 + 8 + ratchet::kCoreSize + ratchet::braid::kMaxSpqrSize;
crypto::SecretBytes EncodeProgress(const Progress& progress);
// kMalformed, kUnsupportedVersion.
absl::StatusOr<Progress> DecodeProgress(ByteView bytes);

}  // namespace pawl::session

#endif  // PAWL_SESSION_PROGRESS_H_
