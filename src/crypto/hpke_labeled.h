#ifndef PAWL_CRYPTO_HPKE_LABELED_H_
#define PAWL_CRYPTO_HPKE_LABELED_H_

#include <initializer_list>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/kdf.h"

namespace pawl::crypto {

// RFC 9180 §4, with HKDF-SHA256. `suite_id` is the KEM's ("KEM" || kem_id) or the whole suite's.
Prk256 LabeledExtract(ByteView suite_id, ByteView salt, std::string_view label, ByteView ikm);
// kInvalidArgument when `out` is longer than 255 hashes.
absl::Status LabeledExpand(ByteView suite_id, const Prk256& prk, std::string_view label,
                           std::initializer_list<ByteView> info_parts, MutableByteView out);

// draft-ietf-hpke-pq, SHAKE256.LabeledDerive with an empty context.
void LabeledDeriveShake256(ByteView suite_id, std::string_view label, ByteView ikm,
                           MutableByteView out);

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_HPKE_LABELED_H_
