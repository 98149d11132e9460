#ifndef PAWL_SESSION_PEER_BUNDLE_H_
#define PAWL_SESSION_PEER_BUNDLE_H_

#include <optional>

#include "base/status.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "session/devices.h"

namespace pawl::session {

// Everything public about one device in one blob, for hosts that carry it themselves: device list,
// epoch record, bundle and one one-time pair. An object that exists is verified and consistent: one
// account, one listed device, one epoch.
class PeerBundle {
 public:
  // Signed records as identity makes them; `one_time` may be empty. kTooLarge.
  struct Records {
    ByteView device_list;
    ByteView epoch_record;
    ByteView bundle;
    ByteView one_time;
  };
  static absl::StatusOr<Bytes> Encode(const Records& records);
  // kMalformed, kAuthFailed, kDeviceNotListed, kWrongRecipient
  // (parts of different devices). The account key is the blob's own claim: compare safety numbers,
  // or pin it.
  static absl::StatusOr<PeerBundle> Parse(ByteView blob);

  const RemoteDevice& device() const { return device_; }
  const identity::DeviceList& list() const { return list_; }
  const identity::EpochRecord& epoch() const { return epoch_; }
  const identity::Bundle& bundle() const { return bundle_; }
  const identity::OneTimePair* one_time() const { return one_time_ ? &*one_time_ : nullptr; }

 private:
  PeerBundle(RemoteDevice device, identity::DeviceList list, identity::EpochRecord epoch,
             identity::Bundle bundle, std::optional<identity::OneTimePair> one_time);
  RemoteDevice device_;
  identity::DeviceList list_;
  identity::EpochRecord epoch_;
  identity::Bundle bundle_;
  std::optional<identity::OneTimePair> one_time_;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_PEER_BUNDLE_H_
