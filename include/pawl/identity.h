#ifndef PAWL_IDENTITY_H_
#define PAWL_IDENTITY_H_

#include "pawl/types.h"

/* Bring your own transport, part 1: who a device is.
 *
 * An identity holds an account key, the device list it signs, the device's own keys and its
 * prekeys. What others need of it leaves as a card (public, stable) or as a bundle (public, fresh
 * for each peer that shall start a session). Its private parts leave only sealed, by
 * pawl_identity_save. Save an identity after every call that changes it and before the result
 * leaves the process: a prekey that was handed out and then forgotten is a message that cannot be
 * read. */

PAWL_BEGIN_DECLS

/** Makes new keys for device `device_id` (1 or more) of `address`, "name@domain" in lower case. */
PAWL_API pawl_status pawl_identity_create(const char* address, uint32_t device_id,
                                          pawl_identity** out_identity PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Seals the whole identity under `key` (XChaCha20-Poly1305). Does not change it. */
PAWL_API pawl_status pawl_identity_save(pawl_identity* identity,
                                        const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                        size_t key_len,
                                        pawl_buffer** out_sealed PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The identity that was saved. PAWL_E_WRONG_KEY, PAWL_E_MALFORMED. */
PAWL_API pawl_status pawl_identity_restore(const uint8_t* sealed, size_t sealed_len,
                                           const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"),
                                           size_t key_len,
                                           pawl_identity** out_identity PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The card: the account's signed device list and this device's signed epoch record. Re-signed by
 * itself when it is 14 days old (that changes the identity). */
PAWL_API pawl_status pawl_identity_card(pawl_identity* identity,
                                        pawl_buffer** out_card PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** A bundle for one peer: the card, the current signed prekeys, and a one-time prekey pair that no
 * other bundle holds. Changes the identity. Prekeys are rotated weekly by this call and erased
 * after 30 days; of the one-time pairs the latest 200 are kept. */
PAWL_API pawl_status pawl_identity_bundle(pawl_identity* identity,
                                          pawl_buffer** out_bundle PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The identity's own address. */
PAWL_API pawl_status pawl_identity_address(pawl_identity* identity,
                                           char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                           size_t out_cap, size_t* out_len) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Who claims to have sent a first message, so that the host can find that sender's card for
 * pawl_session_accept; proves nothing yet and changes nothing. PAWL_E_NOT_FOUND when the envelope
 * is not a first message to this device. */
PAWL_API pawl_status pawl_identity_peek_sender(pawl_identity* identity, const uint8_t* envelope,
                                               size_t envelope_len,
                                               char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                               size_t out_cap, size_t* out_len,
                                               uint32_t* out_device_id) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The safety number of this account and the one of `peer_card` (a card or a bundle): 60 digits,
 * the same at both sides, to be compared over another channel. Adding a device does not change it.
 */
PAWL_API pawl_status
pawl_identity_safety_number(pawl_identity* identity, const uint8_t* peer_card, size_t peer_card_len,
                            char* out PAWL_OUT_BYTES("PAWL_SAFETY_NUMBER_SIZE"), size_t out_cap,
                            size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Ends the identity's work: later calls give PAWL_E_CLOSED. Sessions made from it go on. */
PAWL_API void pawl_identity_close(pawl_identity* identity) PAWL_NOEXCEPT PAWL_CLOSE
    PAWL_SINCE("0.1");

/** Wipes and frees the identity. */
PAWL_API void pawl_identity_release(pawl_identity* identity) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_IDENTITY_H_ */
