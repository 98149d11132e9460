#include "wire/tokens.h"

#include <algorithm>

namespace pawl::wire {

absl::StatusOr<TokenCounts> TokensFor(uint64_t size) {
  constexpr uint64_t kMost = kMaxTokensPerBlob * kLargeToken;
  if (size > kMost) return Fail(Code::kTooLarge, "more than tokens can pay for");
  TokenCounts counts;
  counts.large = size / kLargeToken;
  const uint64_t rest = size % kLargeToken;
  counts.small = (rest + kSmallToken - 1) / kSmallToken;
  if (counts.small + counts.large > kMaxTokensPerBlob) {
    return Fail(Code::kTooLarge, "more than tokens can pay for");
  }
  return counts;
}

void AppendToken(const Token& token, Bytes& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(token.period >> shift));
  }
  out.push_back(static_cast<uint8_t>(token.kind));
  out.insert(out.end(), token.serial.begin(), token.serial.end());
  out.insert(out.end(), token.mac.begin(), token.mac.end());
}

absl::StatusOr<std::vector<Token>> ParseTokens(ByteView bytes) {
  if (bytes.size() % kTokenSize != 0 || bytes.size() > kMaxTokensPerBlob * kTokenSize) {
    return Fail(Code::kMalformed, "not whole tokens");
  }
  std::vector<Token> tokens;
  for (; !bytes.empty(); bytes = bytes.subspan(kTokenSize)) {
    Token& token = tokens.emplace_back();
    for (size_t i = 0; i < 4; ++i) token.period = token.period << 8 | bytes[i];
    token.kind = static_cast<TokenKind>(bytes[4]);
    if (token.kind != TokenKind::kSmall && token.kind != TokenKind::kLarge) {
      return Fail(Code::kMalformed, "unknown kind of token");
    }
    std::copy_n(bytes.begin() + 5, token.serial.size(), token.serial.begin());
    std::copy_n(bytes.begin() + 21, token.mac.size(), token.mac.begin());
  }
  return tokens;
}

}  // namespace pawl::wire
