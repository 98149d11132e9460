#ifndef PAWL_SESSION_H_
#define PAWL_SESSION_H_

#include "pawl/types.h"

/* Bring your own transport, part 2: a session between two devices, bytes in and bytes out.
 *
 * Every call that succeeds may have moved the ratchet, every call that fails has changed nothing.
 * Save a session (pawl_session_save) after it moved and before the result leaves the process. A
 * session keeps its identity alive. */

PAWL_BEGIN_DECLS

/** What encrypts the messages of a session; chosen from what both devices have. */
enum PAWL_ANNOTATE("enum") pawl_suite {
  /** XChaCha20-Poly1305: fast on every processor. */
  PAWL_SUITE_XCHACHA20_POLY1305 = 1,
  /** AEGIS-256: faster where the processor has instructions for AES. */
  PAWL_SUITE_AEGIS_256 = 2
};

/** What a session knows of itself. */
typedef struct PAWL_RESULT pawl_session_info {
  uint32_t struct_size;
  /** Whether this side called pawl_session_initiate. */
  int32_t is_initiator PAWL_BOOL;
  /** Whether the peer has proven that it has the session: a message of it was opened here. */
  int32_t is_confirmed PAWL_BOOL;
  /** Whether the peer proved to have had the session that this one replaces. A session that
   * replaces a confirmed one without that proof comes from a peer that lost it, or from somebody
   * else. */
  int32_t is_resumed PAWL_BOOL;
  /** What its messages are encrypted with. */
  int32_t suite PAWL_ENUM("pawl_suite");
  /** Messages sent since the peer was last heard. */
  uint32_t unanswered;
  /** Whether nothing can be sent any more (1,000 unanswered messages): start a new session then. */
  int32_t needs_fresh_session PAWL_BOOL;
  int32_t reserved;
  /** When it began, by this machine's clock. */
  int64_t created_ms;
} pawl_session_info;

#define PAWL_SESSION_INFO_INIT \
  { sizeof(pawl_session_info), 0, 0, 0, 0, 0, 0, 0, 0 }

/** Starts a session with the device whose bundle `peer_bundle` is. It must have come by a way that
 * cannot be forged, or the safety numbers be compared. `replaces`: the session with that device
 * whose place it takes. Until the peer's first answer every message carries the handshake.
 * PAWL_E_MALFORMED, PAWL_E_AUTH_FAILED, PAWL_E_EXPIRED, PAWL_E_NOT_YET_VALID,
 * PAWL_E_NO_COMMON_SUITE, PAWL_E_DEVICE_NOT_LISTED. */
PAWL_API pawl_status pawl_session_initiate(pawl_identity* identity, const uint8_t* peer_bundle,
                                           size_t peer_bundle_len,
                                           pawl_session* replaces PAWL_NULLABLE,
                                           pawl_session** out_session PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Answers a first message: makes the session and opens the message. `peer_bundle` is a bundle of
 * its sender (pawl_identity_peek_sender tells who that claims to be); its prekeys are not used.
 * `known`: the session with that device, where there is one. Opened, the message is never longer
 * than the envelope. Uses up a one-time prekey, so save the identity too. PAWL_E_AUTH_FAILED,
 * PAWL_E_MALFORMED, PAWL_E_REPLAYED (accepted before), PAWL_E_NOT_FOUND (the prekeys are gone),
 * PAWL_E_WRONG_RECIPIENT, PAWL_E_NO_COMMON_SUITE. */
PAWL_API pawl_status pawl_session_accept(pawl_identity* identity, const uint8_t* peer_bundle,
                                         size_t peer_bundle_len, pawl_session* known PAWL_NULLABLE,
                                         const uint8_t* envelope, size_t envelope_len,
                                         uint8_t* out PAWL_OUT_BYTES("envelope_len"),
                                         size_t out_cap, size_t* out_len,
                                         pawl_session** out_session PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The exact size of what pawl_session_encrypt will write now for a plaintext of that length: a
 * power of two from 256 B to 64 KiB. PAWL_E_TOO_LARGE when the plaintext does not fit into that. */
PAWL_API pawl_status pawl_session_encrypted_size(pawl_session* session, size_t plaintext_len,
                                                 size_t* out_size) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Encrypts `plaintext`, one message for the peer. PAWL_E_WRONG_STATE when a fresh session is
 * needed. */
PAWL_API pawl_status pawl_session_encrypt(
    pawl_session* session, const uint8_t* plaintext PAWL_NULLABLE, size_t plaintext_len,
    uint8_t* out PAWL_OUT_BYTES("call:pawl_session_encrypted_size(plaintext_len)"), size_t out_cap,
    size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Decrypts `envelope`, one message of the peer, in any order. PAWL_E_AUTH_FAILED (not of this
 * session, or tampered with), PAWL_E_REPLAYED (opened before), PAWL_E_TOO_FAR_AHEAD,
 * PAWL_E_MALFORMED. */
PAWL_API pawl_status pawl_session_decrypt(pawl_session* session, const uint8_t* envelope,
                                          size_t envelope_len,
                                          uint8_t* out PAWL_OUT_BYTES("envelope_len"),
                                          size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Whether the envelope is one that this session expects: its route tag is known, or it repeats the
 * handshake that began the session. */
PAWL_API pawl_status pawl_session_recognises(pawl_session* session, const uint8_t* envelope,
                                             size_t envelope_len,
                                             int32_t* out_is_ours PAWL_BOOL) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** When both sides started a session at once: whether both shall send on `first`, or else on
 * `second`. Keep the other for receiving, 30 days. PAWL_E_WRONG_STATE when neither can send. */
PAWL_API pawl_status pawl_session_prefer(pawl_session* first, pawl_session* second,
                                         int32_t* out_prefer_first PAWL_BOOL) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Seals the session's state under `key` (XChaCha20-Poly1305). Does not change it. */
PAWL_API pawl_status pawl_session_save(pawl_session* session,
                                       const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                       size_t key_len,
                                       pawl_buffer** out_sealed PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The session of this identity that was saved in `sealed`, under the same `key`.
 * PAWL_E_AUTH_FAILED (another key, or tampered with), PAWL_E_MALFORMED, PAWL_E_WRONG_RECIPIENT (of
 * another identity). */
PAWL_API pawl_status pawl_session_restore(pawl_identity* identity, const uint8_t* sealed,
                                          size_t sealed_len,
                                          const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                          size_t key_len,
                                          pawl_session** out_session PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** What is known of the session. */
PAWL_API pawl_status pawl_session_get_info(pawl_session* session,
                                           pawl_session_info* out_info) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** The peer's address, "name@domain". */
PAWL_API pawl_status pawl_session_peer_address(pawl_session* session,
                                               char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                               size_t out_cap,
                                               size_t* out_len) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Wipes the session's keys: later calls give PAWL_E_CLOSED. */
PAWL_API void pawl_session_close(pawl_session* session) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");

/** Wipes and frees the session. */
PAWL_API void pawl_session_release(pawl_session* session) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_SESSION_H_ */
