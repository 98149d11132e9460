#ifndef PAWL_CONVERSATION_H_
#define PAWL_CONVERSATION_H_

#include "pawl/message.h"
#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** A conversation in a list. */
typedef struct PAWL_VIEW pawl_conversation_info {
  uint32_t struct_size;
  /** Incoming messages after the last one that was marked as read. */
  uint32_t unread;
  /** The same for both sides. */
  pawl_id id;
  /** The contact's address. */
  const char* address;
  /** When its latest message was written here or arrived, by this machine's clock. */
  int64_t last_activity_ms;
} pawl_conversation_info;

/** The conversation with whom `address` names; neither it nor the account need exist yet. It keeps
 * its client alive. */
PAWL_API pawl_status pawl_conversation_open(pawl_client* client, const char* address,
                                            pawl_conversation** out_conversation PAWL_OWNED)
    PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Its id. PAWL_E_WRONG_STATE while this store has no account. */
PAWL_API pawl_status pawl_conversation_id(pawl_conversation* conversation,
                                          pawl_id* out_id) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Sends to all devices of the other side and to our own other ones. The content is copied. The
 * request completes when the message is durable in this store; nothing is promised before. From
 * then on PAWL_EVENT_MESSAGE_STATE tells how far it got. PAWL_E_WOULD_BLOCK, PAWL_E_TOO_LARGE. */
PAWL_API pawl_status pawl_conversation_send(pawl_conversation* conversation,
                                            const pawl_content* content, pawl_id* out_message_id,
                                            uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Sends `text`, UTF-8 of 1 byte to 48 KiB: pawl_conversation_send of PAWL_CONTENT_TEXT. */
PAWL_API pawl_status pawl_conversation_send_text(pawl_conversation* conversation, const char* text,
                                                 pawl_id* out_message_id,
                                                 uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** The user has seen everything up to and including the message `message_id`: unread falls, timers
 * start, our other devices learn it, and the sender gets receipts when it is an accepted contact.
 */
PAWL_API pawl_status pawl_conversation_mark_read(pawl_conversation* conversation,
                                                 const pawl_id* message_id,
                                                 uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Tells the other side by `is_typing` whether the user types. Lost when they are offline. */
PAWL_API pawl_status pawl_conversation_set_typing(pawl_conversation* conversation,
                                                  int32_t is_typing PAWL_BOOL) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Up to `limit` (at most 1,000) messages, oldest first: those just before the one at position
 * `before`, or the latest when it is 0. */
PAWL_API pawl_status
pawl_conversation_history(pawl_conversation* conversation, int64_t before, uint32_t limit,
                          pawl_messages** out_messages PAWL_OWNED) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Ends the use of this object: later calls on it give PAWL_E_CLOSED. The conversation itself, and
 * what it sends, goes on. */
PAWL_API void pawl_conversation_close(pawl_conversation* conversation) PAWL_NOEXCEPT PAWL_CLOSE
    PAWL_SINCE("0.1");
/** Gives the handle back; its client may end with it (pawl_client_release). */
PAWL_API void pawl_conversation_release(pawl_conversation* conversation) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

/** Number of messages; 0 when the handle is bad. */
PAWL_API size_t pawl_messages_count(const pawl_messages* messages) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** The message at `index`, or null. Lives as long as `messages`. */
PAWL_API const pawl_message* pawl_messages_at(const pawl_messages* messages,
                                              size_t index) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** Wipes and frees the page, and with it every message that was read from it. */
PAWL_API void pawl_messages_release(pawl_messages* messages) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

/** All conversations, the latest active first. */
PAWL_API pawl_status pawl_client_conversations(pawl_client* client,
                                               pawl_conversations** out_conversations PAWL_OWNED)
    PAWL_NOEXCEPT PAWL_SINCE("0.1");
/** Number of conversations; 0 when the handle is bad. */
PAWL_API size_t pawl_conversations_count(const pawl_conversations* conversations)
    PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
/** The conversation at `index`, or null. Lives as long as `conversations`. */
PAWL_API const pawl_conversation_info* pawl_conversations_at(
    const pawl_conversations* conversations, size_t index) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** Frees the page, and with it every item that was read from it. */
PAWL_API void pawl_conversations_release(pawl_conversations* conversations) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_CONVERSATION_H_ */
