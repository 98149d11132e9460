#ifndef PAWL_CAPI_CLIENT_H_
#define PAWL_CAPI_CLIENT_H_

#include <memory>
#include <string_view>

#include "capi/objects.h"
#include "client/runner/client.h"
#include "identity/address.h"
#include "pawl/types.h"

namespace pawl::capi {

// pawl_client: all locking is the runner's.
struct Client {
  std::shared_ptr<runner::Client> running;
};

using ClientPtr = std::shared_ptr<runner::Client>;
absl::StatusOr<ClientPtr> RunningClient(pawl_client* client);

// What opens a store. That it is one of the two, the runner checks.
absl::StatusOr<runner::StoreKey> KeyIn(const char* passphrase, const uint8_t* host_key,
                                       size_t host_key_len);

absl::StatusOr<identity::Address> AddressIn(const char* address);
// Our own address. kWrongState while there is none.
absl::StatusOr<identity::Address> OwnAddress(runner::Client& client);
MessageId RandomMessageId();
absl::StatusOr<MessageId> MessageIdIn(const pawl_id* id);

// Hands a command on and gives its request id out. `bytes`: of what it carries.
absl::Status Submit(runner::Client& client, runner::Client::Body body, size_t bytes,
                    uint64_t* out_request_id);

}  // namespace pawl::capi

#endif  // PAWL_CAPI_CLIENT_H_
