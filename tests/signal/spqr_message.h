#ifndef PAWL_TESTS_SIGNAL_SPQR_MESSAGE_H_
#define PAWL_TESTS_SIGNAL_SPQR_MESSAGE_H_

#include "base/status.h"
#include "ratchet/braid/message.h"

namespace pawl::signal {

// The post-quantum ratchet's part of a message as libsignal writes it (its V1Msg):
// 0x01 || varint epoch || varint index || type || [varint chunk index || chunk[32]].
Bytes EncodePq(const ratchet::braid::Scheme& scheme, const ratchet::braid::Stamp& stamp);
// kMalformed, kUnsupportedVersion. As libsignal, reads past bytes left over.
absl::StatusOr<ratchet::braid::Stamp> ParsePq(ByteView bytes);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_SPQR_MESSAGE_H_
