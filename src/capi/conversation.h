#ifndef PAWL_CAPI_CONVERSATION_H_
#define PAWL_CAPI_CONVERSATION_H_

#include <atomic>
#include <utility>

#include "capi/client.h"

namespace pawl::capi {

// pawl_conversation: with whom; everything else is the client's.
struct Conversation {
  Conversation(ClientPtr on, identity::Address with)
      : client(std::move(on)), peer(std::move(with)) {}
  // It has one as soon as this store has an account. kWrongState.
  absl::StatusOr<ConversationId> Id() const;

  const ClientPtr client;
  const identity::Address peer;
  std::atomic<bool> closed{false};
};

// kClosed.
absl::StatusOr<std::shared_ptr<Conversation>> OpenConversation(pawl_conversation* conversation);

}  // namespace pawl::capi

#endif  // PAWL_CAPI_CONVERSATION_H_
