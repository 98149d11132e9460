#ifndef PAWL_WIRE_TOKEN_FRAMES_H_
#define PAWL_WIRE_TOKEN_FRAMES_H_

#include "base/bytes.h"
#include "base/clock.h"
#include "wire/frame.h"

namespace pawl::wire {

// What client and relay say about quota tokens (PROTOCOL.md §7); as client_frames.h.

struct TokenKeysGet {
  uint64_t req = 0;
};
struct TokenIssue {
  uint64_t req = 0;
  ByteArray<16> id{};
  uint32_t period = 0;
  bool large = false;
  ByteView blinded;
};

struct TokenKeys {
  uint64_t req = 0;
  uint32_t period = 0;
  Timestamp until;
  ByteArray<32> small{};
  ByteArray<32> large{};
};
struct TokensIssued {
  uint64_t req = 0;
  ByteArray<64> proof{};
  ByteView evaluated;
};

[[nodiscard]] bool Append(FrameWriter& out, const TokenKeysGet& frame);
[[nodiscard]] bool Append(FrameWriter& out, const TokenIssue& frame);
[[nodiscard]] bool Append(FrameWriter& out, const TokenKeys& frame);
[[nodiscard]] bool Append(FrameWriter& out, const TokensIssued& frame);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_TOKEN_FRAMES_H_
