#include "capi/buffer.h"

#include "pawl/buffer.h"

using pawl::capi::Drop;
using pawl::capi::Get;
using pawl::capi::GuardValue;

extern "C" {

const uint8_t* pawl_buffer_data(const pawl_buffer* buffer) noexcept {
  return GuardValue<const uint8_t*>(nullptr, [&]() -> const uint8_t* {
    auto object = Get(buffer);
    return object.ok() ? (*object)->bytes.Expose().data() : nullptr;
  });
}

size_t pawl_buffer_size(const pawl_buffer* buffer) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(buffer);
    return object.ok() ? (*object)->bytes.size() : 0;
  });
}

void pawl_buffer_release(pawl_buffer* buffer) noexcept { Drop(buffer); }

}  // extern "C"
