#ifndef PAWL_STORE_SESSIONS_H_
#define PAWL_STORE_SESSIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

// One pairwise session: facts and progress are what session::Session encoded and nobody here looks
// inside; the other columns repeat what lookups need.
struct SessionRow {
  SessionId id;
  std::string address;  // of the peer's account
  DeviceId device;
  crypto::SecretBytes facts;
  crypto::SecretBytes progress;
  ByteArray<32> transcript_hash{};
  bool initiator = false;
  bool confirmed = false;
  Timestamp created_at;
  Timestamp last_used_at;
  Timestamp retired_until = kNever;  // kNever: in use; else receive-only, erased then
};

// What a step changes. `progress` is bound where it lies: it must stay until Update returns.
struct SessionUpdate {
  SessionId id;
  ByteView progress;
  bool confirmed = false;
  Timestamp last_used_at;
};

class Sessions : Gateway {
 public:
  using Gateway::Gateway;
  // All of them: the engine keeps sessions decoded from open on.
  absl::StatusOr<std::vector<SessionRow>> LoadAll();
  absl::StatusOr<std::optional<SessionRow>> Find(SessionId id);
  // One after the other, by id: for whoever has no room for all of them. SessionId(0) starts.
  absl::StatusOr<std::optional<SessionRow>> Next(SessionId after);
  absl::StatusOr<std::vector<SessionRow>> LoadWith(std::string_view address, DeviceId device);
  // The row's id is ignored and assigned; never reused.
  absl::StatusOr<SessionId> Insert(const SessionRow& row);
  absl::Status Update(const SessionUpdate& update);  // kNotFound
  // The facts change at the first reply and at retirement. kNotFound.
  absl::Status SetFacts(SessionId id, ByteView facts);
  absl::Status Retire(SessionId id, Timestamp until);  // kNotFound
  // With its skipped keys; erasing what is not there is fine.
  absl::Status Erase(SessionId id);
  // Erases sessions with retired_until <= now and their skipped keys; returns which.
  absl::StatusOr<std::vector<SessionId>> EraseRetired(Timestamp now);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_SESSIONS_H_
