#include "spqr_message.h"

#include <algorithm>

#include "proto.h"

namespace pawl::signal {

using ratchet::braid::Epoch;
using ratchet::braid::HasChunk;
using ratchet::braid::Kind;
using ratchet::braid::Message;
using ratchet::braid::Stamp;

namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kChunkSize = 32;

absl::Status Malformed() { return Fail(Code::kMalformed, "post-quantum part of no such form"); }

absl::Status ReadChunk(ByteView bytes, Message& message) {
  const std::optional<uint64_t> index = TakeVarInt(bytes);
  if (!index || *index > UINT16_MAX || bytes.size() < kChunkSize) return Malformed();
  message.index = static_cast<uint16_t>(*index);
  std::copy_n(bytes.begin(), kChunkSize, message.chunk_bytes.begin());
  return OkStatus();
}

}  // namespace

Bytes EncodePq(const ratchet::braid::Scheme& scheme, const Stamp& stamp) {
  const Message& message = stamp.message;
  Bytes out = {kVersion};
  AddVarInt(out, *message.epoch);
  AddVarInt(out, stamp.key_index);
  out.push_back(static_cast<uint8_t>(message.kind));
  if (HasChunk(message.kind)) {
    AddVarInt(out, message.index);
    const ByteView chunk = message.chunk(scheme);
    out.insert(out.end(), chunk.begin(), chunk.end());
  }
  return out;
}

absl::StatusOr<Stamp> ParsePq(ByteView bytes) {
  if (bytes.empty()) return Malformed();
  if (bytes[0] != kVersion) {
    return Fail(Code::kUnsupportedVersion, "post-quantum part of another version");
  }
  bytes = bytes.subspan(1);
  const std::optional<uint64_t> epoch = TakeVarInt(bytes);
  const std::optional<uint64_t> index = TakeVarInt(bytes);
  if (!epoch || *epoch == 0 || !index || *index == 0 || *index > UINT32_MAX || bytes.empty() ||
      bytes[0] > static_cast<uint8_t>(Kind::kCt2)) {
    return Malformed();
  }
  Stamp stamp;
  stamp.key_index = static_cast<uint32_t>(*index);
  stamp.message.epoch = Epoch(*epoch);
  stamp.message.kind = static_cast<Kind>(bytes[0]);
  if (HasChunk(stamp.message.kind)) PAWL_TRY(ReadChunk(bytes.subspan(1), stamp.message));
  return stamp;
}

}  // namespace pawl::signal
