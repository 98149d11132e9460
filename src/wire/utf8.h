#ifndef PAWL_WIRE_UTF8_H_
#define PAWL_WIRE_UTF8_H_

#include <string_view>

namespace pawl::wire {

// True when `text` is well-formed UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
bool IsUtf8(std::string_view text);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_UTF8_H_
