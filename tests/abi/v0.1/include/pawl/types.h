#ifndef PAWL_TYPES_H_
#define PAWL_TYPES_H_

#include <stddef.h>
#include <stdint.h>

#include "pawl/export.h"
#include "pawl/status.h"

PAWL_BEGIN_DECLS

/* Objects. All are opaque and safe from any thread. */

/** Bytes owned by the library, wiped when released. */
typedef struct pawl_buffer pawl_buffer;
/** Bring your own transport: the keys of one device. */
typedef struct pawl_identity pawl_identity;
/** Bring your own transport: a pairwise session. */
typedef struct pawl_session pawl_session;
/** A device with its store, its relay and its event queue. */
typedef struct pawl_client pawl_client;
/** A conversation of a client. */
typedef struct pawl_conversation pawl_conversation;
/** A file being sent piece by piece. */
typedef struct pawl_upload pawl_upload;
/** A batch of events. */
typedef struct pawl_events pawl_events;
/** A page of messages. */
typedef struct pawl_messages pawl_messages;
/** A page of conversations. */
typedef struct pawl_conversations pawl_conversations;
/** A page of contacts. */
typedef struct pawl_contacts pawl_contacts;
/** The devices of an account. */
typedef struct pawl_devices pawl_devices;
/** A look at a client's mail from another process. */
typedef struct pawl_peek pawl_peek;
/** A page of envelopes that were peeked at. */
typedef struct pawl_peeked pawl_peeked;

/** 128 bits that name a message (random, chosen by its sender, the same at every device that gets
 * it) or a conversation (the same for both sides). */
typedef struct PAWL_VALUE pawl_id {
  /** The 16 bytes, in no particular order of time. */
  uint8_t bytes[16];
} pawl_id;

/* Times are milliseconds since the Unix epoch, int64_t *_ms; 0 is "none". A peer's time is a hint.
 */

/** Bytes of a secret key, such as a host key, and of an account key. */
#define PAWL_KEY_SIZE 32
/** Bytes of the longest address, "name@domain", with its terminating NUL. */
#define PAWL_ADDRESS_SIZE 320
/** Bytes of a safety number: 60 digits and the terminating NUL. */
#define PAWL_SAFETY_NUMBER_SIZE 61

PAWL_END_DECLS

#endif /* PAWL_TYPES_H_ */
