#include "extension.h"

#include "pawl/pawl.h"

int extension_has_pawl(void) {
  pawl_identity* identity = NULL;
  const pawl_status status = pawl_identity_create("alice@example.org", &identity);
  const pawl_status refused = pawl_identity_create("no address", &identity);
  pawl_identity_release(identity);
  return status == PAWL_OK && refused == PAWL_E_INVALID_ARGUMENT;
}
