#ifndef PAWL_CAPI_BUFFER_H_
#define PAWL_CAPI_BUFFER_H_

#include <memory>
#include <utility>

#include "capi/objects.h"
#include "crypto/secret.h"

namespace pawl::capi {

// pawl_buffer: immutable, wiped when it goes.
struct Buffer {
  crypto::SecretBytes bytes;
};

inline absl::Status BufferOut(crypto::SecretBytes bytes, pawl_buffer** out) {
  return Put(std::make_shared<Buffer>(Buffer{std::move(bytes)}), out);
}

}  // namespace pawl::capi

#endif  // PAWL_CAPI_BUFFER_H_
