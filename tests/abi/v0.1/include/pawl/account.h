#ifndef PAWL_ACCOUNT_H_
#define PAWL_ACCOUNT_H_

#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** How far this store is on its way to an account. */
enum PAWL_ANNOTATE("enum") pawl_account_state {
  /** The store is new: register an account, import one, or link to one. */
  PAWL_ACCOUNT_NONE = 0,
  /** The keys are made, the relay has not confirmed them yet. */
  PAWL_ACCOUNT_REGISTERING = 1,
  /** The account and this device exist at the relay: messages can be sent. */
  PAWL_ACCOUNT_REGISTERED = 2
};

/** What this store knows of its own account. */
typedef struct PAWL_RESULT pawl_account_info {
  uint32_t struct_size;
  /** Whether there is an account yet. */
  int32_t state PAWL_ENUM("pawl_account_state");
  /** The number of this device among those of the account; 0: there is none yet. */
  uint32_t device_id;
  /** Whether this store holds the account key, so that it can add and remove devices. */
  int32_t has_account_key PAWL_BOOL;
} pawl_account_info;

#define PAWL_ACCOUNT_INFO_INIT \
  { sizeof(pawl_account_info), 0, 0, 0 }

/** One device of this account. */
typedef struct PAWL_VIEW pawl_device {
  uint32_t struct_size;
  /** Its number among those of the account. */
  uint32_t device_id;
  /** Whether it is the one that asks. */
  int32_t is_this_device PAWL_BOOL;
  int32_t reserved;
  /** When it was added to the list, by the clock of the device that did so. */
  int64_t added_ms;
} pawl_device;

/** Registers a new account with this store as its first device. `address` is "name@domain";
 * `invitation` is what the relay's owner handed out (at most 64 bytes), where that is asked for.
 * Completes with PAWL_E_NAME_TAKEN, PAWL_E_INVITATION_REQUIRED, PAWL_E_RELAY_REFUSED,
 * PAWL_E_WRONG_STATE (this store has an account); keeps trying while there is no connection. */
PAWL_API pawl_status pawl_account_register(pawl_client* client, const char* address,
                                           const char* invitation PAWL_NULLABLE,
                                           uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** What is known of the account, from this store alone. */
PAWL_API pawl_status pawl_account_get_info(pawl_client* client,
                                           pawl_account_info* out_info) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The account's address. PAWL_E_WRONG_STATE before registration was asked for. */
PAWL_API pawl_status pawl_account_address(pawl_client* client,
                                          char* out PAWL_OUT_BYTES("PAWL_ADDRESS_SIZE"),
                                          size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** The account's devices, as its own signed list has them. */
PAWL_API pawl_status pawl_account_devices(pawl_client* client,
                                          pawl_devices** out_devices PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Takes the lost device `device_id` off the list; contacts stop sending to it. Needs the account
 * key; completes with PAWL_E_UNSUPPORTED without it, PAWL_E_NOT_FOUND when there is no such device.
 */
PAWL_API pawl_status pawl_account_remove_device(pawl_client* client, uint32_t device_id,
                                                uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** The recovery backup: account key and contacts, sealed under the passphrase (up to 1,024 bytes;
 * Argon2id, about a second). It is the only thing by which a lost account can be had back. The
 * completion's data is the backup. Needs the account key. */
PAWL_API pawl_status pawl_account_export(pawl_client* client, const char* passphrase,
                                         uint64_t* out_request_id)
    PAWL_NOEXCEPT PAWL_BLOCKING PAWL_ASYNC_DATA PAWL_SINCE("0.1");

/** Takes the account in the backup over into this new store, with its account key; `passphrase` is
 * the one that pawl_account_export was given. PAWL_E_WRONG_KEY and PAWL_E_MALFORMED at once;
 * completes when the relay has the new device list. */
PAWL_API pawl_status pawl_account_import(
    pawl_client* client, const uint8_t* backup, size_t backup_len, const char* passphrase,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_BLOCKING PAWL_ASYNC PAWL_SINCE("0.1");

/** Makes this new store a further device of `address`, step 1 of 3. The completion's data is a link
 * request (public keys only), to be carried to the device that holds the account key. */
PAWL_API pawl_status pawl_account_begin_link(pawl_client* client, const char* address,
                                             uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC_DATA
    PAWL_SINCE("0.1");

/** Step 2, on the device that holds the account key: adds the device of `link_request` to the
 * account's list. The completion's data is the link response, encrypted to the new device. */
PAWL_API pawl_status pawl_account_approve_link(pawl_client* client, const uint8_t* link_request,
                                               size_t link_request_len, uint64_t* out_request_id)
    PAWL_NOEXCEPT PAWL_ASYNC_DATA PAWL_SINCE("0.1");

/** Step 3, on the new device, with the `link_response` of step 2; completes like
 * pawl_account_register. */
PAWL_API pawl_status pawl_account_complete_link(pawl_client* client, const uint8_t* link_response,
                                                size_t link_response_len,
                                                uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Number of devices; 0 when the handle is bad. */
PAWL_API size_t pawl_devices_count(const pawl_devices* devices) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** The device at `index`, or null. Lives as long as `devices`. */
PAWL_API const pawl_device* pawl_devices_at(const pawl_devices* devices,
                                            size_t index) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** Frees the list, and with it every device that was read from it. */
PAWL_API void pawl_devices_release(pawl_devices* devices) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_ACCOUNT_H_ */
