#ifndef PAWL_CLIENT_H_
#define PAWL_CLIENT_H_

#include "pawl/event.h"
#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** How a client is opened. */
enum PAWL_ANNOTATE("flags") pawl_client_flag {
  /** Make a new store when there is none; without it that is PAWL_E_NOT_FOUND. */
  PAWL_CLIENT_CREATE = 1,
  /** Do not connect until pawl_client_set_online. */
  PAWL_CLIENT_OFFLINE = 2,
  /** Do not tell senders that the app took their messages. */
  PAWL_CLIENT_NO_DELIVERED_RECEIPTS = 4,
  /** The host keeps the anchor by which a restored copy of the store is noticed (in a Keystore,
   * Keychain or TPM), not a file: anchor_generation says what it holds, PAWL_EVENT_ANCHOR what it
   * is to hold. */
  PAWL_CLIENT_HOST_ANCHOR = 8
};

/** How much a line of the log matters. */
enum PAWL_ANNOTATE("enum") pawl_log_level {
  /** For who looks for a fault: every step. */
  PAWL_LOG_DEBUG = 1,
  /** What went as it should, such as a connection that was made. */
  PAWL_LOG_INFO = 2,
  /** What went wrong and is dealt with, such as an envelope that could not be read. */
  PAWL_LOG_WARNING = 3,
  /** What the host has to do something about, such as a full disk. */
  PAWL_LOG_ERROR = 4
};

/** A log line: no user data, ids only as a hash. Called on the client's own threads; `line` is
 * valid during the call. Must return soon and call nothing of Pawl; an exception that leaves it is
 * swallowed. */
typedef void (*pawl_log_fn)(void* user, int32_t level, const char* line);

/** How to open a client. Everything is copied. */
typedef struct PAWL_OPTIONS pawl_client_options {
  uint32_t struct_size;
  /** Any number of them, or 0. */
  uint32_t flags PAWL_ENUM("pawl_client_flag");
  /** Folder of the encrypted store, used by nothing else. Its parent must exist. */
  const char* store_dir;
  /** The store's key is wrapped by exactly one of passphrase and host_key. A passphrase has up to
   * 1,024 bytes (Argon2id, about a second). */
  const char* passphrase PAWL_NULLABLE;
  /** Or PAWL_KEY_SIZE random bytes that the host keeps, as in a platform key store. */
  const uint8_t* host_key PAWL_NULLABLE;
  size_t host_key_len;
  /** "wss://host[:port][/path]"; "ws://" to loopback addresses only. Needed the first time and when
   * the relay has moved; null takes what the store remembers. */
  const char* relay_url PAWL_NULLABLE;
  /** How the relay's certificate is checked: by the SHA-256 of its public key (SPKI), one or more
   * of 32 bytes back to back; else by ca_file; else by the system's CA certificates. */
  const uint8_t* pinned_spki PAWL_NULLABLE;
  size_t pinned_spki_len;
  /** A PEM file with the CA certificates that the relay's is checked by, where pinned_spki is not
   * given. Null, too: what SSL_CERT_FILE and SSL_CERT_DIR name, OpenSSL's own places, else the
   * first that has any of the bundle files and folders that Linux and Android use. */
  const char* ca_file PAWL_NULLABLE;
  /** Folder, outside store_dir, of the anchor by which a restored copy of the store is noticed.
   * Null takes the platform's state folder. */
  const char* anchor_dir PAWL_NULLABLE;
  /** Requests that may be under way or have a completion event that was not taken yet, at most
   * 65,536; beyond it calls give PAWL_E_WOULD_BLOCK. 0: 1,024. */
  uint32_t queue_capacity;
  /** Durable events held in memory, at most 65,536; the others wait in the store. 0: 1,024. */
  uint32_t event_capacity;
  /** Gets the lines of the log. Without it there is no log. */
  pawl_log_fn log PAWL_NULLABLE;
  void* log_user PAWL_NULLABLE;
  /** The least level that is worth a line. 0: PAWL_LOG_INFO. */
  int32_t log_level PAWL_ENUM("pawl_log_level");
  /** Copies for our own other devices wait a random time up to this, so that the relay cannot tell
   * by the clock which mailboxes belong to one person. 0: 8,000. */
  uint32_t own_copy_delay_ms;
  /** With PAWL_CLIENT_HOST_ANCHOR: the last generation that the host kept; 0: none. A store below
   * it, or with none, is taken for an older copy: it gets new keys before it sends anything. */
  uint64_t anchor_generation;
} pawl_client_options; /* 0.1 baseline ends here */

