#ifndef PAWL_MESSAGE_H_
#define PAWL_MESSAGE_H_

#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** What a message is. After the dash: the fields of pawl_content that count. */
enum PAWL_ANNOTATE("enum") pawl_content_kind {
  /** Of a kind that this release does not know. Never sent. */
  PAWL_CONTENT_UNKNOWN = 0,
  /** Words - text. */
  PAWL_CONTENT_TEXT = 1,
  /** An answer to a message - ref, text. */
  PAWL_CONTENT_REPLY = 2,
  /** Other words for one of our own - ref, text. */
  PAWL_CONTENT_EDIT = 3,
  /** Takes one of our own back - ref. */
  PAWL_CONTENT_DELETE = 4,
  /** To a message - ref, text (the emoji), is_removed. */
  PAWL_CONTENT_REACTION = 5,
  /** A file - name, media_type, size, data (thumbnail), text (caption). */
  PAWL_CONTENT_ATTACHMENT = 6,
  /** A place - latitude, longitude, accuracy_m, text (label). */
  PAWL_CONTENT_LOCATION = 7,
  /** Somebody's address - address, name. */
  PAWL_CONTENT_CONTACT = 8,
  /** What only the app understands - media_type (the app's own type), data. */
  PAWL_CONTENT_CUSTOM = 9
};

/** What a message says. The kind decides which fields count; the others are zero or null.
 * Attachments are sent by pawl_attachment_send_file and its like. */
typedef struct PAWL_OPTIONS pawl_content {
  uint32_t struct_size;
  /** What it is, and thereby which of the other fields count. */
  int32_t kind PAWL_ENUM("pawl_content_kind");
  /** Words, an emoji (at most 64 bytes), a caption (4 KiB) or a label (255 bytes), as the kind
   * says. Words have at most 48 KiB. */
  const char* text PAWL_NULLABLE;
  /** The message that this one answers, changes, deletes or reacts to. */
  const pawl_id* ref PAWL_NULLABLE;
  /** A file's name, or how somebody is called; at most 255 bytes. */
  const char* name PAWL_NULLABLE;
  /** Whose contact is passed on: "name@domain". */
  const char* address PAWL_NULLABLE;
  /** Of a file, such as "image/png", or the app's own type; at most 127 bytes. */
  const char* media_type PAWL_NULLABLE;
  /** A thumbnail (at most 16 KiB), or what only the app understands (48 KiB). */
  const uint8_t* data PAWL_NULLABLE;
  size_t data_len;
  /** Of the whole file, in bytes. */
  uint64_t size;
  /** In degrees, north is positive: -90 to 90. */
  double latitude;
  /** In degrees, east is positive: -180 to 180. */
  double longitude;
  /** How far off the place may be, in metres. */
  double accuracy_m;
  /** Whether the reaction is taken back. */
  int32_t is_removed PAWL_BOOL;
  /** Seconds after which both sides delete the message; 0: never. */
  uint32_t expires_in_s;
} pawl_content; /* 0.1 baseline ends here */

#define PAWL_CONTENT_INIT \
  { sizeof(pawl_content), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** Which way a message goes. */
enum PAWL_ANNOTATE("enum") pawl_direction {
  /** From the contact. */
  PAWL_INCOMING = 1,
  /** From this account, by whichever of its devices. */
  PAWL_OUTGOING = 2
};

/** How far a message got. */
enum PAWL_ANNOTATE("enum") pawl_message_state {
  /** Outgoing: durable in this store, on its way. */
  PAWL_MESSAGE_QUEUED = 1,
  /** Outgoing: at the relay for every device of the recipient. */
  PAWL_MESSAGE_AT_RELAY = 2,
  /** Outgoing: durable at one of the recipient's devices. */
  PAWL_MESSAGE_CONFIRMED = 3,
  /** Outgoing: the recipient's app has it. */
  PAWL_MESSAGE_DELIVERED = 4,
  /** Seen: by the recipient, or by the user of this account. */
  PAWL_MESSAGE_READ = 5,
  /** Outgoing: over, with a reason in `failure`. */
  PAWL_MESSAGE_FAILED = 6,
  /** Incoming: it is here, and was not marked as read yet. */
  PAWL_MESSAGE_RECEIVED = 7,
  /** The content is gone: deleted or expired. */
  PAWL_MESSAGE_DELETED = 8
};

/** A message of a conversation. */
typedef struct PAWL_VIEW pawl_message {
  uint32_t struct_size;
  /** Whether it came or went. */
  int32_t direction PAWL_ENUM("pawl_direction");
  /** The same at every device that has it. */
  pawl_id id;
  /** Which conversation it is of; the same for both sides. */
  pawl_id conversation;
  /** Who wrote it: the contact, or our own account (from this or another device of ours). */
  const char* sender;
  /** Which of that account's devices it was. */
  uint32_t sender_device_id;
  /** How far it got. */
  int32_t state PAWL_ENUM("pawl_message_state");
  /** Why it failed; PAWL_OK otherwise. */
  pawl_status failure;
  int32_t reserved;
  /** Rises in the order in which this device saw the conversation's messages; for
   * pawl_conversation_history. 0 in events. */
  int64_t position;
  /** By the sender's clock. */
  int64_t sent_ms;
  /** By ours; 0 for outgoing ones. */
  int64_t received_ms;
  /** Null when the message was deleted. */
  const pawl_content* content;
} pawl_message;

PAWL_END_DECLS

#endif /* PAWL_MESSAGE_H_ */
