#include "wire/content_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/counting_allocator.h"
#include "support/matchers.h"

namespace pawl::wire {
namespace {

using ::pawl::test::AllocationCounter;
using ::pawl::test::IsOk;

const Bytes kKey(32, 7);

TEST(ContentBuilder, EveryBodyReadsBackAsItself) {
  const std::vector<MessageId> ids = {MessageId({1}), MessageId({2})};
  Attachment attachment;
  attachment.key = kKey;
  attachment.root = kKey;
  const ContentHeader header;
  const auto type_of = [](const absl::StatusOr<ContentBytes>& content) {
    EXPECT_THAT(content, IsOk());
    const auto verified = VerifyContent(content->view());
    EXPECT_THAT(verified, IsOk());
    return (*verified)->body_type();
  };
  EXPECT_EQ(type_of(Build(header, Text{"x"})), fb::Body::Text);
  EXPECT_EQ(type_of(Build(header, Reply{ids[0], "x"})), fb::Body::Reply);
  EXPECT_EQ(type_of(Build(header, Edit{ids[0], "x"})), fb::Body::Edit);
  EXPECT_EQ(type_of(Build(header, Delete{ids[0]})), fb::Body::Delete);
  EXPECT_EQ(type_of(Build(header, Reaction{ids[0], "x", true})), fb::Body::Reaction);
  EXPECT_EQ(type_of(Build(header, Receipt{fb::ReceiptKind::Read, ids})), fb::Body::Receipt);
  EXPECT_EQ(type_of(Build(header, Typing{true})), fb::Body::Typing);
  EXPECT_EQ(type_of(Build(header, attachment)), fb::Body::Attachment);
  EXPECT_EQ(type_of(Build(header, Location{1, 2, 3, "x"})), fb::Body::Location);
  EXPECT_EQ(type_of(Build(header, Contact{"a@b", "x"})), fb::Body::Contact);
  EXPECT_EQ(type_of(Build(header, Custom{"t", kKey})), fb::Body::Custom);
  EXPECT_EQ(type_of(Build(header, Confirmed{ids})), fb::Body::Confirmed);
  EXPECT_EQ(type_of(Build(header, DeliveryKey{kKey})), fb::Body::DeliveryKey);
  EXPECT_EQ(type_of(Build(header, ContactRequest{kKey, "x"})), fb::Body::ContactRequest);
  EXPECT_EQ(type_of(Build(header, ContactAnswer{true, kKey})), fb::Body::ContactAnswer);
  EXPECT_EQ(type_of(Build(header, SyncSent{"a@b", kKey})), fb::Body::SyncSent);
  EXPECT_EQ(type_of(Build(header, SyncRead{ConversationId(), ids})), fb::Body::SyncRead);
  EXPECT_EQ(type_of(Build(header, SyncContact{"a@b", 1, kKey, "x"})), fb::Body::SyncContact);
}

TEST(ContentBuilder, FieldsOfAnAttachmentReadBack) {
  const Bytes thumbnail(100, 3);
  const Bytes root(32, 8);
  Attachment attachment;
  attachment.blob = BlobId({9});
  attachment.key = kKey;
  attachment.root = root;
  attachment.size = 5'000'000'000;
  attachment.padded_size = 5'100'000'000;
  attachment.name = "film.mp4";
  attachment.media_type = "video/mp4";
  attachment.thumbnail = thumbnail;
  attachment.caption = "look";
  PAWL_ASSERT_OK_AND_ASSIGN(const ContentBytes bytes, Build(ContentHeader(), attachment));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto content, VerifyContent(bytes.view()));
  const fb::Attachment* read = content->body_as_Attachment();
  EXPECT_TRUE(SameBytes(ToView(*read->blob()), *attachment.blob));
  EXPECT_TRUE(SameBytes(ToView(*read->key()), kKey));
  EXPECT_TRUE(SameBytes(ToView(*read->root()), root));
  EXPECT_EQ(read->size(), attachment.size);
  EXPECT_EQ(read->padded_size(), attachment.padded_size);
  EXPECT_EQ(ToText(*read->name()), "film.mp4");
  EXPECT_EQ(ToText(*read->media_type()), "video/mp4");
  EXPECT_TRUE(SameBytes(ToView(*read->thumbnail()), thumbnail));
  EXPECT_EQ(ToText(*read->caption()), "look");
}

TEST(ContentBuilder, MessageIdsReadBackInOrder) {
  const std::vector<MessageId> ids = {MessageId({1}), MessageId({2}), MessageId({3})};
  PAWL_ASSERT_OK_AND_ASSIGN(const ContentBytes bytes,
                            Build(ContentHeader(), Receipt{fb::ReceiptKind::Read, ids}));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto content, VerifyContent(bytes.view()));
  const auto* read = content->body_as_Receipt()->messages();
  ASSERT_EQ(read->size(), ids.size());
  for (uint32_t i = 0; i < read->size(); ++i) EXPECT_EQ(ToMessageId(*read->Get(i)), ids[i]);
}

// The bytes must verify in place, whatever fields happen to be absent and lower the alignment.
TEST(ContentBuilder, EveryLengthOfTextIsAlignedForItsReader) {
  for (size_t size = 0; size < 64; ++size) {
    ContentHeader header;  // sent_at 0 is not stored
    const std::string text(size, 'x');
    PAWL_ASSERT_OK_AND_ASSIGN(const ContentBytes bytes, Build(header, Text{text}));
    EXPECT_THAT(VerifyContent(bytes.view()), IsOk());
  }
}

TEST(ContentBuilder, OneMessageSizedAllocation) {
  const std::string text(10'000, 'x');
  const std::vector<MessageId> ids(kMaxIdsPerContent);
  AllocationCounter counter(1000);
  const auto content = Build(ContentHeader(), Text{text});
  EXPECT_EQ(counter.count(), 1u);
  const auto receipt = Build(ContentHeader(), Receipt{fb::ReceiptKind::Read, ids});
  EXPECT_EQ(counter.count(), 2u);
  EXPECT_THAT(content, IsOk());
  EXPECT_THAT(receipt, IsOk());
}

TEST(ContentBuilder, TheInnerContentOfASyncIsByteForByteWhatWasSent) {
  PAWL_ASSERT_OK_AND_ASSIGN(const ContentBytes inner, Build(ContentHeader(), Text{"hello"}));
  PAWL_ASSERT_OK_AND_ASSIGN(const ContentBytes outer,
                            Build(ContentHeader(), SyncSent{"a@b", inner.view()}));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto content, VerifyContent(outer.view()));
  const ContentBytes copy = CopyContent(ToView(*content->body_as_SyncSent()->content()));
  EXPECT_TRUE(SameBytes(copy.view(), inner.view()));
  EXPECT_THAT(VerifyContent(copy.view()), IsOk());
}

}  // namespace
}  // namespace pawl::wire
