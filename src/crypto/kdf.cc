#include "crypto/kdf.h"

#include <sodium.h>

namespace pawl::crypto {
namespace {

using Prk512 = Secret<struct Prk512Tag, 64>;

constexpr size_t kBlake2bLeast = 16;
constexpr size_t kBlake2bMost = 64;
static_assert(crypto_generichash_blake2b_BYTES_MIN == kBlake2bLeast);
static_assert(crypto_generichash_blake2b_BYTES_MAX == kBlake2bMost);
static_assert(crypto_generichash_blake2b_KEYBYTES_MIN == kBlake2bLeast);
static_assert(crypto_generichash_blake2b_KEYBYTES_MAX == kBlake2bMost);

bool IsBlake2bSize(size_t size) { return size >= kBlake2bLeast && size <= kBlake2bMost; }

Prk512 HkdfSha512Extract(ByteView salt, ByteView ikm) {
  crypto_kdf_hkdf_sha512_state state;
  crypto_kdf_hkdf_sha512_extract_init(&state, salt.data(), salt.size());
  crypto_kdf_hkdf_sha512_extract_update(&state, ikm.data(), ikm.size());
  Prk512 prk = Prk512::Zero();
  crypto_kdf_hkdf_sha512_extract_final(&state, prk.Writable().data());
  return prk;
}

}  // namespace

Prk256 HkdfSha256Extract(ByteView salt, std::initializer_list<ByteView> ikm_parts) {
  crypto_kdf_hkdf_sha256_state state;
  crypto_kdf_hkdf_sha256_extract_init(&state, salt.data(), salt.size());
  for (ByteView part : ikm_parts) {
    crypto_kdf_hkdf_sha256_extract_update(&state, part.data(), part.size());
  }
  Prk256 prk = Prk256::Zero();
  crypto_kdf_hkdf_sha256_extract_final(&state, prk.Writable().data());
  return prk;
}

Prk256 HkdfSha256Extract(ByteView salt, ByteView ikm) { return HkdfSha256Extract(salt, {ikm}); }

absl::Status HkdfSha256Expand(const Prk256& prk, ByteView info, MutableByteView out) {
  if (out.size() > crypto_kdf_hkdf_sha256_BYTES_MAX) {
    return Fail(Code::kInvalidArgument, "HKDF-SHA-256 output longer than 255 hashes");
  }
  if (out.empty()) return OkStatus();
  crypto_kdf_hkdf_sha256_expand(out.data(), out.size(), AsText(info).data(), info.size(),
                                prk.Expose().data());
  return OkStatus();
}

absl::Status HkdfSha256(ByteView salt, ByteView ikm, ByteView info, MutableByteView out) {
  return HkdfSha256Expand(HkdfSha256Extract(salt, ikm), info, out);
}

absl::Status HkdfSha512(ByteView salt, ByteView ikm, ByteView info, MutableByteView out) {
  if (out.size() > crypto_kdf_hkdf_sha512_BYTES_MAX) {
    return Fail(Code::kInvalidArgument, "HKDF-SHA-512 output longer than 255 hashes");
  }
  if (out.empty()) return OkStatus();
  const Prk512 prk = HkdfSha512Extract(salt, ikm);
  crypto_kdf_hkdf_sha512_expand(out.data(), out.size(), AsText(info).data(), info.size(),
                                prk.Expose().data());
  return OkStatus();
}

void Blake2bKeyed(ByteView key, std::initializer_list<ByteView> parts, MutableByteView out) {
  if (!IsBlake2bSize(key.size()) || !IsBlake2bSize(out.size())) {
    if (!out.empty()) randombytes_buf(out.data(), out.size());
    return;
  }
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, key.data(), key.size(), out.size());
  for (ByteView part : parts) crypto_generichash_blake2b_update(&state, part.data(), part.size());
  crypto_generichash_blake2b_final(&state, out.data(), out.size());
}

}  // namespace pawl::crypto
