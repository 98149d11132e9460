#ifndef PAWL_CLIENT_RUNNER_WRAP_KEY_H_
#define PAWL_CLIENT_RUNNER_WRAP_KEY_H_

#include <utility>

#include "client/runner/client.h"
#include "store/key_wrap.h"

namespace pawl::runner {

// kInvalidArgument: none of the two, or both.
inline absl::StatusOr<store::WrapKey> WrapKeyOf(StoreKey key) {
  if (key.host_key.has_value() == !key.passphrase.empty()) {
    return Fail(Code::kInvalidArgument, "a store has one key: the host's or a passphrase");
  }
  return key.host_key ? store::WrapKey(store::HostKey::From(key.host_key->Expose()))
                      : store::WrapKey(store::Passphrase{std::move(key.passphrase)});
}

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_WRAP_KEY_H_
