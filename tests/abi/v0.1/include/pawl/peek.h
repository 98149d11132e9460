#ifndef PAWL_PEEK_H_
#define PAWL_PEEK_H_

#include "pawl/message.h"
#include "pawl/types.h"

PAWL_BEGIN_DECLS

/* Peek: a second process, such as a notification service, looks at a client's mail without taking
 * it. It opens the same store with the same key, whether its client runs, is suspended or was
 * killed, and leaves no trace: nothing is written to the store, acknowledged to the relay or
 * answered to anybody, the client's own connection stays, and no key of a message is kept.
 * Everything that was peeked at comes to the client as if nobody had looked. Between two calls no
 * file of the store is open and no lock held: a system may suspend the process at any time.
 * Attachments are never fetched. Under a host key a peek stays below 8 MiB of memory; under a
 * passphrase, opening it takes what Argon2id takes. */

/** Where the store is, and what opens it: as in pawl_client_options. Everything is copied. */
typedef struct PAWL_OPTIONS pawl_peek_options {
  uint32_t struct_size;
  uint32_t reserved;
  /** Folder of the store. */
  const char* store_dir;
  /** Exactly one of passphrase and host_key, whichever the store was opened with. At most 1,024
   * bytes. */
  const char* passphrase PAWL_NULLABLE;
  /** PAWL_KEY_SIZE bytes. */
  const uint8_t* host_key PAWL_NULLABLE;
  size_t host_key_len;
  /** Folder of the anchor. Null takes the platform's state folder. One that cannot be read is not
   * missed. */
  const char* anchor_dir PAWL_NULLABLE;
} pawl_peek_options; /* 0.1 baseline ends here */

#define PAWL_PEEK_OPTIONS_INIT \
  { sizeof(pawl_peek_options), 0, 0, 0, 0, 0, 0 }

/** What an envelope turned out to be. After the dash: the fields that count besides received_ms. */
enum PAWL_ANNOTATE("enum") pawl_peek_kind {
  /** A contact's message - address, device_id, message. */
  PAWL_PEEK_MESSAGE = 1,
  /** A stranger's first word; that it is from this address is proven - address, device_id, text
   * (the name they give themselves, may be ""), message (null when they only ask). */
  PAWL_PEEK_REQUEST = 2,
  /** Of no interest to a user: receipts, copies for our other devices, blocked people. */
  PAWL_PEEK_NOTHING = 3,
  /** The client has it already. */
  PAWL_PEEK_KNOWN = 4,
  /** It cannot be shown - status: PAWL_E_UNKNOWN_SESSION (no key of this store opens it),
   * PAWL_E_DEVICE_NOT_LISTED (its sender could not be proven), PAWL_E_IDENTITY_CHANGED,
   * PAWL_E_REPLAYED, PAWL_E_MALFORMED, … */
  PAWL_PEEK_UNREADABLE = 5
};

/** One envelope. Its kind says which fields count; the others are 0 or null. */
typedef struct PAWL_VIEW pawl_peeked_item {
  uint32_t struct_size;
  /** What the envelope turned out to be. */
  int32_t kind PAWL_ENUM("pawl_peek_kind");
  /** Why it cannot be shown; PAWL_OK otherwise. */
  pawl_status status;
  /** Which of the sender's devices sent it. */
  uint32_t device_id;
  /** When the relay got it, by its clock. */
  int64_t received_ms;
  /** The sender's address. */
  const char* address;
  /** The name that a stranger gives themselves. */
  const char* text;
  /** The message. Its state is PAWL_MESSAGE_RECEIVED, its position 0. */
  const pawl_message* message;
} pawl_peeked_item;

/** Opens a peek. PAWL_E_NOT_FOUND, PAWL_E_WRONG_KEY, PAWL_E_WRONG_STATE (no account in this store
 * yet), PAWL_E_STORE_TOO_OLD and PAWL_E_DIVERGED (its client has to open it first),
 * PAWL_E_SUPERSEDED, PAWL_E_STORE_TOO_NEW, PAWL_E_CORRUPT, PAWL_E_IO. */
PAWL_API pawl_status pawl_peek_open(const pawl_peek_options* options,
                                    pawl_peek** out_peek PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** What waits at the relay that the store remembers, oldest first, at most 256 envelopes and about
 * 1 MiB of them. Waits for the network, up to timeout_ms (above 0). PAWL_E_TIMEOUT, or what kept
 * the relay away (PAWL_E_DISCONNECTED, PAWL_E_TLS_FAILED, PAWL_E_AUTH_FAILED, …); PAWL_E_CANCELLED
 * when closed meanwhile; PAWL_E_STORE_LOCKED when the client was stopped in the one moment in which
 * nobody can begin to read: try again; PAWL_E_WRONG_KEY when the store was encrypted anew. */
PAWL_API pawl_status pawl_peek_fetch(pawl_peek* peek, int32_t timeout_ms,
                                     pawl_peeked** out_peeked PAWL_OWNED)
    PAWL_NOEXCEPT PAWL_BLOCKING PAWL_SINCE("0.1");

/** One envelope that came another way, as in a push, with no word to the relay. Reads the store.
 * Not being an envelope of this device's is no failure but PAWL_PEEK_UNREADABLE. */
PAWL_API pawl_status pawl_peek_envelope(pawl_peek* peek, const uint8_t* envelope,
                                        size_t envelope_len, pawl_peeked** out_peeked PAWL_OWNED)
    PAWL_NOEXCEPT PAWL_BLOCKING PAWL_SINCE("0.1");

/** Ends a call under way. */
PAWL_API void pawl_peek_close(pawl_peek* peek) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");
/** Wipes the keys and gives the peek back. */
PAWL_API void pawl_peek_release(pawl_peek* peek) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

/** Number of envelopes; 0 when the handle is bad. */
PAWL_API size_t pawl_peeked_count(const pawl_peeked* peeked) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** The envelope at `index`, or null. Lives as long as `peeked`. */
PAWL_API const pawl_peeked_item* pawl_peeked_at(const pawl_peeked* peeked,
                                                size_t index) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** Envelopes that wait at the relay besides those of this page. */
PAWL_API uint64_t pawl_peeked_beyond(const pawl_peeked* peeked) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
/** Wipes and frees the page. */
PAWL_API void pawl_peeked_release(pawl_peeked* peeked) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_PEEK_H_ */
