#ifndef PAWL_CLIENT_ENGINE_CONTENT_VIEW_H_
#define PAWL_CLIENT_ENGINE_CONTENT_VIEW_H_

#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"

namespace pawl::client {

// What an app may see of a message, as views into the verified content bytes (a message event's or
// a history row's), which must outlive it. Everything in it is the sender's word: sizes and UTF-8
// are checked, truth is not.
struct TextView {
  std::string_view text{};
};
struct ReplyView {
  MessageId to{};
  std::string_view text{};
};
struct EditView {
  MessageId of{};
  std::string_view text{};
};
struct DeleteView {
  MessageId of{};
};
struct ReactionView {
  MessageId to{};
  std::string_view emoji{};
  bool removed = false;
};
struct AttachmentView {
  uint64_t size = 0;
  std::string_view name{};  // never a path: take its last component at most
  std::string_view media_type{};
  ByteView thumbnail{};
  std::string_view caption{};
};
struct LocationView {
  double latitude = 0;
  double longitude = 0;
  float accuracy_m = 0;
  std::string_view label{};
};
struct ContactView {
  std::string_view address{};
  std::string_view name{};
};
struct CustomView {
  std::string_view type{};
  ByteView data{};
};
// Made by a newer release: shown as "not understood", kept as it is.
struct UnknownView {};

struct ContentView {
  MessageId id{};
  Timestamp sent_at{};
  ConversationId conversation{};
  uint32_t expires_in_s = 0;  // 0: never
  std::variant<UnknownView, TextView, ReplyView, EditView, DeleteView, ReactionView, AttachmentView,
               LocationView, ContactView, CustomView>
      body;

  // Verifies. kMalformed.
  static absl::StatusOr<ContentView> Parse(ByteView content);
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CONTENT_VIEW_H_
