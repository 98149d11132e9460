#ifndef PAWL_WIRE_WIPING_ALLOCATOR_H_
#define PAWL_WIRE_WIPING_ALLOCATOR_H_

#include "flatbuffers/flatbuffers.h"

#include "base/wipe.h"

namespace pawl::wire {

// Memory for plaintext under construction: overwritten before it is given back, also when a builder
// grows. Stateless and thread-safe.
class WipingAllocator final : public flatbuffers::Allocator {
 public:
  uint8_t* allocate(size_t size) override { return new uint8_t[size]; }
  void deallocate(uint8_t* memory, size_t size) override {
    Wipe({memory, size});
    delete[] memory;
  }
};

}  // namespace pawl::wire

#endif  // PAWL_WIRE_WIPING_ALLOCATOR_H_
