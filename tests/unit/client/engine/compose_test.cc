#include "client/engine/compose.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

ContentView Around(decltype(ContentView::body) body) {
  ContentView content;
  content.id = MessageId({1});
  content.sent_at = Timestamp{1'900'000'000'000};
  content.conversation = ConversationId({2});
  content.expires_in_s = 60;
  content.body = std::move(body);
  return content;
}

TEST(Compose, EveryKindThatAnAppSendsCanBeReadAgain) {
  const MessageId other({9});
  const std::vector<decltype(ContentView::body)> bodies = {TextView{"grüezi"},
                                                           ReplyView{other, "yes"},
                                                           EditView{other, "no"},
                                                           DeleteView{other},
                                                           ReactionView{other, "🦡", true},
                                                           LocationView{46.9, 7.4, 12, "Bern"},
                                                           ContactView{"bob@example.org", "Bob"},
                                                           CustomView{"app/x", AsBytes("data")}};
  for (const auto& body : bodies) {
    const auto composed = Compose(Around(body));
    ASSERT_THAT(composed, IsOk()) << body.index();
    const auto view = ContentView::Parse(composed->view());
    ASSERT_THAT(view, IsOk());
    EXPECT_EQ(view->body.index(), body.index());
    EXPECT_EQ(view->id, MessageId({1}));
    EXPECT_EQ(view->expires_in_s, 60u);
  }
}

TEST(Compose, RefusesWhatIsNotText) {
  EXPECT_THAT(Compose(Around(TextView{"\xff\xfe"})), HasCode(Code::kInvalidArgument));
  const std::string long_text(kMaxInlineBytes + 1, 'x');
  EXPECT_THAT(Compose(Around(TextView{long_text})), HasCode(Code::kTooLarge));
  EXPECT_THAT(Compose(Around(TextView{std::string_view(long_text).substr(1)})), IsOk());
}

TEST(Compose, FilesAndNothingGoOtherWays) {
  EXPECT_THAT(Compose(Around(AttachmentView{})), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Compose(Around(UnknownView{})), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::client
