#ifndef PAWL_STORE_SUITES_H_
#define PAWL_STORE_SUITES_H_

#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::store {

// The column peer_device.suites: uint16 each, best first.
constexpr size_t kMaxSuites = 16;

// kInvalidArgument for more than kMaxSuites.
absl::StatusOr<Bytes> EncodeSuites(const std::vector<uint16_t>& suites);
// kCorrupt.
absl::StatusOr<std::vector<uint16_t>> DecodeSuites(ByteView bytes);

}  // namespace pawl::store

#endif  // PAWL_STORE_SUITES_H_
