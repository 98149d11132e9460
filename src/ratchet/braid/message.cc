#include "ratchet/braid/message.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "ratchet/braid/erasure_code.h"

namespace pawl::ratchet::braid {

Message ChunkMessage(const Scheme& scheme, Epoch epoch, Kind kind, ByteView stream,
                     uint16_t index) {
  Message message{epoch, kind, index, {}};
  EncodeChunk(stream, index, MutableByteView(message.chunk_bytes).first(scheme.chunk_size));
  return message;
}

void EncodeStamp(const Scheme& scheme, const Stamp& stamp, MutableByteView out) {
  const Message& message = stamp.message;
  codec::FixedWriter(out)
      .U32(static_cast<uint32_t>(*message.epoch))
      .U32(stamp.key_index)
      .U8(static_cast<uint8_t>(message.kind))
      .U16(message.index)
      .Raw(message.chunk(scheme));
}

absl::StatusOr<Stamp> ParseStamp(const Scheme& scheme, ByteView bytes) {
  codec::Reader in(bytes);
  Stamp stamp;
  stamp.message.epoch = Epoch(in.U32());
  stamp.key_index = in.U32();
  const uint8_t kind = in.U8();
  stamp.message.index = in.U16();
  const ByteView chunk = in.Fixed(scheme.chunk_size);
  PAWL_TRY(in.Finish());
  if (*stamp.message.epoch == 0 || stamp.key_index == 0) {
    return Fail(Code::kMalformed, "Braid stamp that counts from nothing");
  }
  if (kind > static_cast<uint8_t>(Kind::kCt2)) {
    return Fail(Code::kMalformed, "Braid message of unknown kind");
  }
  stamp.message.kind = static_cast<Kind>(kind);
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  if (!HasChunk(stamp.message.kind) &&
      (stamp.message.index != 0 || !std::all_of(chunk.begin(), chunk.end(), is_zero))) {
    return Fail(Code::kMalformed, "Braid message with a chunk it does not have");
  }
  std::copy(chunk.begin(), chunk.end(), stamp.message.chunk_bytes.begin());
  return stamp;
}

}  // namespace pawl::ratchet::braid