#define PAWL_CLIENT_OPTIONS_INIT \
  { sizeof(pawl_client_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** Opens a device's store and starts its thread, which connects by itself and stays connected as
 * well as it can. One client per store, in all processes: PAWL_E_STORE_LOCKED while another has it
 * and is not suspended; that of a process that has died is free at once. PAWL_E_WRONG_KEY,
 * PAWL_E_NOT_FOUND, PAWL_E_CORRUPT, PAWL_E_STORE_TOO_NEW, PAWL_E_NOT_ENCRYPTED, PAWL_E_DISK_FULL.
 */
PAWL_API pawl_status pawl_client_open(const pawl_client_options* options,
                                      pawl_client** out_client PAWL_OWNED)
    PAWL_NOEXCEPT PAWL_BLOCKING PAWL_SINCE("0.1");

/** Whether the client is to be `online`: connects, or ends the connection. Messages wait in the
 * outbox while it is not. */
PAWL_API pawl_status pawl_client_set_online(pawl_client* client,
                                            int32_t online PAWL_BOOL) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Takes up to max_events events (at least 1), waiting up to timeout_ms (0: not at all; below 0:
 * for ever). Durable events keep coming back after a restart, with the same seq, until
 * acknowledged. One consumer at a time is advised. PAWL_E_TIMEOUT when there is none,
 * PAWL_E_CLOSED. */
PAWL_API pawl_status pawl_client_wait_events(
    pawl_client* client, uint32_t max_events, int32_t timeout_ms PAWL_WAIT,
    pawl_events** out_events PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING PAWL_SINCE("0.1");

/** A descriptor that is readable while events wait (and once the client is closed), for a host's
 * own poll loop; owned by the client, never to be read from. */
PAWL_API pawl_status pawl_client_event_fd(pawl_client* client,
                                          int32_t* out_fd) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** All durable events up to `seq` have taken effect at the host and need not come again. An app
 * that stores seq together with its own effects sees each event exactly once. */
PAWL_API pawl_status pawl_client_ack(pawl_client* client, uint64_t seq) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Says that the host keeps `generation`, which came with PAWL_EVENT_ANCHOR. PAWL_E_WOULD_BLOCK,
 * PAWL_E_CLOSED. */
PAWL_API pawl_status pawl_client_anchor_kept(pawl_client* client, uint64_t generation) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Wraps the store's key anew: from now on the store opens with this passphrase, or with this host
 * key, and no more with the one before. Exactly one of the two. Waits for the client's own thread,
 * which does nothing else meanwhile (Argon2id takes about a second). Killed at any point, the store
 * opens with either the old key or the new one. PAWL_E_CLOSED, PAWL_E_DISK_FULL, PAWL_E_IO. */
PAWL_API pawl_status pawl_client_change_key(pawl_client* client,
                                            const char* passphrase PAWL_NULLABLE,
                                            const uint8_t* host_key PAWL_NULLABLE,
                                            size_t host_key_len) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Encrypts the whole store anew under a fresh key of its own, which the passphrase or host key in
 * force, given again, wraps (PAWL_E_WRONG_KEY when it is not that one). For when an old copy of the
 * store and its key may be in other hands. Waits as long as writing the store twice takes; sending,
 * receiving and reading wait, too. PAWL_E_CLOSED, PAWL_E_DISK_FULL, PAWL_E_IO. */
PAWL_API pawl_status pawl_client_reencrypt(pawl_client* client,
                                           const char* passphrase PAWL_NULLABLE,
                                           const uint8_t* host_key PAWL_NULLABLE,
                                           size_t host_key_len) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** For a host that its system is about to suspend (iOS ends who holds a file lock then), or to let
 * another process write: connections and threads end, and when it returns no file of the store is
 * open and no lock held. Until pawl_client_resume, requests and acknowledgements wait, events can
 * be taken, reads are PAWL_E_WRONG_STATE. Requests under way end as PAWL_E_CANCELLED; what they
 * began goes on after resuming, as after a restart. An upload under way fails. Idempotent. Takes up
 * to a second. PAWL_E_CLOSED. */
PAWL_API pawl_status pawl_client_suspend(pawl_client* client) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Takes the store again and goes on from what it holds now. Tells whether another process has
 * written meanwhile: what the host shows is out of date then, and events that it took from this
 * client may have been acknowledged there (their seq tells). Fails as pawl_client_open does, and
 * then the client stays suspended: PAWL_E_STORE_LOCKED while another process writes;
 * PAWL_E_WRONG_KEY when one encrypted the store anew, so that this client is to be closed and
 * another opened. */
PAWL_API pawl_status pawl_client_resume(pawl_client* client,
                                        int32_t* out_has_changed PAWL_NULLABLE PAWL_BOOL)
    PAWL_NOEXCEPT PAWL_BLOCKING PAWL_SINCE("0.1");

/** Stops the client: wakes who waits, ends its thread and closes the store. What was accepted
 * before is safe and goes on when the store is opened again. Waits until that is done, mostly some
 * milliseconds. */
PAWL_API void pawl_client_close(pawl_client* client) PAWL_NOEXCEPT PAWL_CLOSE PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Gives the client back; the last of its handles (conversations, uploads) to go closes it. */
PAWL_API void pawl_client_release(pawl_client* client) PAWL_NOEXCEPT PAWL_DTOR PAWL_BLOCKING
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_CLIENT_H_ */
