#ifndef PAWL_TRANSPORT_ENDPOINT_H_
#define PAWL_TRANSPORT_ENDPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::transport {

// Where a relay listens: `wss://host[:port][/path]`, or `ws://…` (plain). Host is a DNS name, an
// IPv4 address or a bracketed IPv6 address (kept without brackets). Ports default to 443 and 80,
// the path to "/".
struct Endpoint {
  bool tls = true;
  std::string host;
  uint16_t port = 443;
  std::string path = "/";

  // kInvalidArgument for anything else: user info, query, fragment, control characters, more than
  // 1,024 bytes.
  static absl::StatusOr<Endpoint> Parse(std::string_view url);

  std::string ToString() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// True for 127.0.0.0/8, ::1 and the name "localhost" (which the adapter never asks DNS about, RFC
// 6761 §6.3).
bool IsLoopback(std::string_view host);

// Whether plain text may leave for somewhere other than this machine.
enum class PlainText { kLoopbackOnly, kAllowed };

// Whom to believe. TLS 1.3 is the floor in every case.
struct TlsPolicy {
  enum class Roots {
    kSystem,   // chain to the system's roots, host name checked
    kPemFile,  // chain to the certificates of `pem_file`, host name (or IP address) checked
    kNone,     // pins alone decide: for self-signed certificates
  };
  Roots roots = Roots::kSystem;
  std::string pem_file;
  // SHA-256 of acceptable SubjectPublicKeyInfos (DER) of the server's own certificate. Not empty:
  // one of them must match, in addition to what `roots` asks.
  std::vector<ByteArray<32>> spki_pins;
  PlainText plain_text = PlainText::kLoopbackOnly;
};

// kInvalidArgument for a policy that would believe anybody, and for a PEM policy without a file.
absl::Status CheckPolicy(const TlsPolicy& policy);
// Also for a plain-text endpoint that the policy forbids.
absl::Status CheckPolicy(const Endpoint& endpoint, const TlsPolicy& policy);

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_ENDPOINT_H_
