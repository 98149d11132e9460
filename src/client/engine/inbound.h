#ifndef PAWL_CLIENT_ENGINE_INBOUND_H_
#define PAWL_CLIENT_ENGINE_INBOUND_H_

#include "client/engine/batch.h"
#include "session/types.h"

namespace pawl::client {

// What became of an envelope. Only kParked leaves it unacknowledged.
struct Arrival {
  enum class Kind { kOpened, kDropped, kParked } kind = Kind::kDropped;
  Code code = Code::kOk;                         // why it was dropped
  std::optional<identity::Address> waits_for{};  // kParked: whose list; none: quarantine
  bool fetch_list = false;                       // kParked: ask the relay for it
  bool untried = false;                          // kParked: the budget was used up

  static Arrival Opened() { return {.kind = Kind::kOpened}; }
  static Arrival Dropped(Code why) { return {.kind = Kind::kDropped, .code = why}; }
  static Arrival Quarantined() { return {.kind = Kind::kParked, .code = Code::kUnknownSession}; }
  static Arrival Untried() {
    return {.kind = Kind::kParked, .code = Code::kRateLimited, .untried = true};
  }
  static Arrival UntilListed(identity::Address account) {
    return {Kind::kParked, Code::kDeviceNotListed, std::move(account), true};
  }
  // The list names it under another identity: the app decides (AcceptIdentity).
  static Arrival UntilAccepted(identity::Address account) {
    return {Kind::kParked, Code::kIdentityChanged, std::move(account), false};
  }
};

// Whether the sender's list was fetched for this very envelope: then there is nothing to wait for.
enum class ListIsFresh : bool { kNo = false, kYes = true };

// An envelope that no route knows: the handshake of a session that begins.
absl::StatusOr<Arrival> OpenHandshake(Batch& batch, ByteView envelope, ListIsFresh fresh);

// The plaintext of an authentic message of that session, acted upon in this Step.
absl::Status TakeContent(Batch& batch, const session::Session& session,
                         const session::Opened& opened);

// Envelopes parked until this account's list was known (or known not to exist) are looked at again.
absl::Status Unpark(Batch& batch, const identity::Address& account);
// After the inputs: quarantined ones once more if a session began in this Step; and whatever waited
// too long is acknowledged away.
absl::Status ReviewParked(Batch& batch);

// Takes key operations (waiting.h) from the budget; false when it has not as many.
bool SpendTrials(Batch& batch, size_t units);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_INBOUND_H_
