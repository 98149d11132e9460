#ifndef PAWL_WIRE_CLIENT_FRAMES_H_
#define PAWL_WIRE_CLIENT_FRAMES_H_

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "wire/frame.h"

namespace pawl::wire {

// What a client says, one plain struct per frame and one Append for each: no FlatBuffers in sight.
// The meaning of each field and who may send what when: PROTOCOL.md §4. Append returns false, with
// nothing appended, when the frame does not fit into this message any more (FrameWriter::Commit);
// an empty message takes any frame within its own limits.

struct Hello {
  fb::Mode mode = fb::Mode::Device;
  std::string_view account;  // empty when anonymous
  DeviceId device;
  Nonce32 nonce{};
  MailboxCursor resume_after;
};
struct Auth {
  ByteArray<64> signature{};
};
struct Register {
  uint64_t req = 0;
  std::string_view invitation;
  ByteView device_list;
  ByteView epoch_record;
};
struct DirPut {
  uint64_t req = 0;
  ByteView device_list;
};
struct EpochPut {
  uint64_t req = 0;
  DeviceEpoch expected;
  ByteView epoch_record;
};
struct PrekeyPut {
  uint64_t req = 0;
  ByteView bundle;  // empty: unchanged
  std::span<const Bytes> one_time;
};
struct DeliveryKeyPut {
  uint64_t req = 0;
  ByteArray<32> key{};
};
struct AnchorPut {
  uint64_t req = 0;
  ByteView anchor;
};
struct DirGet {
  uint64_t req = 0;
  std::string_view account;
};
struct PrekeyTake {
  uint64_t req = 0;
  std::string_view account;
  DeviceId device;
};
struct Send {
  uint64_t req = 0;
  std::string_view account;
  DeviceId device;
  EnvelopeId id;
  uint32_t ttl_s = 0;  // 0: the relay's maximum
  bool urgent = true;
  bool ephemeral = false;
  bool request = false;  // the path for strangers; delivery_key is not used
  std::optional<ByteArray<32>> delivery_key;
  bool follows = false;  // sent while earlier ones to this mailbox are unanswered
  ByteView envelope;
};
struct Ack {
  std::span<const MailboxCursor> cursors;  // at most kMaxAckCursors
};
struct Credit {
  uint32_t messages = 0;
};
struct Fetch {
  uint64_t req = 0;
  MailboxCursor after;
  uint32_t max = 0;
};
struct BlobBegin {
  uint64_t req = 0;
  BlobId id;
  uint64_t size = 0;
  std::optional<ByteArray<32>> owner{};  // anonymous: hash of the secret (wire/tokens.h)
  ByteView tokens{};                     // encoded, as wire/tokens.h has them
};
struct BlobChunk {
  uint64_t req = 0;
  BlobId id;
  uint64_t offset = 0;
  ByteView chunk;
  std::optional<ByteArray<32>> secret{};
};
struct BlobCommit {
  uint64_t req = 0;
  BlobId id;
  std::optional<ByteArray<32>> secret{};
};
struct BlobGet {
  uint64_t req = 0;
  BlobId id;
  uint64_t offset = 0;
  uint32_t max = 0;
};
struct BlobDelete {
  uint64_t req = 0;
  BlobId id;
  std::optional<ByteArray<32>> secret{};
  bool restart = false;
};
constexpr size_t kMaxAckCursors = 256;
constexpr size_t kMaxOneTimePerPut = 128;
constexpr size_t kMaxInvitationSize = 64;

[[nodiscard]] bool Append(FrameWriter& out, const Hello& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Auth& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Register& frame);
[[nodiscard]] bool Append(FrameWriter& out, const DirPut& frame);
[[nodiscard]] bool Append(FrameWriter& out, const EpochPut& frame);
[[nodiscard]] bool Append(FrameWriter& out, const PrekeyPut& frame);
[[nodiscard]] bool Append(FrameWriter& out, const DeliveryKeyPut& frame);
[[nodiscard]] bool Append(FrameWriter& out, const AnchorPut& frame);
[[nodiscard]] bool Append(FrameWriter& out, const DirGet& frame);
[[nodiscard]] bool Append(FrameWriter& out, const PrekeyTake& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Send& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Ack& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Credit& frame);
[[nodiscard]] bool Append(FrameWriter& out, const Fetch& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobBegin& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobChunk& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobCommit& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobGet& frame);
[[nodiscard]] bool Append(FrameWriter& out, const BlobDelete& frame);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_CLIENT_FRAMES_H_
