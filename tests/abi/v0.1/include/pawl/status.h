#ifndef PAWL_STATUS_H_
#define PAWL_STATUS_H_

#include <stdint.h>

#include "pawl/export.h"

PAWL_BEGIN_DECLS

/** 0 or a negative pawl_status_code. */
typedef int32_t pawl_status;

/** Every way a call can fail. Numbers are never reused or renumbered; the hundreds are the class
 * that a host switches on. New codes may appear in any release: treat an unknown one by its class.
 */
enum PAWL_ANNOTATE("status_enum") pawl_status_code {
  /** It worked. */
  PAWL_OK = 0,

  /* -1xx usage: the caller's mistake. */
  /** An argument is not what the function takes: missing, of a wrong size, not UTF-8, or out of
   * range. The message says what: mend the call. */
  PAWL_E_INVALID_ARGUMENT PAWL_EXC("ValueError,IllegalArgumentException") = -101,
  /** A handle that is null, of another type, or released. Mend the call: nothing was done. */
  PAWL_E_BAD_HANDLE PAWL_EXC("ValueError,IllegalArgumentException") = -102,
  /** The object was closed, here or by another thread. Open another one if it is still needed. */
  PAWL_E_CLOSED = -103,
  /** The result needs more room than was given. Nothing has changed: call again with enough. */
  PAWL_E_BUFFER_TOO_SMALL = -104,
  /** Not possible now, as without an account, while the client is suspended, or with a session that
   * can send no more. Call again when that has changed. */
  PAWL_E_WRONG_STATE PAWL_EXC("RuntimeError,IllegalStateException") = -105,
  /** What the call names is not there: a store, message, contact, key or file. Check what was
   * named; trying again does not help by itself. */
  PAWL_E_NOT_FOUND PAWL_EXC("LookupError,") = -106,
  /** What was to be made is there already, and was left as it is. */
  PAWL_E_ALREADY_EXISTS = -107,
  /** More than the limit, which the function's description or the message names. Send less, or send
   * it as an attachment. */
  PAWL_E_TOO_LARGE PAWL_EXC("ValueError,IllegalArgumentException") = -108,
  /** This device cannot do it, mostly because the account key lives on another one. Do it there. */
  PAWL_E_UNSUPPORTED = -109,
  /** The object was made before fork() in the parent process. The child has to open its own. */
  PAWL_E_FORKED PAWL_EXC("RuntimeError,IllegalStateException") = -110,

  /* -2xx protocol: what a peer or the relay sent cannot be accepted. Nothing has changed. */
  /** Bytes that are not of the format they should be of: damaged, or something else. Have them sent
   * again. */
  PAWL_E_MALFORMED = -201,
  /** Of a format that this release does not know. Update Pawl. */
  PAWL_E_UNSUPPORTED_VERSION = -202,
  /** It was opened or used before, so that its key is gone. Drop it. */
  PAWL_E_REPLAYED = -203,
  /** So many messages before it are missing that none is skipped any more. A client asks for it
   * again by itself; without one, start a new session. */
  PAWL_E_TOO_FAR_AHEAD = -204,
  /** A bundle, or something else that is valid for a time, is too old. Get a fresh one. */
  PAWL_E_EXPIRED = -205,
  /** A bundle is from the future: one of the two clocks is wrong. Check this machine's and get a
   * fresh one. */
  PAWL_E_NOT_YET_VALID = -206,
  /** No key of this store opens the envelope. It is of another device, or of a session that is
   * gone: drop it. */
  PAWL_E_UNKNOWN_SESSION = -207,
  /** The two devices have no cipher suite in common. Update the older one. */
  PAWL_E_NO_COMMON_SUITE = -208,
  /** Made for another device, account or identity than this one. Use it there. */
  PAWL_E_WRONG_RECIPIENT = -209,

  /* -3xx crypto and identity. One code for every authentication failure: no oracle. */
  /** Not what its author made: tampered with, or of another key; or the relay does not believe that
   * this is the device. Do not use it, and do not try the same again. */
  PAWL_E_AUTH_FAILED = -301,
  /** A public key is none that can be used. Whoever sent it is broken or hostile: drop it. */
  PAWL_E_INVALID_KEY = -302,
  /** The contact's account has a new key that nobody has decided on. Have the user compare safety
   * numbers, then call pawl_contact_accept_identity or pawl_contact_reject_identity. */
  PAWL_E_IDENTITY_CHANGED = -303,
  /** The relay showed an older device list than was seen before. Nothing was taken from it; if it
   * stays so, tell the user. */
  PAWL_E_DEVICE_LIST_ROLLED_BACK = -304,
  /** Two device lists have one version, or one does not follow from the one before. Nothing was
   * taken from it; if it stays so, tell the user. */
  PAWL_E_DEVICE_LIST_FORKED = -305,
  /** The device is not in its account's device list, or no longer. When it is this one, it was
   * removed: it has to be linked anew. */
  PAWL_E_DEVICE_NOT_LISTED = -306,
  /** The contact is blocked. Let them in again with pawl_contact_block first. */
  PAWL_E_BLOCKED = -307,

