#ifndef PAWL_BASE_BYTES_H_
#define PAWL_BASE_BYTES_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {

// Borrowed bytes. A view never outlives the call it is passed to unless the callee's comment says
// otherwise.
using ByteView = std::span<const uint8_t>;
using MutableByteView = std::span<uint8_t>;

// Owned bytes that are NOT secret (ciphertext, public keys, encodings). Secrets live in
// crypto::Secret and crypto::SecretBytes, which wipe.
using Bytes = std::vector<uint8_t>;

template <size_t N>
using ByteArray = std::array<uint8_t, N>;

inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes ToBytes(ByteView view) { return Bytes(view.begin(), view.end()); }

// Not constant time: for public values only. Secrets are compared with crypto::ConstantTimeEqual.
inline bool SameBytes(ByteView a, ByteView b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace pawl

#endif  // PAWL_BASE_BYTES_H_
