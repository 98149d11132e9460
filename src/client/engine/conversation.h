#ifndef PAWL_CLIENT_ENGINE_CONVERSATION_H_
#define PAWL_CLIENT_ENGINE_CONVERSATION_H_

#include "base/ids.h"
#include "identity/address.h"

namespace pawl::client {

// The conversation of two accounts: BLAKE2b-256("pawl conversation v1" || the smaller address ||
// the larger) cut to 16 bytes. The same on both sides and on all devices; with oneself it is one's
// notes.
ConversationId ConversationOf(const identity::Address& a, const identity::Address& b);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CONVERSATION_H_
