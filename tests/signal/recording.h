#ifndef PAWL_TESTS_SIGNAL_RECORDING_H_
#define PAWL_TESTS_SIGNAL_RECORDING_H_

#include <map>
#include <optional>
#include <vector>

#include "proto.h"
#include "ratchet/braid/message.h"
#include "ratchet/braid/types.h"
#include "support/json.h"

namespace pawl::signal {

// One message of the recording.
struct Step {
  bool from_a = false;
  bool delivered = false;
  Bytes plaintext;
  Bytes message;  // SignalMessage: 0x44 || protobuf || MAC[8]
  Bytes pq;       // its field 5, the Braid's part as libsignal wrote it
  // SessionStructure of libsignal's storage.proto, where it was recorded.
  std::optional<Proto> sender_after;
  std::optional<Proto> receiver_after;

  Proto fields() const { return Proto(ByteView(message).subspan(1, message.size() - 9)); }
};

// The ML-KEM exchange of one epoch; zeros where the recording ends before it.
struct Exchange {
  Bytes decapsulation_key;  // 2,400 bytes, FIPS 203
  ratchet::braid::Ct1 ct1{};
  ratchet::braid::Ct2 ct2{};
};

struct Recording {
  Proto alice{ByteView()};  // SessionStructure before the first message
  ratchet::braid::AuthKey auth_key = ratchet::braid::AuthKey::Zero();
  Bytes alice_identity;  // 33 bytes each
  Bytes bob_identity;
  std::vector<Step> steps;
  std::map<uint64_t, Exchange> exchanges;  // by epoch
};
Recording ReadRecording(const test::Json& transcript);

// The post-quantum part of a recorded message; one that does not parse fails the running test.
ratchet::braid::Stamp StampIn(const Step& step);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_RECORDING_H_
