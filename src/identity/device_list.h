#ifndef PAWL_IDENTITY_DEVICE_LIST_H_
#define PAWL_IDENTITY_DEVICE_LIST_H_

#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "identity/address.h"

namespace pawl::identity {

using AccountPublic = crypto::Ed25519Public;

constexpr size_t kMaxDevices = 32;                // an account's; bounds fan-out and record size
constexpr Duration kDeviceListMaxAge = Days(14);  // re-signed at least this often
constexpr Duration kClockTolerance = Days(7);     // peers' clocks may be this far off

struct DeviceEntry {
  DeviceId id;
  crypto::Ed25519Public signing_key{};
  Timestamp added_at;
  friend bool operator==(const DeviceEntry&, const DeviceEntry&) = default;
};

// (version, hash) of a list: what peers tell each other inside every message, so that a frozen or
// forked view shows. The hash is BLAKE2b-256 of the whole signed record cut to 16 bytes; version 0
// with a zero hash means "none known".
struct ListRef {
  uint32_t version = 0;
  ByteArray<16> hash{};
  friend bool operator==(const ListRef&, const ListRef&) = default;
};
constexpr size_t kListRefSize = 4 + 16;
void Write(codec::Writer& out, const ListRef& ref);
ListRef ReadListRef(codec::Reader& in);

// The devices of an account as its account key signed them: versioned, hash-chained, dated. An
// object that exists has a verified signature and at least one device; ids and keys are distinct,
// ids ascend. Body: address, account_key[32], uint32 version, previous[32], uint64 issued_at,
// uint8 count, then per device uint32 id, signing_key[32], uint64 added_at.
class DeviceList {
 public:
  struct Fields {
    Address address;
    AccountPublic account_key{};
    uint32_t version = 1;       // starts at 1, +1 for each change or re-signing
    crypto::Hash32 previous{};  // BLAKE2b-256 of the record before; zero for version 1 alone
    Timestamp issued_at;
    std::vector<DeviceEntry> devices;
  };

  // Orders the devices by id. kInvalidArgument for fields that Parse would refuse and for an
  // account_key that is not the signer's.
  static absl::StatusOr<DeviceList> Sign(Fields fields, const crypto::Ed25519KeyPair& account_key);
  // Checks the signature against the account key named inside: the caller compares that key to the
  // one it pinned (Judge does). kMalformed, kUnsupportedVersion, kAuthFailed.
  static absl::StatusOr<DeviceList> Parse(ByteView record);

  const Fields& fields() const { return fields_; }
  const Bytes& record() const { return record_; }
  ListRef ref() const;
  const crypto::Hash32& hash() const { return hash_; }
  const DeviceEntry* Find(DeviceId id) const;

 private:
  DeviceList(Fields fields, Bytes record);
  Fields fields_;
  Bytes record_;
  crypto::Hash32 hash_;
};

// What a list just received means to somebody who knows `known` (may be null). To be accepted:
// kFirst, kSame, kNewer and, with an event, kStale. Everything else is an event and changes
// nothing.
enum class ListVerdict {
  kFirst,  // nothing known before
  kSame,
  kNewer,            // version above; if exactly one above, its `previous` is our hash
  kRolledBack,       // version below the known one
  kForked,           // same version, other hash; or next version that does not chain
  kIdentityChanged,  // other account key (or another account altogether)
  kStale,            // one of the first three, but issued more than kDeviceListMaxAge +
                     // kClockTolerance ago: its account is long offline, or its view is frozen
};
ListVerdict Judge(const DeviceList* known, const DeviceList& received, Timestamp now);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_DEVICE_LIST_H_
