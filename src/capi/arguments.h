#ifndef PAWL_CAPI_ARGUMENTS_H_
#define PAWL_CAPI_ARGUMENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"

// What every function checks about its arguments, once.
namespace pawl::capi {

// The longest that several functions take.
constexpr size_t kMaxPath = 4096;
constexpr size_t kMaxPassphrase = 1024;

// A byte input. kInvalidArgument when it is null and not empty.
absl::StatusOr<ByteView> BytesIn(const uint8_t* bytes, size_t size);
// A text input of 1 to `max` bytes of UTF-8. kInvalidArgument.
absl::StatusOr<std::string_view> TextIn(const char* text, size_t max);
// The same where null and "" mean none.
absl::StatusOr<std::string_view> OptionalTextIn(const char* text, size_t max);
// A secret input of exactly `size` bytes.
absl::StatusOr<ByteView> ExactBytesIn(const uint8_t* bytes, size_t size, size_t wanted);

// `out` may be null only when there is no room in it.
absl::Status CheckOut(const void* out, size_t out_cap, const size_t* out_len);
// kBufferTooSmall with *out_len = needed unless `needed` bytes fit.
absl::Status CheckRoom(size_t needed, size_t out_cap, size_t* out_len);
// Copies all of `bytes`, or nothing: kBufferTooSmall.
absl::Status BytesOut(ByteView bytes, uint8_t* out, size_t out_cap, size_t* out_len);
// The same with a NUL at the end.
absl::Status TextOut(std::string_view text, char* out, size_t out_cap, size_t* out_len);

template <typename T>
absl::Status ClearOut(T* out) {
  if (out == nullptr) return Fail(Code::kInvalidArgument, "an output is null");
  *out = T{};
  return OkStatus();
}

absl::Status CheckStruct(const void* bytes, uint32_t size, size_t baseline, size_t known);

// An options struct as this library knows it. `baseline` is the frozen end of its first release:
// older callers than that do not exist; bytes of newer callers that we do not know must be zero.
template <typename T>
absl::StatusOr<T> StructIn(const T* in, size_t baseline) {
  if (in == nullptr) return Fail(Code::kInvalidArgument, "a struct is null");
  uint32_t size = 0;
  std::memcpy(&size, in, sizeof(size));
  PAWL_TRY(CheckStruct(in, size, baseline, sizeof(T)));
  T copy{};
  std::memcpy(&copy, in, std::min<size_t>(size, sizeof(T)));
  copy.struct_size = sizeof(T);
  return copy;
}

// Fills in a result struct as far as the caller's version of it goes.
template <typename T>
absl::Status StructOut(T value, T* out, size_t baseline) {
  if (out == nullptr) return Fail(Code::kInvalidArgument, "a struct is null");
  uint32_t size = 0;
  std::memcpy(&size, out, sizeof(size));
  if (size < baseline) return Fail(Code::kInvalidArgument, "struct_size is too small");
  value.struct_size = size;
  std::memcpy(out, &value, std::min<size_t>(size, sizeof(T)));
  return OkStatus();
}

// Where the first release of a struct ends. Never changed.
#define PAWL_BASELINE(type, last) (offsetof(type, last) + sizeof(type::last))

}  // namespace pawl::capi

#endif  // PAWL_CAPI_ARGUMENTS_H_
