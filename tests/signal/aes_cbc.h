#ifndef PAWL_TESTS_SIGNAL_AES_CBC_H_
#define PAWL_TESTS_SIGNAL_AES_CBC_H_

#include "base/bytes.h"
#include "base/status.h"

namespace pawl::signal {

// AES-256-CBC with the padding of PKCS #7, by libcrypto. It authenticates nothing: the caller has
// verified a MAC before it opens. `key` has 32 bytes, `iv` 16 (kInvalidArgument). Open: kMalformed
// when the size or the padding is wrong.
absl::StatusOr<Bytes> AesCbcSeal(ByteView key, ByteView iv, ByteView plaintext);
absl::StatusOr<Bytes> AesCbcOpen(ByteView key, ByteView iv, ByteView ciphertext);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_AES_CBC_H_
