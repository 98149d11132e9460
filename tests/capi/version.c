/* The headers a program was compiled with and the library it runs with say the same release. */
#include <pawl/pawl.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", PAWL_VERSION_MAJOR, PAWL_VERSION_MINOR,
           PAWL_VERSION_PATCH);
  if (pawl_version() != PAWL_VERSION_NUMBER) return 1;
  return strcmp(pawl_version_string(), text) == 0 ? 0 : 2;
}
