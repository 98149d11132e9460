#ifndef PAWL_CLIENT_RUNNER_RELAY_CHOICE_H_
#define PAWL_CLIENT_RUNNER_RELAY_CHOICE_H_

#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "store/store.h"
#include "transport/endpoint.h"

namespace pawl::runner {

// Which relay a store belongs to, and how it is told from another: given once, remembered.
struct RelayChoice {
  std::string url;
  transport::Endpoint endpoint;
  transport::TlsPolicy tls;
};

// `url` empty: what the store remembers (kInvalidArgument when it does not). Else `url` and `tls`
// together take the place of that. kInvalidArgument: not a URL, or a policy that would believe
// anybody.
absl::StatusOr<RelayChoice> ChooseRelay(store::Store& store, std::string_view url,
                                        const transport::TlsPolicy& tls, Timestamp now);

// The same without a choice: what a store remembers, for whoever only looks on.
absl::StatusOr<RelayChoice> RecallRelay(store::Values& values);

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_RELAY_CHOICE_H_
