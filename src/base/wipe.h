#ifndef PAWL_BASE_WIPE_H_
#define PAWL_BASE_WIPE_H_

#include <cstring>

#include "base/bytes.h"

namespace pawl {

// Overwrites with zeros in a way the compiler may not remove: the empty asm takes the address and
// claims to read memory, so the stores before it are not dead. Inline, for it ends every Secret.
inline void Wipe(MutableByteView bytes) {
  if (bytes.empty()) return;
  std::memset(bytes.data(), 0, bytes.size());
  __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

}  // namespace pawl

#endif  // PAWL_BASE_WIPE_H_
