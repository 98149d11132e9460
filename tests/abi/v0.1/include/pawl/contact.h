#ifndef PAWL_CONTACT_H_
#define PAWL_CONTACT_H_

#include "pawl/types.h"

PAWL_BEGIN_DECLS

enum PAWL_ANNOTATE("enum") pawl_contact_state {
  PAWL_CONTACT_NONE = 0,
  /** We asked, no answer yet. */
  PAWL_CONTACT_REQUESTED = 1,
  /** They asked; pawl_contact_answer or pawl_contact_block answers. */
  PAWL_CONTACT_ASKING = 2,
  PAWL_CONTACT_ACCEPTED = 3,
  PAWL_CONTACT_BLOCKED = 4
};

/** Somebody this account has to do with. */
typedef struct PAWL_VIEW pawl_contact {
  uint32_t struct_size;
  int32_t state PAWL_ENUM("pawl_contact_state");
  const char* address;
  /** The name they gave with their request, or "". */
  const char* name;
  /** 1 after pawl_contact_set_verified. */
  int32_t is_verified PAWL_BOOL;
  /** 1 while their account has a new key that was neither accepted nor rejected
   * (pawl_contact_accept_identity). Nothing is sent to them meanwhile. */
  int32_t identity_changed PAWL_BOOL;
} pawl_contact;

/** Asks somebody to be a contact. Writing to somebody does the same by itself. `name` is how we
 * wish to be shown. */
PAWL_API pawl_status pawl_contact_request(pawl_client* client, const char* address,
                                          const char* name PAWL_NULLABLE,
                                          uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Answers somebody's request: accepts it (1) or declines it (0). */
PAWL_API pawl_status pawl_contact_answer(pawl_client* client, const char* address,
                                         int32_t accept PAWL_BOOL,
                                         uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Blocks somebody (1): they get no answer, no receipt, and soon no way to reach the mailbox. Or
 * makes a stranger of them again (0). */
PAWL_API pawl_status pawl_contact_block(pawl_client* client, const char* address,
                                        int32_t is_blocked PAWL_BOOL,
                                        uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Takes a contact's new account key: the one that PAWL_EVENT_IDENTITY_CHANGED carried as data, so
 * that a further change is not taken unseen. Verification starts anew. */
PAWL_API pawl_status pawl_contact_accept_identity(
    pawl_client* client, const char* address,
    const uint8_t* account_key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t account_key_len,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");

/** Turns that account key down: the one known before stays, and what waited is sent under it. While
 * this client is open the same key is not reported again. PAWL_E_NOT_FOUND when none waits for a
 * decision any more, PAWL_E_IDENTITY_CHANGED when another one does. */
PAWL_API pawl_status pawl_contact_reject_identity(
    pawl_client* client, const char* address,
    const uint8_t* account_key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t account_key_len,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");

/** Notes that the safety numbers were compared (1) or no longer hold (0). */
PAWL_API pawl_status pawl_contact_set_verified(pawl_client* client, const char* address,
                                               int32_t is_verified PAWL_BOOL,
                                               uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** The safety number with a contact: 60 digits, the same at both sides. PAWL_E_NOT_FOUND while
 * their account key is not known. While another key waits for pawl_contact_accept_identity it is
 * still that of the key accepted before. */
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

PAWL_API void pawl_contacts_release(pawl_contacts* contacts) PAWL_NOEXCEPT PAWL_DTOR
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_CONTACT_H_ */
