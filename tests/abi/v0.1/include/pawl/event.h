#ifndef PAWL_EVENT_H_
#define PAWL_EVENT_H_

#include "pawl/message.h"
#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** What happened. Durable events (below 100) have a seq and come again after a restart until
 * acknowledged; ephemeral ones have seq 0 and come once. After the dash: the fields that count
 * besides type, seq and time_ms. New types may appear in any release: skip what you do not know. */
enum PAWL_ANNOTATE("enum") pawl_event_type {
  /** A message arrived, or one of our own from another device of ours - address (the
   * conversation's other side), conversation, device_id, message_id, message. */
  PAWL_EVENT_MESSAGE = 1,
  /** A message of ours got further, is held up, or failed - address, conversation, message_id,
   * state (a pawl_message_state), status. */
  PAWL_EVENT_MESSAGE_STATE = 2,
  /** A message of ours reached the other side's app or eyes - address, conversation, message_id,
   * state (PAWL_MESSAGE_DELIVERED or PAWL_MESSAGE_READ). */
  PAWL_EVENT_RECEIPT = 3,
  /** A stranger wants to talk - address, text (the name they give themselves). */
  PAWL_EVENT_CONTACT_REQUEST = 4,
  /** Somebody answered our request - address, state (a pawl_contact_state). */
  PAWL_EVENT_CONTACT_ANSWER = 5,
  /** A contact's account has a new key: nothing is sent there until pawl_contact_accept_identity,
   * pawl_contact_reject_identity or PAWL_EVENT_IDENTITY_KEPT - address, data (the new key). */
  PAWL_EVENT_IDENTITY_CHANGED = 6,
  /** The relay showed a device list that is not as it should be - address, state (a
   * pawl_list_warning), status. */
  PAWL_EVENT_DEVICE_LIST_WARNING = 7,
  /** A contact, or our own account, has a new device - address, device_id. */
  PAWL_EVENT_DEVICE_ADDED = 8,
  /** Or one less; when it is this very one, it can only read from now on - address, device_id. */
  PAWL_EVENT_DEVICE_REMOVED = 9,
  /** A device came with new keys that it vouches for - address, device_id. */
  PAWL_EVENT_DEVICE_REKEYED = 10,
  /** A device came with a new session and no knowledge of the old one: restored, re-installed, or
   * somebody else's - address, device_id, status (PAWL_E_IDENTITY_CHANGED: it was refused, because
   * that device has shown other keys for the same epoch). */
  PAWL_EVENT_SESSION_RESET = 11,
  /** Mail that this copy of the store cannot have back (PAWL_E_DIVERGED: an older copy was put
   * back; what had been received and acknowledged since it was made is gone), or that ended unread:
   * its sender's devices or new identity could not be known in time, or it could not be taken -
   * status; and, when it was from somebody known, address, device_id. */
  PAWL_EVENT_GAP = 12,
  /** The account and this device exist at the relay - address. */
  PAWL_EVENT_REGISTERED = 13,
  /** An upload or download is over, well or not - address, conversation, message_id, status, text
   * (a download's path). */
  PAWL_EVENT_ATTACHMENT = 14,
  /** A message was read on another device of ours - address, conversation, message_id. */
  PAWL_EVENT_READ_ELSEWHERE = 15,
  /** Another device of ours changed a contact - address, state (a pawl_contact_state). */
  PAWL_EVENT_CONTACT_CHANGED = 16,
  /** The relay shows a contact's known account key again: there is nothing to decide any more, and
   * what waited is sent - address, data (that key). */
  PAWL_EVENT_IDENTITY_KEPT = 17,
  /** Mail of a contact's device (or of another one of ours) cannot be read at present: damaged on
   * its way (PAWL_E_AUTH_FAILED), or the two sides of the session have come apart (PAWL_E_REPLAYED,
   * PAWL_E_TOO_FAR_AHEAD). The device was asked to send it again; PAWL_EVENT_REPAIRED ends this -
   * address, device_id, status. */
  PAWL_EVENT_UNDECRYPTABLE = 18,
  /** What that device still had was sent again and was handed out before this event; or it did not
   * answer for 30 days (PAWL_E_EXPIRED). `count` messages that had been confirmed cannot be had
   * back from it, of the last 1,000 of the conversation; 0 where it is another device of ours,
   * which does not count them - address, device_id, status, count. */
  PAWL_EVENT_REPAIRED = 19,
  /** Another copy of this store has gone on as this device. This one has stopped for good: it can
   * be read, and everything else fails with PAWL_E_SUPERSEDED - status. */
  PAWL_EVENT_SUPERSEDED = 20,

