#ifndef PAWL_CLIENT_ENGINE_CODES_H_
#define PAWL_CLIENT_ENGINE_CODES_H_

#include <algorithm>
#include <initializer_list>

#include "base/status.h"

namespace pawl::client {

constexpr bool IsOneOf(Code code, std::initializer_list<Code> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// What a row of our own decodes to. The store authenticates what it reads, so a row that does not
// decode is damage or a defect, kCorrupt, whatever the decoder would say of bytes from outside.
template <typename T>
absl::StatusOr<T> FromStore(absl::StatusOr<T> decoded) {
  if (!decoded.ok()) return Fail(Code::kCorrupt, "a row of the store does not decode");
  return decoded;
}

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CODES_H_
