#ifndef PAWL_TESTS_UNIT_CRYPTO_MLKEM_CCTV_H_
#define PAWL_TESTS_UNIT_CRYPTO_MLKEM_CCTV_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/hex.h"

namespace pawl::crypto {

constexpr const char* kCctvIntermediate = "mlkem-cctv/intermediate_ML-KEM-768.txt";
constexpr const char* kCctvUnluckySample = "mlkem-cctv/unluckysample_ML-KEM-768.txt";
constexpr const char* kCctvComparison = "mlkem-cctv/strcmp_ML-KEM-768.txt";
constexpr const char* kCctvBadModulus = "mlkem-cctv/modulus_ML-KEM-768.txt.gz";

// The last value of the line "name = ..." (a list may precede it: "v = {2446, ...} = 8ee90b...") if
// it has so many bytes: names occur twice. None fails the running test.
inline Bytes CctvValue(std::string_view text, std::string_view name, size_t size) {
  const std::string start = std::string(name) + " = ";
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(start)) continue;
    const std::string_view value = line.substr(line.rfind(" = ") + 3);
    if (value.size() == 2 * size) return test::FromHex(value);
  }
  ADD_FAILURE() << "no " << name << " of " << size << " bytes";
  return Bytes(size);
}

}  // namespace pawl::crypto

#endif  // PAWL_TESTS_UNIT_CRYPTO_MLKEM_CCTV_H_
