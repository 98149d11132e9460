#ifndef PAWL_RELAY_WS_CERTIFICATE_H_
#define PAWL_RELAY_WS_CERTIFICATE_H_

#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX and SSL
struct ssl_st;

namespace pawl::relay::ws {

// SHA-256 of the SubjectPublicKeyInfo of the first certificate in a PEM file: what clients pin and
// what devices sign. kNotFound, kMalformed.
absl::StatusOr<ByteArray<32>> KeyHashOf(const std::string& certificate_file);

// Sees that a self-signed P-256 certificate for localhost, 127.0.0.1 and ::1 stands in these two
// PEM files (key mode 0600). One that is there stays, and its pin with it. For development: clients
// must pin it. kIo, kInternal.
absl::Status EnsureDevelopmentCertificate(const std::string& certificate_file,
                                          const std::string& key_file, Timestamp now);

// TLS 1.3 alone, no tickets, no session cache: a peer that comes back is not known by its TLS.
void HardenContext(ssl_ctx_st* context);

// RFC 9266 tls-exporter of a finished handshake. kTlsFailed.
absl::StatusOr<ByteArray<32>> ChannelBinding(ssl_st* session);

}  // namespace pawl::relay::ws

#endif  // PAWL_RELAY_WS_CERTIFICATE_H_
