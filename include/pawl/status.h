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
  PAWL_OK = 0,

  /* -1xx usage: the caller's mistake. */
  PAWL_E_INVALID_ARGUMENT PAWL_EXC("ValueError,IllegalArgumentException") = -101,
  /** A handle that is null, of another type, or released. */
  PAWL_E_BAD_HANDLE PAWL_EXC("ValueError,IllegalArgumentException") = -102,
  PAWL_E_CLOSED = -103,
  PAWL_E_BUFFER_TOO_SMALL = -104,
  PAWL_E_WRONG_STATE PAWL_EXC("RuntimeError,IllegalStateException") = -105,
  PAWL_E_NOT_FOUND PAWL_EXC("LookupError,") = -106,
  PAWL_E_ALREADY_EXISTS = -107,
  PAWL_E_TOO_LARGE PAWL_EXC("ValueError,IllegalArgumentException") = -108,
  PAWL_E_UNSUPPORTED = -109,
  /** The object was made before fork() in the parent process. */
  PAWL_E_FORKED PAWL_EXC("RuntimeError,IllegalStateException") = -110,

  /* -2xx protocol: what a peer or the relay sent cannot be accepted. Nothing has changed. */
  PAWL_E_MALFORMED = -201,
  PAWL_E_UNSUPPORTED_VERSION = -202,
  PAWL_E_REPLAYED = -203,
  PAWL_E_TOO_FAR_AHEAD = -204,
  PAWL_E_EXPIRED = -205,
  PAWL_E_NOT_YET_VALID = -206,
  PAWL_E_UNKNOWN_SESSION = -207,
  PAWL_E_NO_COMMON_SUITE = -208,
  PAWL_E_WRONG_RECIPIENT = -209,

  /* -3xx crypto and identity. One code for every authentication failure: no oracle. */
  PAWL_E_AUTH_FAILED = -301,
  PAWL_E_INVALID_KEY = -302,
  PAWL_E_IDENTITY_CHANGED = -303,
  PAWL_E_DEVICE_LIST_ROLLED_BACK = -304,
  PAWL_E_DEVICE_LIST_FORKED = -305,
  PAWL_E_DEVICE_NOT_LISTED = -306,
  PAWL_E_BLOCKED = -307,

  /* -4xx storage. */
  PAWL_E_STORAGE = -401,
  PAWL_E_DISK_FULL = -402,
  PAWL_E_WRONG_KEY = -403,
  PAWL_E_CORRUPT = -404,
  /** Another process or object has the store open for writing: close or suspend it there, or look
   * on with pawl_peek_open. */
  PAWL_E_STORE_LOCKED = -405,
  PAWL_E_STORE_TOO_NEW = -406,
  PAWL_E_NOT_ENCRYPTED = -407,
  PAWL_E_IO PAWL_EXC("OSError,") = -408,
  /** A file changed while it was being sent. */
  PAWL_E_SOURCE_CHANGED = -409,
  /** This is an older copy of the store. */
  PAWL_E_DIVERGED = -410,
  /** Another copy of the store took this device's place: this one only reads. */
  PAWL_E_SUPERSEDED = -411,
  /** Made by an earlier release, to be opened once with pawl_client_open by this one. */
  PAWL_E_STORE_TOO_OLD = -412,

  /* -5xx network and relay. */
  PAWL_E_DISCONNECTED PAWL_EXC("ConnectionError,") = -501,
  PAWL_E_TIMEOUT PAWL_EXC("TimeoutError,") = -502,
  PAWL_E_TLS_FAILED PAWL_EXC("ConnectionError,") = -503,
  PAWL_E_RELAY_REFUSED = -504,
  PAWL_E_RATE_LIMITED = -505,
  PAWL_E_QUOTA_EXCEEDED = -506,
  PAWL_E_NAME_TAKEN = -507,
  PAWL_E_INVITATION_REQUIRED = -508,
  /** The same device connected from another store or process. */
  PAWL_E_REPLACED_ELSEWHERE = -509,
  PAWL_E_PEER_BUNDLE_EXPIRED = -510,

  /* -6xx flow. */
  /** The command queue is full; PAWL_EVENT_DRAINED says when to try again. */
  PAWL_E_WOULD_BLOCK = -601,
  PAWL_E_CANCELLED = -602,

  /* -9xx a defect of Pawl itself, or no memory. */
  PAWL_E_INTERNAL = -901,
  PAWL_E_OUT_OF_MEMORY PAWL_EXC("MemoryError,OutOfMemoryError") = -902
};

/** What the last failed call on this thread had to say. */
typedef struct PAWL_RESULT pawl_error_info {
  uint32_t struct_size;
  pawl_status status;
  /** 1 when the same call may succeed later without any change: by pawl_status_is_retryable, or
   * because retry_after_ms says when. */
  int32_t retryable PAWL_BOOL;
  int32_t reserved;
  /** English, static, free of user data: for logs, not for users. */
  const char* message;
  /** How long to wait before trying again; 0: not known. Only pawl_peek_fetch talks to a relay, so
   * only its failures can know it. */
  int64_t retry_after_ms;
} pawl_error_info; /* 0.1 baseline ends here */

#define PAWL_ERROR_INFO_INIT \
  { sizeof(pawl_error_info), 0, 0, 0, 0, 0 }

/** Fills in *out_info from this thread's last failure (PAWL_OK and "" when there was none). A call
 * that succeeds leaves it alone. Failures of asynchronous requests travel in their events only. */
PAWL_API pawl_status pawl_last_error(pawl_error_info* out_info) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** "AUTH_FAILED" for PAWL_E_AUTH_FAILED, "UNKNOWN" for a number without a name. Static. */
PAWL_API const char* pawl_status_name(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** 1 when what failed with `status` may succeed later without any change; 0 otherwise, and for a
 * number without a name. Ask this library, which knows every status that it gives. An error that
 * says when to try again may pass as well, whatever its status. */
PAWL_API int32_t pawl_status_is_retryable(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_BOOL
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_STATUS_H_ */
