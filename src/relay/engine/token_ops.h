#ifndef PAWL_RELAY_ENGINE_TOKEN_OPS_H_
#define PAWL_RELAY_ENGINE_TOKEN_OPS_H_

#include <memory>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine {

// Blind quota tokens (wire/tokens.h): what the storage keeps of them.

// All that the issuing keys are derived from; the same for every process of a relay, for ever.
using TokenSeed = crypto::Secret<struct TokenSeedTag, 32>;

// The stored seed, or from now on `candidate`.
struct GetTokenSeed {
  std::shared_ptr<const TokenSeed> candidate;
};
struct GotTokenSeed {
  Code code = Code::kOk;
  std::shared_ptr<const TokenSeed> seed;
};

// Counts `bytes` against the account's quota of a period, once for each `request`: each device's
// last one that was counted may come again.
struct IssueTokens {
  MailboxRef mailbox;
  ByteArray<32> request{};  // stands for all that would be evaluated
  uint32_t period = 0;
  uint64_t bytes = 0;
};
struct TokensCounted {
  Code code = Code::kOk;  // kQuotaExceeded; kNotFound
};

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_TOKEN_OPS_H_
