#ifndef PAWL_RATCHET_ALL_ZERO_H_
#define PAWL_RATCHET_ALL_ZERO_H_

#include <cstring>

#include "base/bytes.h"

namespace pawl::ratchet {

// For public bytes and authentic padding, not for secrets: stops at the first that is not zero.
// Each byte equals its neighbour and the first is zero: memcmp runs at the speed of memory.
inline bool AllZero(ByteView bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_ALL_ZERO_H_
