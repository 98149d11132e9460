#ifndef PAWL_TESTS_SIGNAL_PROFILE_H_
#define PAWL_TESTS_SIGNAL_PROFILE_H_

#include "ratchet/profile.h"

namespace pawl::signal {

// The Double Ratchet as libsignal runs it: HKDF-SHA-256 "WhisperRatchet" for root steps,
// HMAC-SHA-256 for chains; the Braid by SignalScheme on our own ML-KEM. libsignal has neither
// header keys nor route tags: header keys are zeros and never used, tags only tell apart what one
// session skipped.
const ratchet::Profile& SignalProfile();

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PROFILE_H_
