#ifndef PAWL_CLIENT_ENGINE_INBOUND_H_
#define PAWL_CLIENT_ENGINE_INBOUND_H_

#include "client/engine/batch.h"
#include "session/types.h"

namespace pawl::client {

// What became of an envelope. Only kParked leaves it unacknowledged: it keeps its place in the
// relay's window, and comes again with the next connection.
struct Arrival {
  enum class Kind { kOpened, kDropped, kParked } kind = Kind::kDropped;
  Code code = Code::kOk;                         // why it was dropped
  std::optional<identity::Address> waits_for{};  // kParked: whose list; none: quarantine
  bool fetch_list = false;                       // kParked: ask the relay for it
  bool look_again = false;                       // kParked: it was asked, and showed an older one
  bool untried = false;                          // kParked: the budget was used up
  bool undecided = false;                        // kParked: the app must say yes to `waits_for`
  std::optional<SessionId> session{};            // kDropped: that session knew it for its own

  static Arrival Opened() { return {.kind = Kind::kOpened}; }
  static Arrival Dropped(Code why) { return {.kind = Kind::kDropped, .code = why}; }
  static Arrival Unreadable(Code why, SessionId session) {
    return {.kind = Kind::kDropped, .code = why, .session = session};
  }
  static Arrival Quarantined() { return {.kind = Kind::kParked, .code = Code::kUnknownSession}; }
  static Arrival Untried() {
    return {.kind = Kind::kParked, .code = Code::kRateLimited, .untried = true};
  }
  static Arrival UntilListed(identity::Address account) {
    return {.kind = Kind::kParked,
            .code = Code::kDeviceNotListed,
            .waits_for = std::move(account),
            .fetch_list = true};
  }
  // The relay's list is older than the one that the sender speaks of, and does not name it.
  static Arrival UntilNewerList(identity::Address account) {
    return {.kind = Kind::kParked,
            .code = Code::kDeviceNotListed,
            .waits_for = std::move(account),
            .look_again = true};
  }
  // The list names it under another identity: the app decides (AcceptIdentity).
  static Arrival UntilAccepted(identity::Address account) {
    return {.kind = Kind::kParked,
            .code = Code::kIdentityChanged,
            .waits_for = std::move(account),
            .undecided = true};
  }
};

// Whether the sender's list was fetched for this very envelope: then there is nothing to wait for.
enum class ListIsFresh : bool { kNo = false, kYes = true };

// An envelope that no route knows: the handshake of a session that begins.
absl::StatusOr<Arrival> OpenHandshake(Batch& batch, ByteView envelope, ListIsFresh fresh);

// What was opened on a stage of that session becomes part of the Step.
absl::StatusOr<Arrival> TakeOpened(Batch& batch, SessionId id, const session::Opened& opened);

// The plaintext of an authentic message of that session, acted upon in this Step.
absl::Status TakeContent(Batch& batch, const session::Session& session,
                         const session::Opened& opened);

// Envelopes parked until this account's list was known (or known not to exist) are looked at again.
absl::Status Unpark(Batch& batch, const identity::Address& account);
// After the inputs: quarantined ones once more if a session began in this Step, untried ones when
// it is time; what waited too long, or is too much of its kind, ends: acknowledged unread, and with
// an event when it was from somebody we know.
absl::Status ReviewParked(Batch& batch);

// Takes key operations (waiting.h) from the budget; false when it has not as many.
bool SpendTrials(Batch& batch, size_t units);
// What was opened with them was mail.
void GiveBackTrials(Batch& batch, size_t units);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_INBOUND_H_
