/* What libpawl could do one day, for the Python package: loaded before it, this says that an
 * encrypted message is smaller than it is, and that events, statuses and contents are of kinds that
 * no header names. */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "pawl/pawl.h"

/* The library came with the extension and is in no scope of ours; PAWL_LIBRARY says which it is. */
static void* Real(const char* name) {
  return dlsym(dlopen(getenv("PAWL_LIBRARY"), RTLD_LAZY | RTLD_NOLOAD), name);
}

#define REAL(name) ((__typeof__(&name))Real(#name))

static int IsWanted(const char* what) {
  const char* wanted = getenv("PAWL_ODD");
  return wanted != NULL && strcmp(wanted, what) == 0;
}

pawl_status pawl_session_encrypted_size(pawl_session* session, size_t plaintext_len,
                                        size_t* out_size) {
  pawl_status status = REAL(pawl_session_encrypted_size)(session, plaintext_len, out_size);
  if (status == PAWL_OK && IsWanted("size")) *out_size = 16;
  return status;
}

const pawl_event* pawl_events_at(const pawl_events* events, size_t index) {
  static pawl_event odd;
  const pawl_event* real = REAL(pawl_events_at)(events, index);
  if (real == NULL || !IsWanted("event")) return real;
  odd = *real;
  odd.type = 7777;
  odd.status = -599;
  odd.address = "not \xff UTF-8";
  return &odd;
}

pawl_status pawl_client_set_online(pawl_client* client, int32_t online) {
  return IsWanted("status") ? -577 : REAL(pawl_client_set_online)(client, online);
}
