#include "support/hex.h"

#include <gtest/gtest.h>

namespace pawl::test {
namespace {

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string ToHex(ByteView bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Bytes FromHex(std::string_view text) {
  Bytes bytes;
  if (text.size() % 2 != 0) ADD_FAILURE() << "odd number of hex digits";
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = Digit(text[i]);
    const int low = Digit(text[i + 1]);
    if (high < 0 || low < 0) {
      ADD_FAILURE() << "not hex: " << text.substr(i, 2);
      return {};
    }
    bytes.push_back(static_cast<uint8_t>(high << 4 | low));
  }
  return bytes;
}

void ReportWrongSize(size_t expected, size_t actual) {
  ADD_FAILURE() << "expected " << expected << " bytes, got " << actual;
}

}  // namespace pawl::test
