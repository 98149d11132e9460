#ifndef PAWL_TESTS_SIGNAL_SCHEME_H_
#define PAWL_TESTS_SIGNAL_SCHEME_H_

#include "ratchet/braid/scheme.h"

namespace pawl::signal {

// The Braid as libsignal runs it (SPQR version 1): HKDF-SHA-256 and HMAC-SHA-256 under Signal's
// labels, chunks of 32 bytes. `kem` outlives it.
ratchet::braid::Scheme SignalScheme(const ratchet::braid::Kem* kem);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_SCHEME_H_
