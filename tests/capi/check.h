#ifndef PAWL_TESTS_CAPI_CHECK_H_
#define PAWL_TESTS_CAPI_CHECK_H_

/* What the C tests share. A failed check says where and ends the program. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pawl/pawl.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

/* The call gives exactly this status. */
#define EXPECT(status, call)                                                              \
  do {                                                                                    \
    const pawl_status check_got = (call);                                                 \
    if (check_got != (status)) {                                                          \
      pawl_error_info check_info = PAWL_ERROR_INFO_INIT;                                  \
      pawl_last_error(&check_info);                                                       \
      fprintf(stderr, "%s:%d: %s is %s (%s), not %s\n", __FILE__, __LINE__, #call,        \
              pawl_status_name(check_got), check_info.message, pawl_status_name(status)); \
      exit(1);                                                                            \
    }                                                                                     \
  } while (0)

#define OK(call) EXPECT(PAWL_OK, call)

static const uint8_t kKey[PAWL_KEY_SIZE] = {7, 7, 7};

#endif /* PAWL_TESTS_CAPI_CHECK_H_ */
