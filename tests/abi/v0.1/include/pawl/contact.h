#ifndef PAWL_CONTACT_H_
#define PAWL_CONTACT_H_

#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** How things stand with somebody. */
enum PAWL_ANNOTATE("enum") pawl_contact_state {
  /** Nobody asked, or a request was declined, or a block lifted. */
  PAWL_CONTACT_NONE = 0,
  /** We asked, no answer yet. */
  PAWL_CONTACT_REQUESTED = 1,
  /** They asked; pawl_contact_answer or pawl_contact_block answers. */
  PAWL_CONTACT_ASKING = 2,
  /** The two are contacts: both get receipts. */
  PAWL_CONTACT_ACCEPTED = 3,
  /** We blocked them: nothing of theirs is shown. */
  PAWL_CONTACT_BLOCKED = 4
};

/** Somebody this account has to do with. */
typedef struct PAWL_VIEW pawl_contact {
  uint32_t struct_size;
  /** How things stand with them. */
  int32_t state PAWL_ENUM("pawl_contact_state");
  /** Their address, "name@domain". */
  const char* address;
  /** The name they gave with their request, or "". */
  const char* name;
  /** Whether pawl_contact_set_verified was called for the account key that they have. */
  int32_t is_verified PAWL_BOOL;
  /** Whether their account has a new key that was neither accepted nor rejected
   * (pawl_contact_accept_identity). Nothing is sent to them meanwhile. */
  int32_t identity_changed PAWL_BOOL;
} pawl_contact;

/** Asks whom `address` names to be a contact. Writing to them does the same by itself. `name` is
 * how we wish to be shown, at most 255 bytes. Whoever registers later did not get it: asking
 * again sends it again. Completes with PAWL_E_BLOCKED, PAWL_E_IDENTITY_CHANGED. */
PAWL_API pawl_status pawl_contact_request(pawl_client* client, const char* address,
                                          const char* name PAWL_NULLABLE,
                                          uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Answers the request of whom `address` names: takes them as a contact when `accept` says so, or
 * else declines, of which they learn nothing. Completes with PAWL_E_NOT_FOUND when they did not
 * ask. */
PAWL_API pawl_status pawl_contact_answer(pawl_client* client, const char* address,
                                         int32_t accept PAWL_BOOL,
                                         uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** With `is_blocked`, blocks whom `address` names: they get no answer, no receipt, and soon no way
 * to reach the mailbox. Without, makes a stranger of them again. */
PAWL_API pawl_status pawl_contact_block(pawl_client* client, const char* address,
                                        int32_t is_blocked PAWL_BOOL,
                                        uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Takes the new account key of the contact at `address`. `account_key` is what
 * PAWL_EVENT_IDENTITY_CHANGED carried as data, so that a further change is not taken unseen.
 * Verification starts anew. Completes with PAWL_E_NOT_FOUND when none waits for a decision,
 * PAWL_E_IDENTITY_CHANGED when another one does. */
PAWL_API pawl_status pawl_contact_accept_identity(
    pawl_client* client, const char* address,
    const uint8_t* account_key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t account_key_len,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");

/** Turns the new `account_key` of the contact at `address` down: the one known before stays, and
 * what waited is sent under it. While this client is open the same key is not reported again.
 * Completes with PAWL_E_NOT_FOUND when none waits for a decision any more, PAWL_E_IDENTITY_CHANGED
 * when another one does. */
PAWL_API pawl_status pawl_contact_reject_identity(
    pawl_client* client, const char* address,
    const uint8_t* account_key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t account_key_len,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");

/** Notes in `is_verified` whether the safety numbers with the contact at `address` were compared
 * and are the same. */
PAWL_API pawl_status pawl_contact_set_verified(pawl_client* client, const char* address,
                                               int32_t is_verified PAWL_BOOL,
                                               uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** The safety number with the contact at `address`: 60 digits, the same at both sides.
 * PAWL_E_NOT_FOUND while their account key is not known. While another key waits for
 * pawl_contact_accept_identity it is still that of the key accepted before. */
PAWL_API pawl_status pawl_contact_safety_number(pawl_client* client, const char* address,
                                                char* out PAWL_OUT_BYTES("PAWL_SAFETY_NUMBER_SIZE"),
                                                size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** All contacts, by address. */
PAWL_API pawl_status pawl_client_contacts(pawl_client* client,
                                          pawl_contacts** out_contacts PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Number of contacts; 0 when the handle is bad. */
PAWL_API size_t pawl_contacts_count(const pawl_contacts* contacts) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** The contact at `index`, or null. Lives as long as `contacts`. */
PAWL_API const pawl_contact* pawl_contacts_at(const pawl_contacts* contacts,
                                              size_t index) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Frees the page, and with it every contact that was read from it. */
PAWL_API void pawl_contacts_release(pawl_contacts* contacts) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_CONTACT_H_ */
