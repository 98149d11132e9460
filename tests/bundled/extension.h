#ifndef PAWL_TESTS_BUNDLED_EXTENSION_H_
#define PAWL_TESTS_BUNDLED_EXTENSION_H_

#include "pawl/export.h"

PAWL_BEGIN_DECLS

/* 1 when the library inside the extension module makes an identity, and refuses what is none. */
PAWL_API int extension_has_pawl(void) PAWL_NOEXCEPT;

PAWL_END_DECLS

#endif /* PAWL_TESTS_BUNDLED_EXTENSION_H_ */
