#ifndef PAWL_RATCHET_BRAID_MESSAGE_H_
#define PAWL_RATCHET_BRAID_MESSAGE_H_

#include "base/bytes.h"
#include "base/status.h"
#include "ratchet/braid/scheme.h"

namespace pawl::ratchet::braid {

// What one message carries for the Braid (ML-KEM Braid §3.5). The numbers are those of the wire.
enum class Kind : uint8_t {
  kNone = 0,
  kHeader = 1,    // chunk of header || MAC
  kEk = 2,        // chunk of the key's vector
  kEkCt1Ack = 3,  // the same, and ct1 is here
  kCt1Ack = 4,    // ct1 is here
  kCt1 = 5,       // chunk of ct1
  kCt2 = 6,       // chunk of ct2 || MAC
};
constexpr bool HasChunk(Kind kind) { return kind != Kind::kNone && kind != Kind::kCt1Ack; }

struct Message {
  Epoch epoch{1};  // of the sender; its keys are those of the epoch before
  Kind kind = Kind::kNone;
  uint16_t index = 0;                      // of the chunk
  ByteArray<kMaxChunkSize> chunk_bytes{};  // as many as the scheme says

  ByteView chunk(const Scheme& scheme) const {
    return ByteView(chunk_bytes).first(scheme.chunk_size);
  }
};

// A message with a chunk of `stream`, which counts it in `sent`.
Message ChunkMessage(const Scheme& scheme, Epoch epoch, Kind kind, ByteView stream, uint16_t index);

// What a header says of the post-quantum part: which key of which epoch the body needs, and the
// Braid's message.
struct Stamp {
  uint32_t key_index = 0;  // in the sender's chain of the epoch before message.epoch; from 1
  Message message;
};

// uint32 epoch || uint32 key_index || uint8 kind || uint16 chunk index || chunk; zeros where there
// is no chunk, so that each stamp has one encoding.
constexpr size_t StampSize(size_t chunk_size) { return 4 + 4 + 1 + 2 + chunk_size; }
void EncodeStamp(const Scheme& scheme, const Stamp& stamp, MutableByteView out);
// kMalformed.
absl::StatusOr<Stamp> ParseStamp(const Scheme& scheme, ByteView bytes);

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_MESSAGE_H_
