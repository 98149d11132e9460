#include "client/engine/content_view.h"

#include <gtest/gtest.h>

#include "client/engine/compose.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "wire/content_builder.h"

namespace pawl::client {
namespace {

using test::IsOk;

const wire::ContentHeader kHeader{.id = MessageId({1}),
                                  .sent_at = Timestamp{1'900'000'000'000},
                                  .conversation = ConversationId({2})};

TEST(ContentView, ShowsTheFieldsAsTheyWereSent) {
  const auto content = wire::Build(kHeader, wire::Reply{MessageId({7}), "so it is"});
  ASSERT_THAT(content, IsOk());
  const auto view = ContentView::Parse(content->view());
  ASSERT_THAT(view, IsOk());
  const auto* reply = std::get_if<ReplyView>(&view->body);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->to, MessageId({7}));
  EXPECT_EQ(reply->text, "so it is");
  EXPECT_EQ(view->sent_at, kHeader.sent_at);
  EXPECT_EQ(view->conversation, kHeader.conversation);
}

TEST(ContentView, AnAttachmentShowsNeitherKeyNorPlace) {
  wire::Attachment file;
  const ByteArray<32> key{3}, root{4};
  file.blob = BlobId(ByteArray<32>{2});
  file.key = key;
  file.root = root;
  file.size = 5;
  file.padded_size = 4096;
  file.name = "badger.png";
  file.caption = "look";
  const auto content = wire::Build(kHeader, file);
  ASSERT_THAT(content, IsOk());
  const auto view = ContentView::Parse(content->view());
  ASSERT_THAT(view, IsOk());
  const auto* shown = std::get_if<AttachmentView>(&view->body);
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->size, 5u);
  EXPECT_EQ(shown->name, "badger.png");
  EXPECT_EQ(shown->caption, "look");
  EXPECT_TRUE(shown->media_type.empty());
}

TEST(ContentView, AutomaticMessagesAreNotForApps) {
  const std::vector<MessageId> ids = {MessageId({1})};
  const auto content = wire::Build(kHeader, wire::Confirmed{ids});
  ASSERT_THAT(content, IsOk());
  const auto view = ContentView::Parse(content->view());
  ASSERT_THAT(view, IsOk());
  EXPECT_TRUE(std::holds_alternative<UnknownView>(view->body));
}

TEST(ContentView, DamagedContentIsRefusedOrReadInBounds) {
  constexpr size_t kPadding = 8;
  const auto content = wire::Build(kHeader, wire::Text{"all's well"});
  ASSERT_THAT(content, IsOk());
  const Bytes whole = ToBytes(content->view());
  for (size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    const auto view = ContentView::Parse(cut);
    if (!view.ok()) continue;
    // Nothing but FlatBuffers' padding behind the text may be missing.
    EXPECT_GT(length + kPadding, whole.size());
    EXPECT_EQ(std::get<TextView>(view->body).text, "all's well");
  }
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes flipped = whole;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    const auto view = ContentView::Parse(flipped);  // ASan watches where it reads
    if (!view.ok()) {
      EXPECT_EQ(CodeOf(view.status()), Code::kMalformed);
    }
  }
}

}  // namespace
}  // namespace pawl::client
