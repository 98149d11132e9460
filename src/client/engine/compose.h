#ifndef PAWL_CLIENT_ENGINE_COMPOSE_H_
#define PAWL_CLIENT_ENGINE_COMPOSE_H_

#include "base/status.h"
#include "client/engine/content_view.h"
#include "wire/content_builder.h"

namespace pawl::client {

// The largest text or custom payload of an ordinary message, in bytes; what is larger goes as an
// attachment.
constexpr size_t kMaxInlineBytes = wire::kMaxTextSize;

// Encodes what an app sends; the views are copied. For the caller's thread: no engine is needed,
// the id is chosen (at random) by the caller and the conversation comes from ConversationOf.
// Attachments go through SendFile instead. kTooLarge, kInvalidArgument (not UTF-8, an attachment,
// unknown).
absl::StatusOr<wire::ContentBytes> Compose(const ContentView& content);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_COMPOSE_H_
