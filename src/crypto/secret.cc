#include "crypto/secret.h"

#include <sodium.h>

#include <utility>

namespace pawl::crypto {

bool ConstantTimeEqual(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SecretBytes::SecretBytes(size_t size)
    : data_(size == 0 ? nullptr : new uint8_t[size]()), size_(size), capacity_(size) {}

SecretBytes SecretBytes::From(ByteView bytes) {
  SecretBytes copy(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.data_);
  return copy;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    SecretBytes old(std::move(*this));
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  return *this;
}

SecretBytes::~SecretBytes() {
  Wipe({data_, capacity_});
  delete[] data_;
}

void SecretBytes::Shrink(size_t new_size) {
  if (new_size >= size_) return;
  Wipe({data_ + new_size, size_ - new_size});
  size_ = new_size;
}

}  // namespace pawl::crypto
