#include "client/engine/content_view.h"

#include "wire/content.h"

namespace pawl::client {
namespace {

namespace fb = wire::fb;

std::string_view Text(const flatbuffers::String* text) {
  return text ? wire::ToText(*text) : std::string_view();
}
ByteView Data(const flatbuffers::Vector<uint8_t>* data) {
  return data ? wire::ToView(*data) : ByteView();
}

AttachmentView ViewOf(const fb::Attachment& a) {
  return {.size = a.size(),
          .name = Text(a.name()),
          .media_type = Text(a.media_type()),
          .thumbnail = Data(a.thumbnail()),
          .caption = Text(a.caption())};
}

LocationView ViewOf(const fb::Location& l) {
  return {l.latitude(), l.longitude(), l.accuracy_m(), Text(l.label())};
}

decltype(ContentView::body) BodyOf(const fb::Content& content) {
  if (const auto* b = content.body_as_Text()) return TextView{Text(b->text())};
  if (const auto* b = content.body_as_Reply()) {
    return ReplyView{wire::ToMessageId(*b->to()), Text(b->text())};
  }
  if (const auto* b = content.body_as_Edit()) {
    return EditView{wire::ToMessageId(*b->of()), Text(b->text())};
  }
  if (const auto* b = content.body_as_Delete()) return DeleteView{wire::ToMessageId(*b->of())};
  if (const auto* b = content.body_as_Reaction()) {
    return ReactionView{wire::ToMessageId(*b->to()), Text(b->emoji()), b->removed()};
  }
  if (const auto* b = content.body_as_Attachment()) return ViewOf(*b);
  if (const auto* b = content.body_as_Location()) return ViewOf(*b);
  if (const auto* b = content.body_as_Contact()) {
    return ContactView{Text(b->address()), Text(b->name())};
  }
  if (const auto* b = content.body_as_Custom()) return CustomView{Text(b->type()), Data(b->data())};
  return UnknownView{};
}

}  // namespace

absl::StatusOr<ContentView> ContentView::Parse(ByteView content) {
  PAWL_ASSIGN(const auto verified, wire::VerifyContent(content));
  return ContentView{.id = wire::ToMessageId(*verified->id()),
                     .sent_at = Timestamp{verified->sent_at_ms()},
                     .conversation = wire::ToConversationId(*verified->conversation()),
                     .expires_in_s = verified->expires_in_s(),
                     .body = BodyOf(*verified)};
}

}  // namespace pawl::client
