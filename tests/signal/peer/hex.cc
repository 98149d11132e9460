#include "peer/hex.h"

namespace pawl::signal {
namespace {

// 16 for what is no digit.
constexpr size_t DigitOf(char c) {
  constexpr std::string_view lower = "0123456789abcdef", upper = "0123456789ABCDEF";
  const size_t found = lower.find(c);
  return found != lower.npos ? found : std::min<size_t>(upper.find(c), 16);
}

}  // namespace

std::string ToHex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

absl::StatusOr<Bytes> FromHex(std::string_view text) {
  Bytes bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const size_t high = DigitOf(text[i]);
    const size_t low = i + 1 < text.size() ? DigitOf(text[i + 1]) : 16;
    if (high > 15 || low > 15) return Fail(Code::kInvalidArgument, "no hex");
    bytes.push_back(static_cast<uint8_t>(high * 16 + low));
  }
  return bytes;
}

}  // namespace pawl::signal
