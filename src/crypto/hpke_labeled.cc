#include "crypto/hpke_labeled.h"

#include <sodium.h>

namespace pawl::crypto {
namespace {

constexpr std::string_view kVersion = "HPKE-v1";

ByteArray<2> BigEndian16(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}

}  // namespace

// labeled_ikm = concat("HPKE-v1", suite_id, label, ikm)
Prk256 LabeledExtract(ByteView suite_id, ByteView salt, std::string_view label, ByteView ikm) {
  return HkdfSha256Extract(salt, {AsBytes(kVersion), suite_id, AsBytes(label), ikm});
}

// labeled_info = concat(I2OSP(L, 2), "HPKE-v1", suite_id, label, info)
absl::Status LabeledExpand(ByteView suite_id, const Prk256& prk, std::string_view label,
                           std::initializer_list<ByteView> info_parts, MutableByteView out) {
  const ByteArray<2> length = BigEndian16(out.size());
  Bytes labeled_info(length.begin(), length.end());
  const auto append = [&labeled_info](ByteView part) {
    labeled_info.insert(labeled_info.end(), part.begin(), part.end());
  };
  append(AsBytes(kVersion));
  append(suite_id);
  append(AsBytes(label));
  for (ByteView part : info_parts) append(part);
  return HkdfSha256Expand(prk, labeled_info, out);
}

// ikm || "HPKE-v1" || suite_id || len16(label) || label || I2OSP(L, 2) || context
void LabeledDeriveShake256(ByteView suite_id, std::string_view label, ByteView ikm,
                           MutableByteView out) {
  const ByteArray<2> label_length = BigEndian16(label.size());
  const ByteArray<2> length = BigEndian16(out.size());
  crypto_xof_shake256_state state;
  crypto_xof_shake256_init(&state);
  for (ByteView part : {ikm, AsBytes(kVersion), suite_id, ByteView(label_length), AsBytes(label),
                        ByteView(length)}) {
    crypto_xof_shake256_update(&state, part.data(), part.size());
  }
  crypto_xof_shake256_squeeze(&state, out.data(), out.size());
  sodium_memzero(&state, sizeof state);
}

}  // namespace pawl::crypto
