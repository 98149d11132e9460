#ifndef PAWL_EVENT_H_
#define PAWL_EVENT_H_

#include "pawl/message.h"
#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** What happened. Durable events have a seq and come again after a restart until acknowledged;
 * ephemeral ones (from 100 on) have seq 0 and come once. After the dash: the fields that count
 * besides seq and type. New types may appear in any release: skip what you do not know. */
enum PAWL_ANNOTATE("enum") pawl_event_type {
  /** A message arrived, or one of our own from another device - address, message. */
  PAWL_EVENT_MESSAGE = 1,
  /** An outgoing message got further, or failed - address, message_id, state, status. */
  PAWL_EVENT_MESSAGE_STATE = 2,
  /** A receipt: delivered or read - address, message_id, state. */
  PAWL_EVENT_RECEIPT = 3,
  /** Somebody wants to write to us - address, text (the name they gave). */
  PAWL_EVENT_CONTACT_REQUEST = 4,
  /** Somebody answered our request - address, state (a pawl_contact_state). */
  PAWL_EVENT_CONTACT_ANSWER = 5,
  /** A contact's account has a new key: nothing is sent there until pawl_contact_accept_identity -
   * address. */
  PAWL_EVENT_IDENTITY_CHANGED = 6,
  /** A contact's device list was rolled back, forked or not renewed - address, status. */
  PAWL_EVENT_DEVICE_LIST_WARNING = 7,
  /** A contact, or our own account, has a new device - address, device_id. */
  PAWL_EVENT_DEVICE_ADDED = 8,
  PAWL_EVENT_DEVICE_REMOVED = 9,
  /** A contact's device came with new keys (restored, or re-installed) - address, device_id. */
  PAWL_EVENT_DEVICE_REKEYED = 10,
  /** A session was replaced by one that does not continue it - address, device_id. */
  PAWL_EVENT_SESSION_RESET = 11,
  /** Mail that this copy of the store cannot have back - status. */
  PAWL_EVENT_GAP = 12,
  /** This device's registration is confirmed - address. */
  PAWL_EVENT_REGISTERED = 13,
  /** An upload or download is over - message_id, status, text (a download's path). */
  PAWL_EVENT_ATTACHMENT = 14,

  /** The connection changed - state (a pawl_connection_state), status, retry_at_ms. */
  PAWL_EVENT_CONNECTION = 100,
  /** A transfer moved on - request_id, message_id, bytes_done, bytes_total. */
  PAWL_EVENT_PROGRESS = 101,
  /** Somebody types (state 1) or stopped (0) - address. */
  PAWL_EVENT_TYPING = 102,
  /** A request is done - request_id, status. */
  PAWL_EVENT_COMPLETED = 103,
  /** There is room again after PAWL_E_WOULD_BLOCK. */
  PAWL_EVENT_DRAINED = 104,
  /** The store cannot be written (PAWL_E_DISK_FULL, PAWL_E_IO), or can again (PAWL_OK). Meanwhile
   * nothing is taken from the relay and nothing is lost - status, retry_at_ms. */
  PAWL_EVENT_STORE = 105
};

enum PAWL_ANNOTATE("enum") pawl_connection_state {
  PAWL_CONNECTION_OFFLINE = 0,
  PAWL_CONNECTION_CONNECTING = 1,
  /** Connected; what waited at the relay is being fetched. */
  PAWL_CONNECTION_CATCHING_UP = 2,
  PAWL_CONNECTION_ONLINE = 3,
  /** Lost; tried again at retry_at_ms. */
  PAWL_CONNECTION_WAITING = 4,
  /** Given up until pawl_client_set_online: `status` says why. */
  PAWL_CONNECTION_STOPPED = 5
};

/** An event. Pointers live as long as the batch; absent ones are null. */
typedef struct PAWL_VIEW pawl_event {
  uint32_t struct_size;
  /** A pawl_event_type. */
  int32_t type;
  /** Position in the inbox, rising, for pawl_client_ack; 0 when ephemeral. */
  uint64_t seq;
  uint64_t request_id;
  pawl_status status;
  /** A pawl_message_state, pawl_contact_state or pawl_connection_state, by the type. */
  int32_t state;
  /** A contact's address, or our own. */
  const char* address;
  uint32_t device_id;
  int32_t reserved;
  const pawl_id* message_id;
  const pawl_id* conversation;
  const pawl_message* message;
  const char* text;
  uint64_t bytes_done;
  uint64_t bytes_total;
  int64_t retry_at_ms;
} pawl_event;

/** Number of events in the batch; 0 when the handle is bad. */
PAWL_API size_t pawl_events_count(const pawl_events* events) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** The event at `index`, or null. Lives as long as `events`. */
PAWL_API const pawl_event* pawl_events_at(const pawl_events* events,
                                          size_t index) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** Wipes and frees the batch. Does not acknowledge it. */
PAWL_API void pawl_events_release(pawl_events* events) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_EVENT_H_ */
