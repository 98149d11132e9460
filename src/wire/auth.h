#ifndef PAWL_WIRE_AUTH_H_
#define PAWL_WIRE_AUTH_H_

#include <string_view>

#include "base/bytes.h"
#include "wire/frame.h"

namespace pawl::wire {

// What a device signs to prove itself to its relay (PROTOCOL.md §3), with its Ed25519 signing key
// under kAuthLabel. The TLS channel binding and the relay's own key hash are inside: a signature
// made for one connection or one relay is worth nothing on another.
constexpr std::string_view kAuthLabel = "pawl relay auth v1";

struct AuthInput {
  ByteArray<32> relay_key_hash{};   // SHA-256 of the relay certificate's SubjectPublicKeyInfo; zero
                                    // without TLS
  ByteArray<32> channel_binding{};  // RFC 9266 tls-exporter; zero without TLS
  Nonce32 relay_nonce{};            // Challenge
  Nonce32 client_nonce{};           // Hello
  fb::Mode mode = fb::Mode::Device;
  ByteView device_address;  // identity::Write(DeviceAddress)
};

// relay_key_hash || relay_nonce || client_nonce || u8 mode || device_address || channel_binding
Bytes AuthMessage(const AuthInput& input);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_AUTH_H_
