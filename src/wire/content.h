#ifndef PAWL_WIRE_CONTENT_H_
#define PAWL_WIRE_CONTENT_H_

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "wire/content_generated.h"
#include "wire/verified.h"

namespace pawl::wire {

// What travels inside the ciphertext (content.fbs). Reading: VerifyContent once, then views.
// Building: content_builder.h.

// Limits of what an app will see, in bytes of UTF-8. The same on both sides: what a builder takes,
// a reader accepts.
constexpr size_t kMaxTextSize = 48 * 1024;
constexpr size_t kMaxCaptionSize = 4 * 1024;
constexpr size_t kMaxNameSize = 255;  // file and display names
constexpr size_t kMaxMediaTypeSize = 127;
constexpr size_t kMaxEmojiSize = 64;
constexpr size_t kMaxLabelSize = 255;
constexpr size_t kMaxAddressSize = 64 + 1 + 253;
constexpr size_t kMaxCustomTypeSize = 127;
constexpr size_t kMaxCustomDataSize = 48 * 1024;
constexpr size_t kMaxThumbnailSize = 16 * 1024;
constexpr size_t kMaxIdsPerContent = 1024;  // receipts and confirmations
constexpr size_t kMaxContentSize = 64 * 1024;
constexpr size_t kDeliveryKeySize = 32;
constexpr uint64_t kMaxSyncVersion = uint64_t{1} << 62;

// Verifies depth, table count and bounds, then every field: ids and keys have their sizes; strings
// are UTF-8 within their limits, without U+0000; a file name has no path separators or control
// characters; coordinates are finite and in range. A body type of a later release passes
// (IsKnownBody is false): its bytes are kept, and shown as unsupported. `bytes` must start at an
// 8-aligned address, else kInvalidArgument (CopyContent mends that). kMalformed, kTooLarge.
absl::StatusOr<Verified<fb::Content>> VerifyContent(ByteView bytes);
bool IsKnownBody(const fb::Content& content);

MessageId ToMessageId(const fb::Id16& id);
ConversationId ToConversationId(const fb::Id16& id);
inline std::string_view ToText(const flatbuffers::String& text) {
  return {text.c_str(), text.size()};
}
inline ByteView ToView(const flatbuffers::Vector<uint8_t>& bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace pawl::wire

#endif  // PAWL_WIRE_CONTENT_H_
