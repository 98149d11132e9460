#ifndef PAWL_CRYPTO_SECRET_H_
#define PAWL_CRYPTO_SECRET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/rng.h"
#include "base/wipe.h"

namespace pawl::crypto {

using pawl::Wipe;

// True when equal; the time depends on the lengths alone.
bool ConstantTimeEqual(ByteView a, ByteView b);

// N secret bytes of one purpose. Move-only (the moved-from object is wiped), wiped on destruction,
// not printable, not hashable, no operator==. `Expose` is the only reader, so every exposure is one
// search away. Distinct tags are distinct types: a header key cannot be passed where a root key is
// wanted.
template <typename Tag, size_t N>
class Secret {
 public:
  static constexpr size_t kSize = N;

  // Copies; the caller wipes its own copy.
  static Secret From(std::span<const uint8_t, N> bytes) {
    Secret s;
    std::copy(bytes.begin(), bytes.end(), s.bytes_.begin());
    return s;
  }
  static Secret Random(Rng& rng) {
    Secret s;
    rng.Fill(s.bytes_);
    return s;
  }
  // All zero: the "none" input of a KDF, or a target for Writable().
  static Secret Zero() { return Secret(); }

  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { Wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      Wipe(other.bytes_);
    }
    return *this;
  }
  ~Secret() { Wipe(bytes_); }

  Secret Clone() const { return From(bytes_); }
  std::span<const uint8_t, N> Expose() const { return bytes_; }
  std::span<uint8_t, N> Writable() { return bytes_; }
  bool Equals(const Secret& other) const { return ConstantTimeEqual(bytes_, other.bytes_); }

 private:
  Secret() = default;
  ByteArray<N> bytes_{};
};

// Secret bytes of a length known at run time, on the heap, wiped on destruction and on Shrink;
// never reallocated.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(size_t size);  // zero-filled
  static SecretBytes From(ByteView bytes);

  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  SecretBytes Clone() const { return From(Expose()); }
  ByteView Expose() const { return {data_, size_}; }
  MutableByteView Writable() { return {data_, size_}; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Drops and wipes the tail; new_size <= size().
  void Shrink(size_t new_size);

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_SECRET_H_
