#ifndef PAWL_SESSION_SAFETY_NUMBER_H_
#define PAWL_SESSION_SAFETY_NUMBER_H_

#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "identity/address.h"
#include "identity/device_list.h"

namespace pawl::session {

// An account as a safety number sees it. Devices come and go without changing it.
struct Party {
  identity::Address address;
  identity::AccountPublic account_key{};
};

constexpr size_t kSafetyDigits = 60;

// What two people compare to know that nobody stands between them: 60 digits that are the same on
// both sides, and the payload of a QR code that the other side scans. Takes some milliseconds on
// purpose (5,200 hash rounds for each party).
struct SafetyNumber {
  std::string digits;  // kSafetyDigits, without blanks
  Bytes qr;            // version u8, own party, other party (FORMAT.md)
};
// kInvalidArgument when both are one account.
absl::StatusOr<SafetyNumber> MakeSafetyNumber(const Party& own, const Party& peer);

// Whether the payload scanned from the peer's screen shows our own pair, mirrored. kMalformed,
// kUnsupportedVersion; kIdentityChanged when it shows other keys or other people.
absl::Status CompareQr(const Party& own, const Party& peer, ByteView scanned);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SAFETY_NUMBER_H_
