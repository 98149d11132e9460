#ifndef PAWL_WIRE_CONTENT_BUILDER_H_
#define PAWL_WIRE_CONTENT_BUILDER_H_

#include <optional>
#include <span>
#include <string_view>

#include "wire/content.h"

namespace pawl::wire {

// One content, owned, in memory that is wiped when it goes. Move-only. view() is 8-aligned.
class ContentBytes {
 public:
  explicit ContentBytes(flatbuffers::DetachedBuffer buffer) : buffer_(std::move(buffer)) {}
  ByteView view() const { return {buffer_.data(), buffer_.size()}; }

 private:
  flatbuffers::DetachedBuffer buffer_;
};

// A copy at an aligned address, for bytes that came from elsewhere (a SyncSent's inner content, a
// database column).
ContentBytes CopyContent(ByteView bytes);

struct ContentHeader {
  MessageId id;
  Timestamp sent_at;
  ConversationId conversation;
  uint32_t expires_in_s = 0;  // 0: never
};

// One plain struct per body (content.fbs says what each means). They borrow.
struct Text {
  std::string_view text;
};
struct Reply {
  MessageId to;
  std::string_view text;
};
struct Edit {
  MessageId of;
  std::string_view text;
};
struct Delete {
  MessageId of;
};
struct Reaction {
  MessageId to;
  std::string_view emoji;
  bool removed = false;
};
struct Receipt {
  fb::ReceiptKind kind = fb::ReceiptKind::Delivered;
  std::span<const MessageId> messages;
};
struct Typing {
  bool active = false;
};
struct Attachment {
  BlobId blob;
  ByteView key;   // 32 bytes
  ByteView root;  // 32 bytes
  uint64_t size = 0;
  uint64_t padded_size = 0;
  std::string_view name;
  std::string_view media_type;
  ByteView thumbnail;
  std::string_view caption;
};
struct Location {
  double latitude = 0;
  double longitude = 0;
  float accuracy_m = 0;
  std::string_view label;
};
struct Contact {
  std::string_view address;
  std::string_view name;
};
struct Custom {
  std::string_view type;
  ByteView data;
};
struct Confirmed {
  std::span<const MessageId> messages;
};
struct DeliveryKey {
  ByteView key;
};
struct ContactRequest {
  ByteView delivery_key;
  std::string_view name;
};
struct ContactAnswer {
  bool accepted = false;
  ByteView delivery_key;
};
struct SyncSent {
  std::string_view to;
  ByteView content;
};
struct SyncRead {
  ConversationId conversation;
  std::span<const MessageId> messages;
};
struct SyncContact {
  std::string_view address;
  uint8_t state = 0;
  ByteView delivery_key;
  std::string_view name;
  uint64_t version = 0;  // at most kMaxSyncVersion
};

struct Resume {
  std::optional<MessageId> last{};
  bool answer = false;
  uint32_t lost = 0;
};

// One message-sized allocation. What VerifyContent would refuse is refused here: kInvalidArgument,
// kTooLarge.
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Text& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Reply& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Edit& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Delete& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Reaction& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Receipt& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Typing& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Attachment& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Location& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Contact& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Custom& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Confirmed& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const DeliveryKey& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const ContactRequest& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const ContactAnswer& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncSent& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncRead& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncContact& body);
absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Resume& body);

}  // namespace pawl::wire

#endif  // PAWL_WIRE_CONTENT_BUILDER_H_
