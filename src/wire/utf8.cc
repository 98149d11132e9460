#include "wire/utf8.h"

#include <cstddef>
#include <cstdint>

namespace pawl::wire {
namespace {

// RFC 3629 §4, the table of UTF8-octets: the lead byte fixes the length and the range of the second
// byte; all further bytes are 80..BF.
struct Form {
  size_t length = 0;  // 0: no character starts with this byte
  uint8_t second_low = 0x80;
  uint8_t second_high = 0xBF;
};

Form FormOf(uint8_t lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {0};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace

bool IsUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  size_t at = 0;
  while (at < text.size()) {
    const Form form = FormOf(byte(at));
    if (form.length == 0 || form.length > text.size() - at) return false;
    if (form.length > 1 && (byte(at + 1) < form.second_low || byte(at + 1) > form.second_high)) {
      return false;
    }
    for (size_t i = 2; i < form.length; ++i) {
      if (byte(at + i) < 0x80 || byte(at + i) > 0xBF) return false;
    }
    at += form.length;
  }
  return true;
}

}  // namespace pawl::wire
