#ifndef PAWL_STORE_VALUES_H_
#define PAWL_STORE_VALUES_H_

#include <optional>

#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

// Small single facts that need no table: a name fixed at compile time and at most 64 KiB (time of
// the last bundle, relay cursor, …).
class Values : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::optional<crypto::SecretBytes>> Get(Literal name);
  absl::Status Put(Literal name, ByteView value);
  absl::StatusOr<std::optional<int64_t>> GetInt(Literal name);
  absl::Status PutInt(Literal name, int64_t value);
  absl::Status Erase(Literal name);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_VALUES_H_
