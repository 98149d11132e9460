#include "capi/arguments.h"

namespace pawl::capi {
namespace {

// One code point of UTF-8 (Unicode 15, table 3-7); 0 when it is none.
size_t CodePointSize(ByteView rest) {
  const uint8_t lead = rest[0];
  if (lead < 0x80) return 1;
  size_t size = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3;
    if (lead == 0xE0) low = 0xA0;   // overlong
    if (lead == 0xED) high = 0x9F;  // surrogates
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4;
    if (lead == 0xF0) low = 0x90;   // overlong
    if (lead == 0xF4) high = 0x8F;  // above U+10FFFF
  }
  if (size == 0 || rest.size() < size || rest[1] < low || rest[1] > high) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (rest[i] < 0x80 || rest[i] > 0xBF) return 0;
  }
  return size;
}

bool IsUtf8(ByteView text) {
  while (!text.empty()) {
    const size_t size = CodePointSize(text);
    if (size == 0) return false;
    text = text.subspan(size);
  }
  return true;
}

}  // namespace

absl::StatusOr<ByteView> BytesIn(const uint8_t* bytes, size_t size) {
  if (bytes == nullptr && size != 0) return Fail(Code::kInvalidArgument, "an input is null");
  return ByteView(bytes, size);
}

absl::StatusOr<ByteView> ExactBytesIn(const uint8_t* bytes, size_t size, size_t wanted) {
  if (bytes == nullptr || size != wanted) {
    return Fail(Code::kInvalidArgument, "an input has the wrong size");
  }
  return ByteView(bytes, size);
}

absl::StatusOr<std::string_view> OptionalTextIn(const char* text, size_t max) {
  if (text == nullptr) return std::string_view();
  const size_t size = ::strnlen(text, max + 1);
  if (size > max) return Fail(Code::kTooLarge, "a text is too long");
  const std::string_view view(text, size);
  if (!IsUtf8(AsBytes(view))) return Fail(Code::kInvalidArgument, "a text is not UTF-8");
  return view;
}

absl::StatusOr<std::string_view> TextIn(const char* text, size_t max) {
  PAWL_ASSIGN(const std::string_view view, OptionalTextIn(text, max));
  if (view.empty()) return Fail(Code::kInvalidArgument, "a text is null or empty");
  return view;
}

absl::Status CheckOut(const void* out, size_t out_cap, const size_t* out_len) {
  if (out_len == nullptr || (out == nullptr && out_cap != 0)) {
    return Fail(Code::kInvalidArgument, "an output is null");
  }
  return OkStatus();
}

absl::Status CheckRoom(size_t needed, size_t out_cap, size_t* out_len) {
  if (out_cap >= needed) return OkStatus();
  *out_len = needed;
  return Fail(Code::kBufferTooSmall, "the output buffer is too small");
}

absl::Status BytesOut(ByteView bytes, uint8_t* out, size_t out_cap, size_t* out_len) {
  PAWL_TRY(CheckOut(out, out_cap, out_len));
  PAWL_TRY(CheckRoom(bytes.size(), out_cap, out_len));
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  *out_len = bytes.size();
  return OkStatus();
}

absl::Status TextOut(std::string_view text, char* out, size_t out_cap, size_t* out_len) {
  PAWL_TRY(CheckOut(out, out_cap, out_len));
  PAWL_TRY(CheckRoom(text.size() + 1, out_cap, out_len));
  std::memcpy(out, text.data(), text.size());
  out[text.size()] = '\0';
  *out_len = text.size() + 1;
  return OkStatus();
}

absl::Status CheckStruct(const void* bytes, uint32_t size, size_t baseline, size_t known) {
  // Every struct ends on 8 bytes, so a size that cuts a field in two is nobody's sizeof.
  constexpr uint32_t kSane = 4096;
  if (size < baseline || size > kSane || size % 8 != 0) {
    return Fail(Code::kInvalidArgument, "struct_size is none of this struct");
  }
  const auto* begin = static_cast<const uint8_t*>(bytes);
  for (size_t i = known; i < size; ++i) {
    if (begin[i] != 0) return Fail(Code::kInvalidArgument, "a struct asks for more than is known");
  }
  return OkStatus();
}

}  // namespace pawl::capi
