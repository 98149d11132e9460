#ifndef PAWL_CRYPTO_KDF_H_
#define PAWL_CRYPTO_KDF_H_

#include <initializer_list>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/secret.h"

namespace pawl::crypto {

// RFC 5869. `out` up to 255 hash lengths (8,160 / 16,320 bytes); `salt` may be empty.
// kInvalidArgument when longer.
absl::Status HkdfSha256(ByteView salt, ByteView ikm, ByteView info, MutableByteView out);
absl::Status HkdfSha512(ByteView salt, ByteView ikm, ByteView info, MutableByteView out);
using Prk256 = Secret<struct Prk256Tag, 32>;
Prk256 HkdfSha256Extract(ByteView salt, ByteView ikm);
// The same over the concatenation of `ikm_parts`, so that secrets need not be copied together.
Prk256 HkdfSha256Extract(ByteView salt, std::initializer_list<ByteView> ikm_parts);
absl::Status HkdfSha256Expand(const Prk256& prk, ByteView info, MutableByteView out);

// Keyed BLAKE2b (RFC 7693) over the concatenation of `parts`: out.size() in [16, 64], key.size() in
// [16, 64]. Other sizes are the caller's defect and fill `out` with random bytes: a key that nobody
// has, never one that everybody knows. Allocates nothing.
void Blake2bKeyed(ByteView key, std::initializer_list<ByteView> parts, MutableByteView out);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_KDF_H_
