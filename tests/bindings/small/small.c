/* The library of small.h: it keeps what arrived, and gives it back, so that called.py and
 * Called.java see whether every value came through. */

#include <stdlib.h>
#include <string.h>

#include "pawl/pawl.h"

enum { kMostGlows = 4 };

struct pawl_lamp {
  pawl_lamp_options options; /* its pointers are those to the fields below */
  char place[32];
  uint8_t key[8];
  pawl_id owner;
  pawl_id id;
  int32_t is_on, colour, is_closed;
  uint32_t flags;
  double power;
  char label[PAWL_PAIR_SIZE];
};
struct pawl_ray {
  int unused;
};
struct pawl_blob {
  uint8_t bytes[3];
};
struct pawl_glows {
  size_t count;
  uint8_t data[kMostGlows];
  pawl_glow glows[kMostGlows];
};

int living = 0; /* objects; called.py looks at it */

static void* made(size_t size) {
  ++living;
  return calloc(1, size);
}

static void gone(void* object) {
  if (object == NULL) return;
  --living;
  free(object);
}

pawl_status pawl_last_error(pawl_error_info* info) {
  info->status = PAWL_E_TIMEOUT;
  info->retryable = 1;
  info->retry_after_ms = 250;
  info->message = "late";
  return PAWL_OK;
}
uint32_t pawl_version(void) { return PAWL_VERSION_NUMBER; }
const char* pawl_version_string(void) { return "0.2.5"; }
const char* pawl_status_name(pawl_status status) {
  return status == PAWL_E_TIMEOUT ? "TIMEOUT" : "OTHER";
}
int32_t pawl_status_is_retryable(pawl_status status) { return status == PAWL_E_TIMEOUT; }
double pawl_brightest(void) { return 2.5; }

pawl_status pawl_lamp_open(const pawl_lamp_options* options, const pawl_id* id, pawl_lamp** out) {
  pawl_lamp* lamp;
  *out = NULL;
  if (options->struct_size != sizeof(*options) || options->key_len > sizeof(lamp->key) ||
      strlen(options->place) >= sizeof(lamp->place)) {
    return PAWL_E_INVALID_ARGUMENT;
  }
  if (strcmp(options->place, "nowhere") == 0) return PAWL_E_TIMEOUT;
  lamp = made(sizeof(*lamp));
  lamp->options = *options;
  lamp->options.place = memcpy(lamp->place, options->place, strlen(options->place) + 1);
  if (options->key != NULL) {
    memcpy(lamp->key, options->key, options->key_len);
    lamp->options.key = lamp->key;
  }
  if (options->owner != NULL) {
    lamp->owner = *options->owner;
    lamp->options.owner = &lamp->owner;
  }
  if (id != NULL) lamp->id = *id;
  *out = lamp;
  return PAWL_OK;
}

pawl_status pawl_lamp_light(pawl_lamp* lamp, int32_t on, int32_t colour, uint32_t flags,
                            double power, const char* label, uint64_t* out_request_id) {
  lamp->is_on = on;
  lamp->colour = colour;
  lamp->flags = flags;
  lamp->power = power;
  strncpy(lamp->label, label == NULL ? "none" : label, sizeof(lamp->label) - 1);
  *out_request_id = 77;
  return PAWL_OK;
}
pawl_status pawl_lamp_measure(pawl_lamp* lamp, uint64_t* out_request_id) {
  *out_request_id = 78;
  return lamp->is_closed ? PAWL_E_CLOSED : PAWL_OK;
}
pawl_status pawl_lamp_state(pawl_lamp* lamp, int32_t* out_level, double* out_power,
                            int32_t* out_is_on, int32_t* out_colour, pawl_id* out_id,
                            pawl_lamp_info* out_info) {
  *out_level = -(int32_t)lamp->flags;
  *out_power = lamp->power;
  *out_is_on = lamp->is_on;
  *out_colour = lamp->colour;
  *out_id = lamp->id;
  if (out_info->struct_size != sizeof(*out_info)) return PAWL_E_INVALID_ARGUMENT;
  out_info->status = PAWL_E_TIMEOUT;
  out_info->is_on = !lamp->is_on;
  out_info->message = "fine \xe2\x80\x94 so far";
  return PAWL_OK;
}

