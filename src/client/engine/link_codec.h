#ifndef PAWL_CLIENT_ENGINE_LINK_CODEC_H_
#define PAWL_CLIENT_ENGINE_LINK_CODEC_H_

#include <vector>

#include "base/rng.h"
#include "base/status.h"
#include "client/engine/account_backup.h"
#include "crypto/ed25519.h"
#include "crypto/xwing.h"
#include "identity/device_list.h"

namespace pawl::client {

// What a new device shows: "PWLQ" || u8 version = 1 || opaque address<1..2^16-1> ||
// signing_key[32] || seal_key[1216]. Public; whoever carries it must not change it.
struct LinkRequest {
  identity::Address address;
  crypto::Ed25519Public signing_key{};
  crypto::XWingPublic seal_key{};
};
Bytes EncodeLinkRequest(const LinkRequest& request);
absl::StatusOr<LinkRequest> ParseLinkRequest(ByteView bytes);  // kMalformed, kUnsupportedVersion

// What it gets back: "PWLR" || u8 version = 1 || X-Wing ciphertext[1120] || XChaCha20-Poly1305 of
// the fields below. Key: HKDF-SHA-512 of the X-Wing secret over the request's hash, used once, so
// the nonce is zero; associated data: everything before.
struct LinkResponse {
  Bytes device_list{};
  DeviceId device{};
  DeliveryKey delivery_key{};
  std::vector<BackedUpContact> contacts{};
};
absl::StatusOr<Bytes> SealLinkResponse(const LinkResponse& response, const LinkRequest& request,
                                       Rng& rng);
// kAuthFailed when it answers another request, kMalformed, kUnsupportedVersion.
absl::StatusOr<LinkResponse> OpenLinkResponse(ByteView bytes, const LinkRequest& request,
                                              const crypto::XWingSeed& seal_key);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_LINK_CODEC_H_
