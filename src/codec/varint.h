#ifndef PAWL_CODEC_VARINT_H_
#define PAWL_CODEC_VARINT_H_

#include <cstdint>

namespace pawl::codec {

// RFC 9000 §16 as cut down by RFC 9420 §2.1.2: the first two bits say 1, 2 or 4 bytes. A value is
// encoded in the shortest form that holds it: below the first bound 1 byte, below the second 2,
// below the third 4.
constexpr uint32_t kVarIntOneByte = 1u << 6;
constexpr uint32_t kVarIntTwoBytes = 1u << 14;
constexpr uint32_t kVarIntFourBytes = 1u << 30;

}  // namespace pawl::codec

#endif  // PAWL_CODEC_VARINT_H_
