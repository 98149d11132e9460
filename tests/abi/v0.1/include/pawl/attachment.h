#ifndef PAWL_ATTACHMENT_H_
#define PAWL_ATTACHMENT_H_

#include "pawl/types.h"

/* Files of any size, in constant memory. A file is encrypted and uploaded piece by piece, and the
 * message that points to it follows when all of it is at the relay. PAWL_EVENT_PROGRESS tells how
 * far it is; a break of the connection, a restart or a crash resumes where the relay left off. */

PAWL_BEGIN_DECLS

/** How a file is shown to its recipient. Everything is copied. */
typedef struct PAWL_OPTIONS pawl_attachment_options {
  uint32_t struct_size;
  /** Seconds after which both sides delete the message; 0: never. */
  uint32_t expires_in_s;
  /** The file's name as the recipient sees it, at most 255 bytes. Null: the last part of the path,
   * or none where there is no path. */
  const char* name PAWL_NULLABLE;
  /** What is in it, such as "image/png", at most 127 bytes. Null: not said. */
  const char* media_type PAWL_NULLABLE;
  /** Words to go with it, at most 4 KiB. Null: none. */
  const char* caption PAWL_NULLABLE;
  /** A small picture of it, at most 16 KiB; travels in the message itself. Null: none. */
  const uint8_t* thumbnail PAWL_NULLABLE;
  size_t thumbnail_len;
} pawl_attachment_options; /* 0.1 baseline ends here */

#define PAWL_ATTACHMENT_OPTIONS_INIT \
  { sizeof(pawl_attachment_options), 0, 0, 0, 0, 0, 0 }

/** Sends the regular file at `path`, which must stay as it is until the upload is over: the request
 * completes then, and PAWL_EVENT_ATTACHMENT says the same durably. Fails with
 * PAWL_E_SOURCE_CHANGED, PAWL_E_QUOTA_EXCEEDED (what the relay lets an account upload in 30 days,
 * in whole MiB for each file), PAWL_E_RELAY_REFUSED, PAWL_E_CANCELLED, PAWL_E_IO, PAWL_E_NOT_FOUND.
 */
PAWL_API pawl_status pawl_attachment_send_file(pawl_conversation* conversation, const char* path,
                                               const pawl_attachment_options* options PAWL_NULLABLE,
                                               pawl_id* out_message_id,
                                               uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** The same from `fd`, an open descriptor of a regular file, which is duplicated: it stays the
 * caller's, to be closed at any time. It cannot be opened again after a restart, which then ends
 * the upload as PAWL_E_CANCELLED. PAWL_E_INVALID_ARGUMENT when it is of no regular file. */
PAWL_API pawl_status pawl_attachment_send_fd(pawl_conversation* conversation, int32_t fd,
                                             const pawl_attachment_options* options PAWL_NULLABLE,
                                             pawl_id* out_message_id,
                                             uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Starts sending `size` bytes that the caller hands over by pawl_upload_write. A restart ends it
 * as PAWL_E_CANCELLED. PAWL_E_TOO_LARGE: more than 1 TiB. */
PAWL_API pawl_status pawl_upload_begin(pawl_conversation* conversation, uint64_t size,
                                       const pawl_attachment_options* options PAWL_NULLABLE,
                                       pawl_id* out_message_id, uint64_t* out_request_id,
                                       pawl_upload** out_upload PAWL_OWNED) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Hands over the next bytes, waiting up to timeout_ms (0: not at all; below 0: for ever) until
 * there is room for all of them. PAWL_E_TIMEOUT: none were taken. PAWL_E_TOO_LARGE: more than a
 * MiB, or beyond the size. PAWL_E_CLOSED: the upload is over. */
PAWL_API pawl_status pawl_upload_write(pawl_upload* upload, const uint8_t* bytes, size_t bytes_len,
                                       int32_t timeout_ms PAWL_WAIT) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Cancels the upload unless all bytes were handed over. */
PAWL_API void pawl_upload_close(pawl_upload* upload) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");
/** Gives the upload back. One that has not got all its bytes is cancelled. */
PAWL_API void pawl_upload_release(pawl_upload* upload) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

/** Fetches the file that the message `message_id` points to and writes it to `path`: to
 * "<path>.part" until every piece is there and verified, then renamed (over what was there). The
 * request completes then, and PAWL_EVENT_ATTACHMENT says the same durably. Fails with
 * PAWL_E_NOT_FOUND (expired or deleted at the relay), PAWL_E_AUTH_FAILED (not what the sender
 * sent), PAWL_E_DISK_FULL, PAWL_E_IO, PAWL_E_CANCELLED. */
PAWL_API pawl_status pawl_attachment_download(pawl_client* client, const pawl_id* message_id,
                                              const char* path,
                                              uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Ends the upload or download of the message `message_id` with PAWL_E_CANCELLED. Completes with
 * PAWL_E_NOT_FOUND when none is under way. */
PAWL_API pawl_status pawl_attachment_cancel(pawl_client* client, const pawl_id* message_id,
                                            uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_ATTACHMENT_H_ */
