#ifndef PAWL_WIRE_INTERNAL_PACK_H_
#define PAWL_WIRE_INTERNAL_PACK_H_

#include <string_view>

#include "wire/frame.h"

namespace pawl::wire::internal {

inline fb::Bytes16 Pack(const ByteArray<16>& bytes) { return fb::Bytes16(bytes); }
inline fb::Bytes32 Pack(const ByteArray<32>& bytes) { return fb::Bytes32(bytes); }
inline fb::Bytes64 Pack(const ByteArray<64>& bytes) { return fb::Bytes64(bytes); }

// An empty text is an absent field.
inline flatbuffers::Offset<flatbuffers::String> Pack(flatbuffers::FlatBufferBuilder& builder,
                                                     std::string_view text) {
  return text.empty() ? flatbuffers::Offset<flatbuffers::String>()
                      : builder.CreateString(text.data(), text.size());
}
// For a required field: present even when empty.
inline flatbuffers::Offset<flatbuffers::String> PackRequired(
    flatbuffers::FlatBufferBuilder& builder, std::string_view text) {
  return builder.CreateString(text.data(), text.size());
}

inline uint32_t SizeOf(ByteView bytes) { return static_cast<uint32_t>(bytes.size()); }

}  // namespace pawl::wire::internal

#endif  // PAWL_WIRE_INTERNAL_PACK_H_
