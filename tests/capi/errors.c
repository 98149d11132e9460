/* What a failed call says: whether trying again may help, and when. */

#include "check.h"

static pawl_error_info last_error(void) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  OK(pawl_last_error(&info));
  return info;
}

static void before_anything_failed(void) {
  const pawl_error_info info = last_error();
  CHECK(info.status == PAWL_OK && info.retryable == 0 && info.retry_after_ms == 0);
  CHECK(strcmp(info.message, "") == 0);
}

static void a_status_says_whether_it_may_pass(void) {
  CHECK(pawl_status_is_retryable(PAWL_E_RATE_LIMITED) == 1);
  CHECK(pawl_status_is_retryable(PAWL_E_WOULD_BLOCK) == 1);
  CHECK(pawl_status_is_retryable(PAWL_E_AUTH_FAILED) == 0);
  CHECK(pawl_status_is_retryable(PAWL_OK) == 0);
  CHECK(pawl_status_is_retryable(-100000) == 0);
}

static void a_mistake_is_not_to_be_repeated(void) {
  pawl_identity* identity = NULL;
  pawl_error_info info;
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_create("no address", &identity));
  info = last_error();
  CHECK(info.status == PAWL_E_INVALID_ARGUMENT);
  CHECK(info.retryable == 0 && info.retry_after_ms == 0 && info.message[0] != '\0');
}

static void older_and_newer_programs(void) {
  struct {
    pawl_error_info known;
    uint64_t newer;
  } grown;
  memset(&grown, 0, sizeof(grown));
  grown.known.struct_size = sizeof(grown);
  grown.newer = 77;
  OK(pawl_last_error(&grown.known));
  CHECK(grown.newer == 77 && grown.known.struct_size == sizeof(grown));
  grown.known.struct_size = sizeof(pawl_error_info) - 8;
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_last_error(&grown.known));
}

int main(void) {
  before_anything_failed();
  a_status_says_whether_it_may_pass();
  a_mistake_is_not_to_be_repeated();
  older_and_newer_programs();
  puts("errors say what they should");
  return 0;
}
