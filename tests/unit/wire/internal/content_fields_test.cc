#include "wire/internal/content_fields.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/matchers.h"
#include "wire/content_builder.h"

namespace pawl::wire {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

// A builder refuses exactly what CheckFields refuses; kMalformed reads as the caller's mistake
// there.
template <typename Body>
absl::Status Check(const Body& body) {
  return Build(ContentHeader(), body).status();
}

std::string Long(size_t size) { return std::string(size, 'x'); }

Attachment SomeAttachment() {
  static const Bytes key(32, 1);
  Attachment attachment;
  attachment.key = key;
  attachment.root = key;
  attachment.size = 10;
  attachment.padded_size = 16;
  attachment.name = "picture.png";
  return attachment;
}

TEST(ContentFields, TextUpToTheLimitAndNoFurther) {
  EXPECT_THAT(Check(Text{Long(kMaxTextSize)}), IsOk());
  EXPECT_THAT(Check(Text{Long(kMaxTextSize + 1)}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Reply{MessageId(), Long(kMaxTextSize + 1)}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Edit{MessageId(), Long(kMaxTextSize + 1)}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Reaction{MessageId(), Long(kMaxEmojiSize + 1)}), HasCode(Code::kTooLarge));
}

TEST(ContentFields, TextIsUtf8WithoutNul) {
  EXPECT_THAT(Check(Text{"gr\xC3\xBC\xC3\x9F"}), IsOk());
  EXPECT_THAT(Check(Text{"\xC3"}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Text{std::string_view("a\0b", 3)}), HasCode(Code::kInvalidArgument));
}

TEST(ContentFields, AFileNameIsNotAPath) {
  EXPECT_THAT(Check(SomeAttachment()), IsOk());
  for (std::string_view name : {"../x", "a/b", "a\\b", ".", "..", "a\nb", "\x7F"}) {
    Attachment attachment = SomeAttachment();
    attachment.name = name;
    EXPECT_THAT(Check(attachment), HasCode(Code::kInvalidArgument)) << name;
  }
}

TEST(ContentFields, AttachmentKeysHaveTheirSizes) {
  const Bytes short_key(31, 1);
  Attachment attachment = SomeAttachment();
  attachment.key = short_key;
  EXPECT_THAT(Check(attachment), HasCode(Code::kInvalidArgument));
  attachment = SomeAttachment();
  attachment.root = short_key;
  EXPECT_THAT(Check(attachment), HasCode(Code::kInvalidArgument));
  attachment = SomeAttachment();
  attachment.padded_size = attachment.size - 1;
  EXPECT_THAT(Check(attachment), HasCode(Code::kInvalidArgument));
  const Bytes large(kMaxThumbnailSize + 1, 1);
  attachment = SomeAttachment();
  attachment.thumbnail = large;
  EXPECT_THAT(Check(attachment), HasCode(Code::kTooLarge));
}

TEST(ContentFields, CoordinatesAreOnEarth) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(Check(Location{-90, 180, 0, "pole"}), IsOk());
  EXPECT_THAT(Check(Location{90.001, 0, 0, ""}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Location{0, -180.001, 0, ""}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Location{kNan, 0, 0, ""}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Location{0, kNan, 0, ""}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Location{0, 0, kInfinity, ""}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Location{0, 0, -1, ""}), HasCode(Code::kInvalidArgument));
}

TEST(ContentFields, IdListsAreBounded) {
  std::vector<MessageId> ids(kMaxIdsPerContent);
  EXPECT_THAT(Check(Receipt{fb::ReceiptKind::Read, ids}), IsOk());
  ids.emplace_back();
  EXPECT_THAT(Check(Receipt{fb::ReceiptKind::Read, ids}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Confirmed{ids}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(SyncRead{ConversationId(), ids}), HasCode(Code::kTooLarge));
}

TEST(ContentFields, AnUnknownKindOfReceiptIsRefused) {
  EXPECT_THAT(Check(Receipt{static_cast<fb::ReceiptKind>(0), {}}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(Receipt{static_cast<fb::ReceiptKind>(9), {}}), HasCode(Code::kInvalidArgument));
}

TEST(ContentFields, DeliveryKeysHave32Bytes) {
  const Bytes key(32, 1);
  const Bytes short_key(16, 1);
  EXPECT_THAT(Check(DeliveryKey{key}), IsOk());
  EXPECT_THAT(Check(DeliveryKey{short_key}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(ContactRequest{short_key, "a"}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(ContactAnswer{true, short_key}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Check(SyncContact{"a@b", 1, short_key, "a"}), HasCode(Code::kInvalidArgument));
}

TEST(ContentFields, VersionsAreBounded) {
  EXPECT_THAT(Check(SyncContact{"a@b", 1, {}, "a", kMaxSyncVersion}), IsOk());
  EXPECT_THAT(Check(SyncContact{"a@b", 1, {}, "a", kMaxSyncVersion + 1}),
              HasCode(Code::kInvalidArgument));
}

TEST(ContentFields, NamesAddressesAndTypesAreBounded) {
  EXPECT_THAT(Check(Contact{Long(kMaxAddressSize + 1), ""}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Contact{"a@b", Long(kMaxNameSize + 1)}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(ContactRequest{{}, Long(kMaxNameSize + 1)}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(SyncSent{Long(kMaxAddressSize + 1), {}}), HasCode(Code::kTooLarge));
  EXPECT_THAT(Check(Custom{Long(kMaxCustomTypeSize + 1), {}}), HasCode(Code::kTooLarge));
  const Bytes large(kMaxCustomDataSize + 1, 1);
  EXPECT_THAT(Check(Custom{"app/x", large}), HasCode(Code::kTooLarge));
}

}  // namespace
}  // namespace pawl::wire