  /* -4xx storage. */
  /** The database failed in another way than those below, as when it is read-only. Look at the
   * permissions of the store's folder. */
  PAWL_E_STORAGE = -401,
  /** There is no room on the disk. Free some: nothing was lost, and a client that runs tries again
   * by itself. */
  PAWL_E_DISK_FULL = -402,
  /** The passphrase or host key is not the one of this store or backup. Ask for it again. */
  PAWL_E_WRONG_KEY = -403,
  /** The store's files are damaged, or one is missing. Put a copy back, or take the account over
   * from its recovery backup. */
  PAWL_E_CORRUPT = -404,
  /** Another process or object has the store open for writing: close or suspend it there, or look
   * on with pawl_peek_open. */
  PAWL_E_STORE_LOCKED = -405,
  /** A later release wrote the store. Update Pawl. */
  PAWL_E_STORE_TOO_NEW = -406,
  /** A plain database stands in the store's place, and was not touched. Choose another folder. */
  PAWL_E_NOT_ENCRYPTED = -407,
  /** The system could not open, read or write a file. Look at the disk and the permissions, then
   * try again. */
  PAWL_E_IO PAWL_EXC("OSError,") = -408,
  /** A file changed while it was being sent. Send it anew. */
  PAWL_E_SOURCE_CHANGED = -409,
  /** This is an older copy of the store. A client that opens it gets new keys and goes on by
   * itself; a peek has to wait for that. */
  PAWL_E_DIVERGED = -410,
  /** Another copy of the store took this device's place: this one only reads. Go on with the other
   * one. */
  PAWL_E_SUPERSEDED = -411,
  /** Made by an earlier release, to be opened once with pawl_client_open by this one. */
  PAWL_E_STORE_TOO_OLD = -412,

  /* -5xx network and relay. */
  /** There is no connection to the relay. A client connects again by itself; anything else may try
   * again later. */
  PAWL_E_DISCONNECTED PAWL_EXC("ConnectionError,") = -501,
  /** Nothing came, or nothing could be done, in the time that was given. Call again. */
  PAWL_E_TIMEOUT PAWL_EXC("TimeoutError,") = -502,
  /** The relay is not the one that the pins or the CA certificates promise, or does not speak TLS
   * 1.3. Check its address and those. */
  PAWL_E_TLS_FAILED PAWL_EXC("ConnectionError,") = -503,
  /** The relay refused for a reason that has no code of its own here. Ask its owner. */
  PAWL_E_RELAY_REFUSED = -504,
  /** Too much in too short a time. Wait as long as the error or its event says, then try again. */
  PAWL_E_RATE_LIMITED = -505,
  /** A quota of the relay is used up. Wait, send less, or ask its owner for more. */
  PAWL_E_QUOTA_EXCEEDED = -506,
  /** Somebody has this address already. Choose another one. */
  PAWL_E_NAME_TAKEN = -507,
  /** The relay takes new accounts by invitation alone, and this was no valid one. Ask its owner for
   * one. */
  PAWL_E_INVITATION_REQUIRED = -508,
  /** The same device connected from another store or process. Stop one of the two. */
  PAWL_E_REPLACED_ELSEWHERE = -509,
  /** A device of the recipient was offline so long that its keys at the relay are too old. The
   * message waits, and is tried again by itself. */
  PAWL_E_PEER_BUNDLE_EXPIRED = -510,

  /* -6xx flow. */
  /** The command queue is full; PAWL_EVENT_DRAINED says when to try again. */
  PAWL_E_WOULD_BLOCK = -601,
  /** Cancelled, or the object was closed or suspended meanwhile. Ask again if it is still wanted.
   */
  PAWL_E_CANCELLED = -602,

  /* -9xx a defect of Pawl itself, or no memory. */
  /** A defect of Pawl. Please report it, with the log. */
  PAWL_E_INTERNAL = -901,
  /** There is no memory left. Free some and try again. */
  PAWL_E_OUT_OF_MEMORY PAWL_EXC("MemoryError,OutOfMemoryError") = -902
};

/** What the last failed call on this thread had to say. */
typedef struct PAWL_RESULT pawl_error_info {
  uint32_t struct_size;
  /** What that call returned; PAWL_OK when none has failed. */
  pawl_status status;
  /** Whether the same call may succeed later without any change: by pawl_status_is_retryable, or
   * because retry_after_ms says when. */
  int32_t retryable PAWL_BOOL;
  int32_t reserved;
  /** English, free of user data: for logs, not for users. */
  const char* message;
  /** How long to wait before trying again; 0: not known. Only pawl_peek_fetch talks to a relay, so
   * only its failures can know it. */
  int64_t retry_after_ms;
} pawl_error_info; /* 0.1 baseline ends here */

#define PAWL_ERROR_INFO_INIT \
  { sizeof(pawl_error_info), 0, 0, 0, 0, 0 }

/** What the last failure on this thread was (PAWL_OK and "" when there was none). A call that
 * succeeds leaves it alone. Failures of asynchronous requests travel in their events only. */
PAWL_API pawl_status pawl_last_error(pawl_error_info* out_info) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** The name of a status: "AUTH_FAILED" for PAWL_E_AUTH_FAILED, "UNKNOWN" for a number without a
 * name. */
PAWL_API const char* pawl_status_name(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** Whether what failed with `status` may succeed later without any change; false for a number
 * without a name. Ask this library, which knows every status that it gives. An error that says when
 * to try again may pass as well, whatever its status. */
PAWL_API int32_t pawl_status_is_retryable(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_BOOL
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_STATUS_H_ */
