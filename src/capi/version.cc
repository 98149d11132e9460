#include "pawl/version.h"

#define PAWL_TEXT_INNER_(x) #x
#define PAWL_TEXT_(x) PAWL_TEXT_INNER_(x)

extern "C" {

uint32_t pawl_version(void) noexcept { return PAWL_VERSION_NUMBER; }

const char* pawl_version_string(void) noexcept {
  return PAWL_TEXT_(PAWL_VERSION_MAJOR) "." PAWL_TEXT_(PAWL_VERSION_MINOR) "." PAWL_TEXT_(
      PAWL_VERSION_PATCH);
}

}  // extern "C"