  /** The connection changed - state (a pawl_connection_state), status, retry_at_ms. */
  PAWL_EVENT_CONNECTION = 100,
  /** A transfer moved on, or waits for something (status says for what) - message_id, bytes_done,
   * bytes_total, status, retry_at_ms. */
  PAWL_EVENT_PROGRESS = 101,
  /** Somebody types, or stopped - address, state (1: types). */
  PAWL_EVENT_TYPING = 102,
  /** A request is done. What passes by itself is waited out and ends none; one that failed all the
   * same may succeed at retry_at_ms, where that is known - request_id, status, retry_at_ms, data
   * (its result, if it has one). */
  PAWL_EVENT_COMPLETED = 103,
  /** There is room again after PAWL_E_WOULD_BLOCK. */
  PAWL_EVENT_DRAINED = 104,
  /** The store cannot be written (PAWL_E_DISK_FULL, PAWL_E_IO; tried again at retry_at_ms), or can
   * again (PAWL_OK). Meanwhile nothing is taken from the relay and nothing is lost - status,
   * retry_at_ms. */
  PAWL_EVENT_STORE = 105,
  /** Keep this number where a copy of the store does not reach, in place of the one before, and say
   * so with pawl_client_anchor_kept; only with PAWL_CLIENT_HOST_ANCHOR. Comes again every 10 s
   * until you do - generation. */
  PAWL_EVENT_ANCHOR = 106
};

/** How the connection to the relay is. */
enum PAWL_ANNOTATE("enum") pawl_connection_state {
  /** Not wanted: pawl_client_set_online asks for it. */
  PAWL_CONNECTION_OFFLINE = 0,
  /** Being made. */
  PAWL_CONNECTION_CONNECTING = 1,
  /** Connected; what waited at the relay is being fetched. */
  PAWL_CONNECTION_CATCHING_UP = 2,
  /** Connected, and all that waited at the relay is here. */
  PAWL_CONNECTION_ONLINE = 3,
  /** Lost; tried again at retry_at_ms. */
  PAWL_CONNECTION_WAITING = 4,
  /** Given up until pawl_client_set_online; status says why. */
  PAWL_CONNECTION_STOPPED = 5
};

/** What is odd about a device list. */
enum PAWL_ANNOTATE("enum") pawl_list_warning {
  /** Older than one seen before. */
  PAWL_LIST_ROLLED_BACK = 1,
  /** Two lists of one version, or one that does not chain. */
  PAWL_LIST_FORKED = 2,
  /** Not re-signed for three weeks. */
  PAWL_LIST_STALE = 3,
  /** A contact knows a newer one than the relay shows. */
  PAWL_LIST_FROZEN = 4
};

/** An event. Its type says which fields count; the others are 0 or null. */
typedef struct PAWL_VIEW pawl_event {
  uint32_t struct_size;
  /** What happened. */
  int32_t type PAWL_ENUM("pawl_event_type");
  /** Position in the inbox, rising, for pawl_client_ack; ephemeral events have 0. */
  uint64_t seq;
  /** When it happened, by this machine's clock. */
  int64_t time_ms;
  /** Which request is done; 0 in other events. */
  uint64_t request_id;
  /** How it ended, or what is wrong; PAWL_OK otherwise. */
  pawl_status status;
  /** Of the enum that the type names. */
  int32_t state;
  /** A contact's address, or our own. */
  const char* address;
  /** Which conversation it is about. */
  const pawl_id* conversation;
  /** Which message it is about. */
  const pawl_id* message_id;
  /** The message that arrived. */
  const pawl_message* message;
  /** A stranger's name, or a download's path. */
  const char* text;
  /** A request's result, or an account key. */
  const uint8_t* data;
  size_t data_len;
  /** How much of the file is transferred. */
  uint64_t bytes_done;
  /** How large the file is. */
  uint64_t bytes_total;
  /** By this machine's clock; 0: not known, or nothing to wait for. */
  int64_t retry_at_ms;
  /** Which device of that address it is about; 0: none in particular. */
  uint32_t device_id;
  /** How many messages are lost. */
  uint32_t count;
  /** What the host is to keep as its anchor. */
  uint64_t generation;
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
