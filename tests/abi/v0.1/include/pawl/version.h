#ifndef PAWL_VERSION_H_
#define PAWL_VERSION_H_

#include <stdint.h>

#include "pawl/export.h"

/* The release these headers belong to. Within a major version (within a minor version before 1.0)
 * declarations are only added. */
#define PAWL_VERSION_MAJOR 0
#define PAWL_VERSION_MINOR 1
#define PAWL_VERSION_PATCH 0
#define PAWL_VERSION_NUMBER \
  (PAWL_VERSION_MAJOR * 1000000 + PAWL_VERSION_MINOR * 1000 + PAWL_VERSION_PATCH)

PAWL_BEGIN_DECLS

/** The loaded library's PAWL_VERSION_NUMBER. */
PAWL_API uint32_t pawl_version(void) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** The loaded library's version as text, "0.1.0". */
PAWL_API const char* pawl_version_string(void) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_VERSION_H_ */
