#ifndef PAWL_RELAY_ADMINISTRATION_H_
#define PAWL_RELAY_ADMINISTRATION_H_

#include <string>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "relay/options.h"

namespace pawl::relay {

// What an operator does to a relay's storage, whether it is being served or not. Errors as of
// InlineEngine::Open.

// Makes an invitation, good for one account and 30 days; the storage holds its hash alone.
absl::StatusOr<std::string> MakeInvitation(const Options& options, Timestamp now, Rng& rng);
// kNotFound. To everybody else the name's next owner is `identity changed`.
absl::Status ResetAccount(const Options& options);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_ADMINISTRATION_H_
