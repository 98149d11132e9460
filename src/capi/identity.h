#ifndef PAWL_CAPI_IDENTITY_H_
#define PAWL_CAPI_IDENTITY_H_

#include <memory>
#include <mutex>

#include "capi/objects.h"
#include "crypto/aead.h"
#include "session/device_identity.h"

namespace pawl::capi {

// pawl_identity. Where an identity and a session are both locked, the session comes first.
struct Identity {
  explicit Identity(session::DeviceIdentity made) : device(std::move(made)) {}
  std::mutex mutex;
  bool closed = false;
  session::DeviceIdentity device;
};

// Finds an identity, locks it and refuses a closed one.
struct LockedIdentity {
  std::shared_ptr<Identity> object;
  std::unique_lock<std::mutex> lock;
  session::DeviceIdentity& operator*() const { return object->device; }
  session::DeviceIdentity* operator->() const { return &object->device; }
};
absl::StatusOr<LockedIdentity> LockIdentity(pawl_identity* identity);

// The key that seals saved state.
absl::StatusOr<crypto::AeadKey> StateKeyIn(const uint8_t* key, size_t key_len);

}  // namespace pawl::capi

#endif  // PAWL_CAPI_IDENTITY_H_
