#ifndef PAWL_WIRE_TOKENS_H_
#define PAWL_WIRE_TOKENS_H_

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"

namespace pawl::wire {

// Blind quota tokens (PROTOCOL.md §7): what pays for a blob on a connection that says nobody's
// name.

enum class TokenKind : uint8_t { kSmall = 1, kLarge = 2 };
constexpr uint64_t kSmallToken = uint64_t{1} << 20;  // bytes of a blob that it pays for
constexpr uint64_t kLargeToken = uint64_t{64} << 20;
constexpr uint64_t ValueOf(TokenKind kind) {
  return kind == TokenKind::kLarge ? kLargeToken : kSmallToken;
}

// An account's quota is counted, and keys are good, by periods of the relay's clock. The tokens of
// a period are taken for a while in the next one.
constexpr Duration kTokenPeriod = Days(30);
constexpr Duration kTokenOverlap = Days(7);
constexpr uint32_t PeriodAt(Timestamp now) {
  return now.ms < 0 ? 0 : static_cast<uint32_t>(now.ms / kTokenPeriod.ms);
}
constexpr Timestamp EndOf(uint32_t period) {
  return Timestamp{(int64_t{period} + 1) * kTokenPeriod.ms};
}
constexpr bool IsTaken(uint32_t period, Timestamp now) {
  return period == PeriodAt(now) ||
         (period + 1 == PeriodAt(now) && now < EndOf(period) + kTokenOverlap);
}
// The first period of which they are.
constexpr uint32_t FirstTaken(Timestamp now) {
  const uint32_t period = PeriodAt(now);
  return period > 0 && IsTaken(period - 1, now) ? period - 1 : period;
}

constexpr size_t kMaxTokensPerIssue = 64;
// Enough for 4 GiB: 63 large ones and 64 small ones.
constexpr size_t kMaxTokensPerBlob = 127;
constexpr size_t kTokenElementSize = 32;

// How many of each pay for a blob, the fewest that do. kTooLarge: more than kMaxTokensPerBlob.
struct TokenCounts {
  size_t small = 0;
  size_t large = 0;
};
absl::StatusOr<TokenCounts> TokensFor(uint64_t size);

// period[4] big-endian, kind[1], serial[16], mac[16]. The serial is the VOPRF's input, the mac the
// first quarter of its output.
struct Token {
  uint32_t period = 0;
  TokenKind kind = TokenKind::kSmall;
  ByteArray<16> serial{};
  ByteArray<16> mac{};
  friend bool operator==(const Token&, const Token&) = default;
};
constexpr size_t kTokenSize = 4 + 1 + 16 + 16;
void AppendToken(const Token& token, Bytes& out);
// kMalformed: not whole tokens, an unknown kind, or more than kMaxTokensPerBlob.
absl::StatusOr<std::vector<Token>> ParseTokens(ByteView bytes);

// What the VOPRF keys are derived from besides the relay's seed, and what an upload's secret is
// hashed with to give its owner.
constexpr std::string_view kTokenKeyLabel = "pawl blob token v1";
constexpr std::string_view kBlobOwnerLabel = "pawl blob owner v1";

}  // namespace pawl::wire

#endif  // PAWL_WIRE_TOKENS_H_
