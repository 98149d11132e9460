#ifndef PAWL_KNOWN_H_
#define PAWL_KNOWN_H_

/* What the hand-written halves of the bindings know by name, and small.h lacks. */

#include "pawl/small.h"

#define PAWL_VERSION_NUMBER 2005

/* No codes of small.h's enum: failures that no class is generated for. */
#define PAWL_E_BUFFER_TOO_SMALL (-104)
#define PAWL_E_TOO_LARGE (-108)
#define PAWL_E_OUT_OF_MEMORY (-902)

PAWL_BEGIN_DECLS

typedef struct PAWL_RESULT pawl_error_info {
  uint32_t struct_size;
  pawl_status status;
  int32_t retryable PAWL_BOOL;
  int32_t reserved;
  const char* message;
  int64_t retry_after_ms;
} pawl_error_info;

#define PAWL_ERROR_INFO_INIT \
  { sizeof(pawl_error_info), 0, 0, 0, 0, 0 }

PAWL_API pawl_status pawl_last_error(pawl_error_info* out_info) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API const char* pawl_version_string(void) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_KNOWN_H_ */
