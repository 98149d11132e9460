#ifndef PAWL_WIRE_FRAME_PARTS_H_
#define PAWL_WIRE_FRAME_PARTS_H_

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "wire/frame.h"

namespace pawl::wire {

// Reading frames: `view.header->body_as_Send()` gives the fields; these help with the rest.

ByteArray<16> ToArray(const fb::Bytes16& bytes);
ByteArray<32> ToArray(const fb::Bytes32& bytes);
ByteArray<64> ToArray(const fb::Bytes64& bytes);
std::string_view ToText(const flatbuffers::String* text);  // null: empty

// The parts of a payload whose sizes the header gives; they borrow it. kMalformed when the sizes do
// not add up.
struct RegisterParts {
  ByteView device_list;
  ByteView epoch_record;
};
struct PrekeyPutParts {
  ByteView bundle;
  std::vector<ByteView> one_time;
};
struct ReadyParts {
  ByteView anchor;
  ByteView epoch_record;
};
struct PrekeyResultParts {
  ByteView epoch_record;
  ByteView bundle;
  ByteView one_time;
};
absl::StatusOr<RegisterParts> Split(const fb::Register& header, ByteView payload);
absl::StatusOr<PrekeyPutParts> Split(const fb::PrekeyPut& header, ByteView payload);
absl::StatusOr<ReadyParts> Split(const fb::Ready& header, ByteView payload);
absl::StatusOr<PrekeyResultParts> Split(const fb::PrekeyResult& header, ByteView payload);

// The error a peer reported, as a status of ours; a number we do not know becomes kRelayRefused.
absl::Status ToStatus(const fb::Error& error);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_FRAME_PARTS_H_