static pawl_status write_out(const void* from, size_t size, void* out, size_t cap, size_t* len) {
  *len = size;
  if (size > cap) return PAWL_E_BUFFER_TOO_SMALL;
  memcpy(out, from, size);
  return PAWL_OK;
}
pawl_status pawl_lamp_label(pawl_lamp* lamp, char* out, size_t out_cap, size_t* out_len) {
  return write_out(lamp->label, strlen(lamp->label) + 1, out, out_cap, out_len);
}
/* Says less than what is needed, as when the lamp changes between the two calls. */
pawl_status pawl_lamp_sealed_size(pawl_lamp* lamp, size_t bytes_len, size_t* out_size) {
  (void)lamp;
  *out_size = bytes_len / 2;
  return PAWL_OK;
}
pawl_status pawl_lamp_seal(pawl_lamp* lamp, const uint8_t* bytes, size_t bytes_len,
                           const uint8_t* key, size_t key_len, uint8_t* out, size_t out_cap,
                           size_t* out_len) {
  uint8_t sealed[256];
  (void)lamp;
  if (key_len != PAWL_KEY_SIZE || bytes_len >= sizeof(sealed)) return PAWL_E_INVALID_ARGUMENT;
  sealed[0] = bytes == NULL ? 0xee : key[PAWL_KEY_SIZE - 1];
  if (bytes != NULL) memcpy(sealed + 1, bytes, bytes_len);
  return write_out(sealed, bytes_len + 1, out, out_cap, out_len);
}
pawl_status pawl_lamp_mix(pawl_lamp* first, pawl_lamp* second, const uint8_t* seed, size_t seed_len,
                          uint8_t* out, size_t out_cap, size_t* out_len) {
  uint8_t mixed[256] = {0};
  if (seed_len == 0 || seed_len + 24 > sizeof(mixed)) return PAWL_E_CLOSED;
  memcpy(mixed, seed, seed_len);
  mixed[seed_len] = first->id.bytes[0];
  mixed[seed_len + 1] = second == NULL ? 0xee : second->id.bytes[0];
  return write_out(mixed, seed_len + 24, out, out_cap, out_len);
}

/* The first glow has nothing that may be absent, the others have everything. */
pawl_status pawl_lamp_glows(pawl_lamp* lamp, uint32_t max, int32_t timeout_ms, pawl_glows** out) {
  size_t i;
  pawl_glows* glows;
  *out = NULL;
  if (max > kMostGlows) return PAWL_E_INVALID_ARGUMENT;
  glows = made(sizeof(*glows));
  glows->count = max;
  for (i = 0; i < max; ++i) {
    pawl_glow* glow = &glows->glows[i];
    glow->struct_size = sizeof(*glow);
    glow->colour = (int32_t)i + 1;
    glow->id.bytes[15] = glows->data[i] = (uint8_t)(10 * i);
    glow->parent = i == 0 ? NULL : &lamp->id;
    glow->lamp = i == 0 ? NULL : &lamp->options;
    glow->data = i == 0 ? NULL : glows->data;
    glow->data_len = i == 0 ? 0 : i + 1;
    glow->time_ms = -(((int64_t)1 << 40) + timeout_ms);
  }
  *out = glows;
  return PAWL_OK;
}
pawl_status pawl_lamp_spell(pawl_lamp* lamp, pawl_blob** out) {
  (void)lamp;
  *out = made(sizeof(**out));
  memcpy((*out)->bytes, "a\0c", 3);
  return PAWL_OK;
}
void pawl_lamp_close(pawl_lamp* lamp) { lamp->is_closed = 1; }
void pawl_lamp_release(pawl_lamp* lamp) { gone(lamp); }

pawl_status pawl_ray_cast(pawl_lamp* lamp, pawl_ray** out) {
  *out = NULL;
  if (lamp->is_closed) return PAWL_E_CLOSED;
  *out = made(sizeof(**out));
  return PAWL_OK;
}
void pawl_ray_release(pawl_ray* ray) { gone(ray); }

const uint8_t* pawl_blob_data(const pawl_blob* blob) { return blob->bytes; }
size_t pawl_blob_size(const pawl_blob* blob) { return sizeof(blob->bytes); }
void pawl_blob_release(pawl_blob* blob) { gone(blob); }

size_t pawl_glows_count(const pawl_glows* glows) { return glows->count; }
const pawl_glow* pawl_glows_at(const pawl_glows* glows, size_t index) {
  return &glows->glows[index];
}
void pawl_glows_release(pawl_glows* glows) { gone(glows); }
