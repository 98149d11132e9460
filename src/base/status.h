#ifndef PAWL_BASE_STATUS_H_
#define PAWL_BASE_STATUS_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace pawl {

// Every way a Pawl operation can fail. The C ABI's PAWL_E_* is the negated value; numbers are never
// reused or renumbered. The hundreds are the class a host switches on.
enum class Code : int32_t {
  kOk = 0,
  // 1xx usage: the caller's mistake.
  kInvalidArgument = 101,
  kBadHandle = 102,
  kClosed = 103,
  kBufferTooSmall = 104,
  kWrongState = 105,
  kNotFound = 106,
  kAlreadyExists = 107,
  kTooLarge = 108,
  kUnsupported = 109,
  kForked = 110,
  // 2xx protocol: what a peer or the relay sent cannot be accepted.
  kMalformed = 201,
  kUnsupportedVersion = 202,
  kReplayed = 203,
  kTooFarAhead = 204,
  kExpired = 205,
  kNotYetValid = 206,
  kUnknownSession = 207,
  kNoCommonSuite = 208,
  kWrongRecipient = 209,
  // 3xx crypto and identity. One code for every authentication failure: no oracle.
  kAuthFailed = 301,
  kInvalidKey = 302,
  kIdentityChanged = 303,
  kDeviceListRolledBack = 304,
  kDeviceListForked = 305,
  kDeviceNotListed = 306,
  kBlocked = 307,
  // 4xx storage.
  kStorage = 401,
  kDiskFull = 402,
  kWrongKey = 403,
  kCorrupt = 404,
  kStoreLocked = 405,
  kStoreTooNew = 406,
  kNotEncrypted = 407,
  kIo = 408,
  kSourceChanged = 409,
  kDiverged = 410,
  kSuperseded = 411,
  kStoreTooOld = 412,
  // 5xx network and relay.
  kDisconnected = 501,
  kTimeout = 502,
  kTlsFailed = 503,
  kRelayRefused = 504,
  kRateLimited = 505,
  kQuotaExceeded = 506,
  kNameTaken = 507,
  kInvitationRequired = 508,
  kReplacedElsewhere = 509,
  kPeerBundleExpired = 510,
  // 6xx flow.
  kWouldBlock = 601,
  kCancelled = 602,
  // 9xx a defect of Pawl itself.
  kInternal = 901,
  kOutOfMemory = 902,
};

// An error text that is fixed at compile time, so that it cannot carry a key, an id or a peer's
// bytes.
class Literal {
 public:
  template <size_t N>
  consteval Literal(const char (&text)[N])
      : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

absl::Status Fail(Code code, Literal message);
inline absl::Status OkStatus() { return absl::OkStatus(); }
// kOk for an ok status; kInternal for a status that did not come from Fail.
Code CodeOf(const absl::Status& status);
template <typename T>
Code CodeOf(const absl::StatusOr<T>& result) {
  return CodeOf(result.status());
}
std::string_view MessageOf(const absl::Status& status);
// The constant's name as in the C header, without prefix: "AUTH_FAILED".
std::string_view CodeName(Code code);

}  // namespace pawl

#define PAWL_CONCAT_INNER_(a, b) a##b
#define PAWL_CONCAT_(a, b) PAWL_CONCAT_INNER_(a, b)

// Returns the status of `expr` from the enclosing function unless it is ok.
#define PAWL_TRY(expr)                                                                        \
  do {                                                                                        \
    if (absl::Status pawl_try_status = (expr); !pawl_try_status.ok()) return pawl_try_status; \
  } while (false)

// PAWL_ASSIGN(auto x, MakeX()): declares or assigns x from a StatusOr, or returns its status.
#define PAWL_ASSIGN(lhs, expr) PAWL_ASSIGN_IMPL_(PAWL_CONCAT_(pawl_result_, __LINE__), lhs, expr)
#define PAWL_ASSIGN_IMPL_(tmp, lhs, expr)        \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)

#endif  // PAWL_BASE_STATUS_H_
