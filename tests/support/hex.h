#ifndef PAWL_TESTS_SUPPORT_HEX_H_
#define PAWL_TESTS_SUPPORT_HEX_H_

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace pawl::test {

std::string ToHex(ByteView bytes);
// Either case. Anything that is not hex fails the running test and gives no bytes.
Bytes FromHex(std::string_view text);

// The first N bytes; a shorter view fails the running test and is filled up with zeros.
template <size_t N>
ByteArray<N> ArrayOf(ByteView bytes);
template <size_t N>
ByteArray<N> ArrayFromHex(std::string_view text) {
  return ArrayOf<N>(FromHex(text));
}

void ReportWrongSize(size_t expected, size_t actual);

template <size_t N>
ByteArray<N> ArrayOf(ByteView bytes) {
  ByteArray<N> out{};
  if (bytes.size() != N) ReportWrongSize(N, bytes.size());
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_HEX_H_
