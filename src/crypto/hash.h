#ifndef PAWL_CRYPTO_HASH_H_
#define PAWL_CRYPTO_HASH_H_

#include <initializer_list>
#include <memory>

#include "base/bytes.h"

namespace pawl::crypto {

using Hash32 = ByteArray<32>;
using Hash64 = ByteArray<64>;

// Unkeyed BLAKE2b-256 / SHA-256 / SHA-512 / SHA3-256 over the concatenation of `parts`.
Hash32 Blake2b256(std::initializer_list<ByteView> parts);
Hash32 Sha256(std::initializer_list<ByteView> parts);
Hash64 Sha512(std::initializer_list<ByteView> parts);
Hash32 Sha3_256(std::initializer_list<ByteView> parts);

// HMAC (RFC 2104).
Hash32 HmacSha256(ByteView key, std::initializer_list<ByteView> parts);
Hash64 HmacSha512(ByteView key, std::initializer_list<ByteView> parts);

// BLAKE2b-256 of a stream fed in pieces. After Finish it is ready for the next stream. Not for
// secrets.
class Blake2bStream {
 public:
  Blake2bStream();
  ~Blake2bStream();
  Blake2bStream(Blake2bStream&&) noexcept;
  Blake2bStream& operator=(Blake2bStream&&) noexcept;
  void Update(ByteView bytes);
  Hash32 Finish();

 private:
  void Reset();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_HASH_H_
