#ifndef PAWL_STORE_ACCOUNT_H_
#define PAWL_STORE_ACCOUNT_H_

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

// Who this device is. Keys and records are bytes as `identity` encodes them.
struct AccountRow {
  std::string address;  // name@domain
  DeviceId device;
  DeviceEpoch epoch;
  crypto::SecretBytes account_seed;           // empty unless this device holds the account key
  crypto::SecretBytes device_seed;            // device signing key
  crypto::SecretBytes identity_key;           // X25519 private key of `epoch`
  Bytes device_list;                          // own newest list, signed record
  Bytes epoch_record;                         // own, signed record
  crypto::SecretBytes delivery_key;           // what contacts need to send to us anonymously
  crypto::SecretBytes previous_delivery_key;  // still accepted until the time below; may be empty
  Timestamp previous_delivery_key_until;
  std::string relay_url;
  bool registered = false;
};

class Account : Gateway {
 public:
  using Gateway::Gateway;
  // nullopt before the first Save.
  absl::StatusOr<std::optional<AccountRow>> Load();
  // Inserts or replaces the one row.
  absl::Status Save(const AccountRow& row);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_ACCOUNT_H_
