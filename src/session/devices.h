#ifndef PAWL_SESSION_DEVICES_H_
#define PAWL_SESSION_DEVICES_H_

#include "base/ids.h"
#include "crypto/ed25519.h"
#include "crypto/x25519.h"
#include "identity/address.h"
#include "identity/device_list.h"

namespace pawl::session {

// One of our own devices, as a handshake needs it.
struct LocalDevice {
  identity::DeviceAddress address;
  identity::AccountPublic account_key{};
  crypto::Ed25519Public signing_key{};  // the device's entry in the list
  DeviceEpoch epoch;
  crypto::X25519KeyPair identity_key;
  Bytes epoch_record;  // signed with the signing key: binds epoch and identity key
  identity::ListRef list;

  LocalDevice Clone() const;
};

// Somebody's device, as the verified device list of its account names it.
struct RemoteDevice {
  identity::DeviceAddress address;
  identity::AccountPublic account_key{};
  crypto::Ed25519Public signing_key{};
};

// The same device as others see it.
RemoteDevice PublicPart(const LocalDevice& device);

}  // namespace pawl::session

#endif  // PAWL_SESSION_DEVICES_H_
