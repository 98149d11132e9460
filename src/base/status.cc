#include "base/status.h"

#include "absl/strings/string_view.h"

namespace pawl {

// absl::Status carries any int as its raw code; Code's numbers start far above absl's own, so a
// status that did not come from Fail is told apart by its number alone and no payload is needed.
absl::Status Fail(Code code, Literal message) {
  return absl::Status(static_cast<absl::StatusCode>(code),
                      absl::string_view(message.text().data(), message.text().size()));
}

Code CodeOf(const absl::Status& status) {
  if (status.ok()) return Code::kOk;
  const Code code = static_cast<Code>(status.raw_code());
  return CodeName(code).empty() ? Code::kInternal : code;
}

std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

// clang-format off
std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kOk: return "OK";
    case Code::kInvalidArgument: return "INVALID_ARGUMENT";
    case Code::kBadHandle: return "BAD_HANDLE";
    case Code::kClosed: return "CLOSED";
    case Code::kBufferTooSmall: return "BUFFER_TOO_SMALL";
    case Code::kWrongState: return "WRONG_STATE";
    case Code::kNotFound: return "NOT_FOUND";
    case Code::kAlreadyExists: return "ALREADY_EXISTS";
    case Code::kTooLarge: return "TOO_LARGE";
    case Code::kUnsupported: return "UNSUPPORTED";
    case Code::kForked: return "FORKED";
    case Code::kMalformed: return "MALFORMED";
    case Code::kUnsupportedVersion: return "UNSUPPORTED_VERSION";
    case Code::kReplayed: return "REPLAYED";
    case Code::kTooFarAhead: return "TOO_FAR_AHEAD";
    case Code::kExpired: return "EXPIRED";
    case Code::kNotYetValid: return "NOT_YET_VALID";
    case Code::kUnknownSession: return "UNKNOWN_SESSION";
    case Code::kNoCommonSuite: return "NO_COMMON_SUITE";
    case Code::kWrongRecipient: return "WRONG_RECIPIENT";
    case Code::kAuthFailed: return "AUTH_FAILED";
    case Code::kInvalidKey: return "INVALID_KEY";
    case Code::kIdentityChanged: return "IDENTITY_CHANGED";
    case Code::kDeviceListRolledBack: return "DEVICE_LIST_ROLLED_BACK";
    case Code::kDeviceListForked: return "DEVICE_LIST_FORKED";
    case Code::kDeviceNotListed: return "DEVICE_NOT_LISTED";
    case Code::kBlocked: return "BLOCKED";
    case Code::kStorage: return "STORAGE";
    case Code::kDiskFull: return "DISK_FULL";
    case Code::kWrongKey: return "WRONG_KEY";
    case Code::kCorrupt: return "CORRUPT";
    case Code::kStoreLocked: return "STORE_LOCKED";
    case Code::kStoreTooNew: return "STORE_TOO_NEW";
    case Code::kNotEncrypted: return "NOT_ENCRYPTED";
    case Code::kIo: return "IO";
    case Code::kSourceChanged: return "SOURCE_CHANGED";
    case Code::kDiverged: return "DIVERGED";
    case Code::kSuperseded: return "SUPERSEDED";
    case Code::kStoreTooOld: return "STORE_TOO_OLD";
    case Code::kDisconnected: return "DISCONNECTED";
    case Code::kTimeout: return "TIMEOUT";
    case Code::kTlsFailed: return "TLS_FAILED";
    case Code::kRelayRefused: return "RELAY_REFUSED";
    case Code::kRateLimited: return "RATE_LIMITED";
    case Code::kQuotaExceeded: return "QUOTA_EXCEEDED";
    case Code::kNameTaken: return "NAME_TAKEN";
    case Code::kInvitationRequired: return "INVITATION_REQUIRED";
    case Code::kReplacedElsewhere: return "REPLACED_ELSEWHERE";
    case Code::kPeerBundleExpired: return "PEER_BUNDLE_EXPIRED";
    case Code::kWouldBlock: return "WOULD_BLOCK";
    case Code::kCancelled: return "CANCELLED";
    case Code::kInternal: return "INTERNAL";
    case Code::kOutOfMemory: return "OUT_OF_MEMORY";
  }
  return {};
}
// clang-format on

}  // namespace pawl
