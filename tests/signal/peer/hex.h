#ifndef PAWL_TESTS_SIGNAL_PEER_HEX_H_
#define PAWL_TESTS_SIGNAL_PEER_HEX_H_

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::signal {

std::string ToHex(ByteView bytes);
// Either case. kInvalidArgument.
absl::StatusOr<Bytes> FromHex(std::string_view text);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PEER_HEX_H_
