#ifndef PAWL_STORE_SKIPPED_H_
#define PAWL_STORE_SKIPPED_H_

#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

// The key of one message that has not arrived, found by its route tag.
struct SkippedRow {
  SessionId session;
  ByteArray<16> tag{};
  crypto::SecretBytes key;  // as session encodes it
  Timestamp expires_at;
};
struct SkippedName {
  SessionId session;
  ByteArray<16> tag{};
};

class Skipped : Gateway {
 public:
  using Gateway::Gateway;
  // Of one session, in no order.
  absl::StatusOr<std::vector<SkippedRow>> LoadOf(SessionId session);
  // Which keys there are, of all sessions, in the order of (session, tag); a default name starts.
  absl::StatusOr<std::vector<SkippedName>> Names(const SkippedName& after, size_t limit);
  // kAlreadyExists for the same (session, tag); kNotFound when there is no such session.
  absl::Status Add(SessionId session, const ByteArray<16>& tag, ByteView key, Timestamp expires_at);
  absl::Status Erase(SessionId session, const ByteArray<16>& tag);
  // Erases at most `limit` with expires_at <= now; returns which, so that their tags leave the
  // route table.
  absl::StatusOr<std::vector<SkippedName>> EraseExpired(Timestamp now, size_t limit);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_SKIPPED_H_
