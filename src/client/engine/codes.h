#ifndef PAWL_CLIENT_ENGINE_CODES_H_
#define PAWL_CLIENT_ENGINE_CODES_H_

#include <algorithm>
#include <initializer_list>

#include "base/status.h"

namespace pawl::client {

constexpr bool IsOneOf(Code code, std::initializer_list<Code> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CODES_H_
