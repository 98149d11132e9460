#ifndef PAWL_CLIENT_ENGINE_SELF_H_
#define PAWL_CLIENT_ENGINE_SELF_H_

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "client/engine/relay_call.h"
#include "crypto/ed25519.h"
#include "identity/device_list.h"
#include "session/devices.h"
#include "store/account.h"

namespace pawl::client {

// Who this device is: the account row, decoded. Move-only (it owns keys); changed by replacing it.
struct Self {
  session::LocalDevice device;
  crypto::Ed25519KeyPair signing;
  std::optional<crypto::Ed25519KeyPair> account_key{};  // on the account's first device alone
  identity::DeviceList list;                            // own newest
  DeliveryKey delivery_key{};                           // what contacts send to us with
  std::string relay_url{};
  bool registered = false;

  const identity::Address& address() const { return device.address.account; }
  Self Clone() const;
  // Takes over a list that was accepted or signed: also what handshakes and messages refer to.
  void SetList(identity::DeviceList next);
};

// New keys for a device of `address`. With `account_key` it is an account's first device: the list
// is version 1 and names it. `id` and the list follow later when another device signs them.
absl::StatusOr<Self> MakeFirstDevice(const identity::Address& address, Timestamp now, Rng& rng);

// The next version of `self.list` under the account key, with these devices. kUnsupported without
// that key.
absl::StatusOr<identity::DeviceList> SignNextList(const Self& self,
                                                  std::vector<identity::DeviceEntry> devices,
                                                  Timestamp now);

// A signed epoch record for the device, and the device struct around it.
absl::StatusOr<session::LocalDevice> MakeLocalDevice(const identity::DeviceAddress& address,
                                                     DeviceEpoch epoch,
                                                     crypto::X25519KeyPair identity_key,
                                                     const crypto::Ed25519KeyPair& signing,
                                                     const identity::DeviceList& list);

store::AccountRow EncodeSelf(const Self& self);
// kCorrupt when the row is not what EncodeSelf made.
absl::StatusOr<Self> DecodeSelf(const store::AccountRow& row);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_SELF_H_
