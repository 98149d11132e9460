#ifndef PAWL_TESTS_CAPI_FILES_H_
#define PAWL_TESTS_CAPI_FILES_H_

#include "check.h"

#define MIB (1024 * 1024)

/* Both have the same bytes; returns how many. */
static inline size_t check_same(const char* path_a, const char* path_b) {
  FILE *a = fopen(path_a, "rb"), *b = fopen(path_b, "rb");
  static uint8_t from_a[65536], from_b[65536];
  size_t got_a, got_b, total = 0;
  CHECK(a != NULL && b != NULL);
  do {
    got_a = fread(from_a, 1, sizeof(from_a), a);
    got_b = fread(from_b, 1, sizeof(from_b), b);
    CHECK(got_a == got_b && memcmp(from_a, from_b, got_a) == 0);
    total += got_a;
  } while (got_a > 0);
  fclose(a);
  fclose(b);
  return total;
}

#endif /* PAWL_TESTS_CAPI_FILES_H_ */
