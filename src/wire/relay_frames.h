#ifndef PAWL_WIRE_RELAY_FRAMES_H_
#define PAWL_WIRE_RELAY_FRAMES_H_

#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "wire/frame.h"

namespace pawl::wire {

// What a relay says, in the same way (client_frames.h). PROTOCOL.md §5.

struct Challenge {
  Nonce32 nonce{};
  Timestamp time;
  uint32_t max_message = 0;
  uint32_t max_envelope = 0;
  std::string_view domain;
  bool invitation_required = false;
};
struct Ready {
  MailboxCursor cursor;
  uint32_t queue = 0;
  uint32_t one_time_left = 0;
  uint32_t list_version = 0;
  DeviceEpoch epoch;
  ByteView anchor;
  ByteView epoch_record;
};
struct Ok {
  uint64_t req = 0;
  uint64_t value = 0;
};
struct Sent {
  uint64_t req = 0;
  bool duplicate = false;
  uint32_t list_version = 0;
};
struct Message {
  MailboxCursor cursor;
  EnvelopeId id;
  Timestamp received;
  ByteView envelope;
};
struct Empty {
  MailboxCursor cursor;
};
struct Error {
  uint64_t req = 0;  // 0: about the connection, not about a request
  Code code = Code::kInternal;
  Duration retry_after;
};
struct GoAway {
  Code code = Code::kOk;
  Duration reconnect_after;
};
struct Replaced {};
struct DirResult {
  uint64_t req = 0;
  ByteView device_list;
};
struct PrekeyResult {
  uint64_t req = 0;
  ByteView epoch_record;
  ByteView bundle;
  ByteView one_time;  // empty: none left
};
struct BlobBegun {
  uint64_t req = 0;
  uint64_t offset = 0;
};
struct BlobData {
  uint64_t req = 0;
  uint64_t offset = 0;
  uint64_t total = 0;
  ByteView bytes;
};

[[nodiscard]] bool Append(FrameWriter& out, const Challenge& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Ready& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Ok& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Sent& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Message& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Empty& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Error& frame);
[[nodiscard]] bool Append(FrameWriter& out, const GoAway& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Replaced& frame);
[[nodiscard]] bool Append(FrameWriter& out, const DirResult& frame);
[[nodiscard]] bool Append(FrameWriter& out, const PrekeyResult& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobBegun& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobData& frame);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_RELAY_FRAMES_H_
