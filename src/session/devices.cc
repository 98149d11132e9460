#include "session/devices.h"

namespace pawl::session {

LocalDevice LocalDevice::Clone() const {
  return {address, account_key, signing_key, epoch, identity_key.Clone(), epoch_record, list};
}

RemoteDevice PublicPart(const LocalDevice& device) {
  return {device.address, device.account_key, device.signing_key};
}

}  // namespace pawl::session
