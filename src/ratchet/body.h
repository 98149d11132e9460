#ifndef PAWL_RATCHET_BODY_H_
#define PAWL_RATCHET_BODY_H_

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/secret.h"
#include "ratchet/profile.h"

namespace pawl::ratchet {

// A body is content || zeros || uint32 length of the content, encrypted as one, then the suite's
// tag. The length stands last so that the decrypted body becomes the content by shrinking.
constexpr size_t kLengthSize = 4;

// Seals `content` into `frame_body`, which must be zero-filled and at least content + kLengthSize +
// TagSize bytes; all of it is used. Encrypts in place, allocates nothing.
void SealBody(crypto::Suite suite, const BodyKeys& keys, ByteView associated_data, ByteView content,
              MutableByteView frame_body);

// The content, in wiped memory of its own. kAuthFailed; kMalformed when an authentic body has a
// length or padding that no sender of ours makes.
absl::StatusOr<crypto::SecretBytes> OpenBody(crypto::Suite suite, const BodyKeys& keys,
                                             ByteView associated_data, ByteView frame_body);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_BODY_H_
