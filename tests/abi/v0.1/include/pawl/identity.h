#ifndef PAWL_IDENTITY_H_
#define PAWL_IDENTITY_H_

#include "pawl/types.h"

/* Bring your own transport, part 1: who a device is.
 *
 * An identity is an account with one device: account key, device keys, prekeys. Others need its
 * bundle, which is public. The private parts leave only sealed, by pawl_identity_save. Save an
 * identity after every call that changes it and before the result leaves the process: a prekey that
 * was handed out and then forgotten is a message that cannot be read. */

PAWL_BEGIN_DECLS

/** Makes new keys for `address`, "name@domain" in lower case. */
PAWL_API pawl_status pawl_identity_create(const char* address,
                                          pawl_identity** out_identity PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Seals the whole identity under `key` (XChaCha20-Poly1305). Does not change it. */
PAWL_API pawl_status pawl_identity_save(pawl_identity* identity,
                                        const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                        size_t key_len,
                                        pawl_buffer** out_sealed PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The identity that was saved in `sealed`, under the same `key`. PAWL_E_AUTH_FAILED (another key,
 * or tampered with), PAWL_E_MALFORMED, PAWL_E_UNSUPPORTED_VERSION. */
PAWL_API pawl_status pawl_identity_restore(const uint8_t* sealed, size_t sealed_len,
                                           const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                           size_t key_len,
                                           pawl_identity** out_identity PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** A bundle for one peer: signed device list, device keys and prekeys, among them a one-time pair
 * that no other bundle holds. Changes the identity. Prekeys are rotated weekly by this call and
 * erased after 30 days; of the one-time pairs the latest 100 are kept. */
PAWL_API pawl_status pawl_identity_bundle(pawl_identity* identity,
                                          pawl_buffer** out_bundle PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The identity's own address. */
PAWL_API pawl_status pawl_identity_address(pawl_identity* identity,
                                           char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                           size_t out_cap, size_t* out_len) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Who claims to have sent a first message, so that the host can find that sender's bundle for
 * pawl_session_accept. Proves nothing and changes nothing. PAWL_E_AUTH_FAILED or PAWL_E_MALFORMED
 * when the envelope is not a first message to this device. */
PAWL_API pawl_status pawl_identity_peek_sender(pawl_identity* identity, const uint8_t* envelope,
                                               size_t envelope_len,
                                               char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                               size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The safety number of this account and the one of `peer_bundle`: 60 digits, the same at both
 * sides, to be compared over another channel. Takes some milliseconds on purpose. */
PAWL_API pawl_status pawl_identity_safety_number(
    pawl_identity* identity, const uint8_t* peer_bundle, size_t peer_bundle_len,
    char* out PAWL_OUT_BYTES("PAWL_SAFETY_NUMBER_SIZE"), size_t out_cap,
    size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Ends the identity's use: later calls on it give PAWL_E_CLOSED. Its sessions go on. */
PAWL_API void pawl_identity_close(pawl_identity* identity) PAWL_NOEXCEPT PAWL_CLOSE
    PAWL_SINCE("0.1");

/** Gives the identity back. Its keys are wiped when no session needs them any more. */
PAWL_API void pawl_identity_release(pawl_identity* identity) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_IDENTITY_H_ */
