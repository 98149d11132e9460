#include "wire/internal/content_fields.h"

#include <algorithm>
#include <cmath>

#include "wire/content.h"
#include "wire/utf8.h"

namespace pawl::wire::internal {
namespace {

constexpr size_t kBlobIdSize = 32;
constexpr size_t kBlobKeySize = 32;
constexpr size_t kRootHashSize = 32;
constexpr size_t kFrankingSize = 32;
constexpr double kMaxLatitude = 90;
constexpr double kMaxLongitude = 180;

using String = flatbuffers::String;
using ByteVector = flatbuffers::Vector<uint8_t>;
using IdVector = flatbuffers::Vector<const fb::Id16*>;

// U+0000 would end the text early wherever it is handed on as a C string.
absl::Status CheckText(const String* text, size_t limit) {
  if (text == nullptr) return OkStatus();
  if (text->size() > limit) return Fail(Code::kTooLarge, "text above limit");
  const std::string_view view = ToText(*text);
  if (view.find('\0') != view.npos || !IsUtf8(view)) {
    return Fail(Code::kMalformed, "text is not UTF-8");
  }
  return OkStatus();
}

// What a peer calls a file may end up as the name of one.
absl::Status CheckFileName(const String* name) {
  PAWL_TRY(CheckText(name, kMaxNameSize));
  if (name == nullptr) return OkStatus();
  const std::string_view view = ToText(*name);
  const bool control = std::any_of(
      view.begin(), view.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; });
  if (control || view.find_first_of("/\\") != view.npos || view == "." || view == "..") {
    return Fail(Code::kMalformed, "file name that is a path");
  }
  return OkStatus();
}

absl::Status CheckAtMost(const ByteVector* bytes, size_t limit) {
  return bytes == nullptr || bytes->size() <= limit ? OkStatus()
                                                    : Fail(Code::kTooLarge, "bytes above limit");
}

absl::Status CheckExactly(const ByteVector* bytes, size_t size) {
  return bytes == nullptr || bytes->size() == size ? OkStatus()
                                                   : Fail(Code::kMalformed, "bytes of wrong size");
}

absl::Status CheckIds(const IdVector* ids) {
  return ids->size() <= kMaxIdsPerContent ? OkStatus() : Fail(Code::kTooLarge, "too many ids");
}

absl::Status Check(const fb::Text& body) { return CheckText(body.text(), kMaxTextSize); }
absl::Status Check(const fb::Reply& body) { return CheckText(body.text(), kMaxTextSize); }
absl::Status Check(const fb::Edit& body) { return CheckText(body.text(), kMaxTextSize); }
absl::Status Check(const fb::Reaction& body) { return CheckText(body.emoji(), kMaxEmojiSize); }

absl::Status Check(const fb::Receipt& body) {
  if (body.kind() < fb::ReceiptKind::MIN || body.kind() > fb::ReceiptKind::MAX) {
    return Fail(Code::kMalformed, "unknown kind of receipt");
  }
  return CheckIds(body.messages());
}

absl::Status Check(const fb::Attachment& body) {
  PAWL_TRY(CheckExactly(body.blob(), kBlobIdSize));
  PAWL_TRY(CheckExactly(body.key(), kBlobKeySize));
  PAWL_TRY(CheckExactly(body.root(), kRootHashSize));
  if (body.padded_size() < body.size()) return Fail(Code::kMalformed, "padding below zero");
  PAWL_TRY(CheckFileName(body.name()));
  PAWL_TRY(CheckText(body.media_type(), kMaxMediaTypeSize));
  PAWL_TRY(CheckAtMost(body.thumbnail(), kMaxThumbnailSize));
  return CheckText(body.caption(), kMaxCaptionSize);
}

// A NaN compares false with everything, so each test says what must be true.
absl::Status Check(const fb::Location& body) {
  const bool valid = std::abs(body.latitude()) <= kMaxLatitude &&
                     std::abs(body.longitude()) <= kMaxLongitude && body.accuracy_m() >= 0 &&
                     std::isfinite(body.accuracy_m());
  if (!valid) return Fail(Code::kMalformed, "location out of range");
  return CheckText(body.label(), kMaxLabelSize);
}

absl::Status Check(const fb::Contact& body) {
  PAWL_TRY(CheckText(body.address(), kMaxAddressSize));
  return CheckText(body.name(), kMaxNameSize);
}

absl::Status Check(const fb::Custom& body) {
  PAWL_TRY(CheckText(body.type(), kMaxCustomTypeSize));
  return CheckAtMost(body.data(), kMaxCustomDataSize);
}

absl::Status Check(const fb::Confirmed& body) { return CheckIds(body.messages()); }
absl::Status Check(const fb::DeliveryKey& body) {
  return CheckExactly(body.key(), kDeliveryKeySize);
}

absl::Status Check(const fb::ContactRequest& body) {
  PAWL_TRY(CheckExactly(body.delivery_key(), kDeliveryKeySize));
  return CheckText(body.name(), kMaxNameSize);
}

absl::Status Check(const fb::ContactAnswer& body) {
  return CheckExactly(body.delivery_key(), kDeliveryKeySize);
}

absl::Status Check(const fb::SyncSent& body) {
  PAWL_TRY(CheckText(body.to(), kMaxAddressSize));
  return CheckAtMost(body.content(), kMaxContentSize);
}

absl::Status Check(const fb::SyncRead& body) { return CheckIds(body.messages()); }

absl::Status Check(const fb::SyncContact& body) {
  PAWL_TRY(CheckText(body.address(), kMaxAddressSize));
  PAWL_TRY(CheckExactly(body.delivery_key(), kDeliveryKeySize));
  if (body.version() > kMaxSyncVersion) return Fail(Code::kMalformed, "version above limit");
  return CheckText(body.name(), kMaxNameSize);
}

absl::Status CheckBody(const fb::Content& content) {
  switch (content.body_type()) {
    case fb::Body::NONE:
      return Fail(Code::kMalformed, "content without a body");
    case fb::Body::Text:
      return Check(*content.body_as_Text());
    case fb::Body::Reply:
      return Check(*content.body_as_Reply());
    case fb::Body::Edit:
      return Check(*content.body_as_Edit());
    case fb::Body::Delete:
      return OkStatus();
    case fb::Body::Reaction:
      return Check(*content.body_as_Reaction());
    case fb::Body::Receipt:
      return Check(*content.body_as_Receipt());
    case fb::Body::Typing:
      return OkStatus();
    case fb::Body::Attachment:
      return Check(*content.body_as_Attachment());
    case fb::Body::Location:
      return Check(*content.body_as_Location());
    case fb::Body::Contact:
      return Check(*content.body_as_Contact());
    case fb::Body::Custom:
      return Check(*content.body_as_Custom());
    case fb::Body::Confirmed:
      return Check(*content.body_as_Confirmed());
    case fb::Body::DeliveryKey:
      return Check(*content.body_as_DeliveryKey());
    case fb::Body::ContactRequest:
      return Check(*content.body_as_ContactRequest());
    case fb::Body::ContactAnswer:
      return Check(*content.body_as_ContactAnswer());
    case fb::Body::SyncSent:
      return Check(*content.body_as_SyncSent());
    case fb::Body::SyncRead:
      return Check(*content.body_as_SyncRead());
    case fb::Body::SyncContact:
      return Check(*content.body_as_SyncContact());
    case fb::Body::Resume:
      return OkStatus();
  }
  return OkStatus();  // of a later release
}

}  // namespace

absl::Status CheckFields(const fb::Content& content) {
  PAWL_TRY(CheckExactly(content.franking(), kFrankingSize));
  return CheckBody(content);
}

}  // namespace pawl::wire::internal
