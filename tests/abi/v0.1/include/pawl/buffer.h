#ifndef PAWL_BUFFER_H_
#define PAWL_BUFFER_H_

#include "pawl/types.h"

PAWL_BEGIN_DECLS

/** The bytes, valid until release; null when the handle is bad. */
PAWL_API const uint8_t* pawl_buffer_data(const pawl_buffer* buffer) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Number of bytes; 0 when the handle is bad. */
PAWL_API size_t pawl_buffer_size(const pawl_buffer* buffer) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

/** Wipes the bytes and frees them. */
PAWL_API void pawl_buffer_release(pawl_buffer* buffer) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_BUFFER_H_ */
