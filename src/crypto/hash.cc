#include "crypto/hash.h"

#include <sodium.h>

namespace pawl::crypto {

Hash32 Blake2b256(std::initializer_list<ByteView> parts) {
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, 32);
  for (ByteView part : parts) crypto_generichash_blake2b_update(&state, part.data(), part.size());
  Hash32 out;
  crypto_generichash_blake2b_final(&state, out.data(), out.size());
  return out;
}

Hash32 Sha256(std::initializer_list<ByteView> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (ByteView part : parts) crypto_hash_sha256_update(&state, part.data(), part.size());
  Hash32 out;
  crypto_hash_sha256_final(&state, out.data());
  return out;
}

Hash64 Sha512(std::initializer_list<ByteView> parts) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (ByteView part : parts) crypto_hash_sha512_update(&state, part.data(), part.size());
  Hash64 out;
  crypto_hash_sha512_final(&state, out.data());
  return out;
}

Hash32 Sha3_256(std::initializer_list<ByteView> parts) {
  crypto_hash_sha3256_state state;
  crypto_hash_sha3256_init(&state);
  for (ByteView part : parts) crypto_hash_sha3256_update(&state, part.data(), part.size());
  Hash32 out;
  crypto_hash_sha3256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);  // the other hashes' final calls wipe their states
  return out;
}

Hash32 HmacSha256(ByteView key, std::initializer_list<ByteView> parts) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  for (ByteView part : parts) crypto_auth_hmacsha256_update(&state, part.data(), part.size());
  Hash32 out;
  crypto_auth_hmacsha256_final(&state, out.data());
  return out;
}

Hash64 HmacSha512(ByteView key, std::initializer_list<ByteView> parts) {
  crypto_auth_hmacsha512_state state;
  crypto_auth_hmacsha512_init(&state, key.data(), key.size());
  for (ByteView part : parts) crypto_auth_hmacsha512_update(&state, part.data(), part.size());
  Hash64 out;
  crypto_auth_hmacsha512_final(&state, out.data());
  return out;
}

struct Blake2bStream::State {
  crypto_generichash_blake2b_state blake2b;
};

Blake2bStream::Blake2bStream() : state_(std::make_unique<State>()) { Reset(); }
Blake2bStream::~Blake2bStream() = default;
Blake2bStream::Blake2bStream(Blake2bStream&&) noexcept = default;
Blake2bStream& Blake2bStream::operator=(Blake2bStream&&) noexcept = default;

void Blake2bStream::Reset() { crypto_generichash_blake2b_init(&state_->blake2b, nullptr, 0, 32); }

void Blake2bStream::Update(ByteView bytes) {
  crypto_generichash_blake2b_update(&state_->blake2b, bytes.data(), bytes.size());
}

Hash32 Blake2bStream::Finish() {
  Hash32 out;
  crypto_generichash_blake2b_final(&state_->blake2b, out.data(), out.size());
  Reset();
  return out;
}

}  // namespace pawl::crypto
