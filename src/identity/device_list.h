#ifndef PAWL_IDENTITY_DEVICE_LIST_H_
#define PAWL_IDENTITY_DEVICE_LIST_H_

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "identity/address.h"

namespace pawl::identity {

using AccountPublic = crypto::Ed25519Public;

constexpr size_t kMaxDevices = 32;                  // an account's devices; bounds fan-out and the record's size
constexpr Duration kDeviceListMaxAge = Days(14);    // re-signed at least this often
constexpr Duration kClockTolerance = Days(7);       // peers' clocks may be this far off

struct DeviceEntry {
  DeviceId id;
  crypto::Ed25519Public signing_key;
  Timestamp added_at;
  friend bool operator==(const DeviceEntry&, const DeviceEntry&) = default;
};

// (version, hash) of a list: what peers tell each other inside every message, so that a frozen or forked view shows.
// The hash is BLAKE2b-256 of the whole signed record cut to 16 bytes; version 0 with a zero hash means "none known".
struct ListRef {
  uint32_t version = 0;
  ByteArray<16> hash{};
  friend bool operator==(const ListRef&, const ListRef&) = default;
};

// The devices of an account as its account key signed them: versioned, hash-chained, dated. An object that exists has
// a verified signature, at least one device, distinct ids and distinct keys.
class DeviceList {
 public:
  struct Fields {
    Address address;
    AccountPublic account_key{};
    uint32_t version = 1;         // starts at 1, +1 for each change or re-signing
    crypto::Hash32 previous{};    // BLAKE2b-256 of the record before; zero for version 1
    Timestamp issued_at;
    std::vector<DeviceEntry> devices;
  };

  static absl::StatusOr<DeviceList> Sign(Fields fields, const crypto::Ed25519KeyPair& account_key);
  // Checks the signature against the account key named inside: the caller compares that key to the one it pinned.
  static absl::StatusOr<DeviceList> Parse(ByteView record);

  const Fields& fields() const { return fields_; }
  const Bytes& record() const { return record_; }
  ListRef ref() const { return ref_; }
  const crypto::Hash32& hash() const { return hash_; }
  const DeviceEntry* Find(DeviceId id) const;

 private:
  DeviceList(Fields fields, Bytes record);
  Fields fields_;
  Bytes record_;
  crypto::Hash32 hash_;
  ListRef ref_;
};

// What a list just received means to somebody who knows `known` (may be null).
enum class ListVerdict {
  kFirst,            // nothing known before
  kSame,
  kNewer,            // version above; if exactly one above, its `previous` is our hash
  kRolledBack,       // version below the known one
  kForked,           // same version, other hash; or next version that does not chain
  kIdentityChanged,  // other account key
  kStale,            // newer or same, but issued more than kDeviceListMaxAge + kClockTolerance ago
};
ListVerdict Judge(const DeviceList* known, const DeviceList& received, Timestamp now);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_DEVICE_LIST_H_
