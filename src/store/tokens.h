#ifndef PAWL_STORE_TOKENS_H_
#define PAWL_STORE_TOKENS_H_

#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"
#include "store/ids.h"

namespace pawl::store {

// As on the wire (PROTOCOL.md §7).
enum class TokenKind : uint8_t { kSmall = 1, kLarge = 2 };
using TokenMac = crypto::Secret<struct TokenMacTag, 16>;

// A blind quota token of ours: money, and what would join the account that was given it to the blob
// that it paid for.
struct TokenRow {
  ByteArray<16> serial{};
  uint32_t period = 0;
  TokenKind kind = TokenKind::kSmall;
  TokenMac mac = TokenMac::Zero();
};

// Tokens are free, or allotted to one upload, for good: whether the relay has seen them cannot be
// known then. They go with the upload's row.
class Tokens : Gateway {
 public:
  using Gateway::Gateway;
  // Free. kAlreadyExists.
  absl::Status Add(const TokenRow& row);
  absl::StatusOr<uint32_t> CountFree(TokenKind kind);
  // `count` free ones, of the earliest periods first. kNotFound: there are not so many, and nothing
  // is allotted.
  absl::Status Allot(TransferId upload, TokenKind kind, uint32_t count);
  absl::StatusOr<std::vector<TokenRow>> LoadAllotted(TransferId upload);
  absl::Status EraseAllotted(TransferId upload);
  absl::Status EraseFree();
  // Those of periods before this one.
  absl::Status EraseAllottedBefore(TransferId upload, uint32_t period);
  absl::Status EraseFreeBefore(uint32_t period);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_TOKENS_H_
