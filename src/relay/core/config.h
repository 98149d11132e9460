#ifndef PAWL_RELAY_CORE_CONFIG_H_
#define PAWL_RELAY_CORE_CONFIG_H_

#include <string>

#include "base/bytes.h"

namespace pawl::relay {

struct Config {
  std::string domain;  // of the accounts that live here
  bool invitation_required = false;
  ByteArray<32> key_hash{};  // SHA-256 of our certificate's SubjectPublicKeyInfo; zero without TLS
  double rate_scale = 1;     // multiplies every token bucket; for tests and benchmarks on loopback
  size_t headroom = 0;       // free bytes in front of each message, for the socket library
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_CONFIG_H_
