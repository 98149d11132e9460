/* The library of shapes.h: it keeps what arrived, and gives it back. */

#include "pawl/pawl.h"

#include <stdlib.h>
#include <string.h>

struct pawl_lamp {
  int32_t level;
  int32_t is_on;
  int32_t colour;
  double power;
  pawl_id id;
  char label[PAWL_LABEL_SIZE];
};
struct pawl_ray {
  int unused;
};
struct pawl_blob {
  uint8_t bytes[3];
};
struct pawl_glows {
  size_t count;
  pawl_glow glows[4];
};

int living = 0; /* objects; shapes.cc looks at it */

static void* made(size_t size) {
  ++living;
  return calloc(1, size);
}

static void gone(void* object) {
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
const char* pawl_status_name(pawl_status status) {
  return status == PAWL_E_TIMEOUT ? "TIMEOUT" : "OTHER";
}
int32_t pawl_status_is_retryable(pawl_status status) { return status == PAWL_E_TIMEOUT ? 1 : 0; }
double pawl_brightest(void) { return 2.5; }
size_t pawl_measured(const char* text, const uint8_t* bytes, size_t bytes_len) {
  return strlen(text) + bytes_len + (bytes_len > 0 ? bytes[0] : 0);
}

pawl_status pawl_lamp_open(const pawl_lamp_options* options, const pawl_id* id, pawl_lamp** out) {
  const int is_whole =
      options->struct_size == sizeof(*options) && options->flags == PAWL_LAMP_DIMMED &&
      strcmp(options->place, "hall") == 0 && options->note == NULL && options->key_len == 2 &&
      options->key[1] == 9 && options->height_m == 1.5 && options->owner->bytes[0] == 7 &&
      options->bulb->watts == 40 && options->home.bytes[15] == 8 && options->serial[7] == 5 &&
      options->is_new == 1 && options->last == PAWL_E_TIMEOUT && options->colour == 2;
  *out = NULL;
  if (!is_whole) return PAWL_E_TIMEOUT;
  options->log(options->log_user, 3, "opened");
  *out = made(sizeof(**out));
  if (id != NULL) (*out)->id = *id;
  return PAWL_OK;
}

pawl_status pawl_lamp_light(pawl_lamp* lamp, int32_t on, int32_t colour, uint32_t flags,
                            double power, const pawl_spot* spot, const char* name,
                            const char* label, const pawl_bulb* bulb, uint64_t* out_request_id) {
  lamp->is_on = on;
  lamp->colour = colour;
  lamp->power = power + spot->x;
  lamp->level = (int32_t)(flags + strlen(name) + bulb->watts);
  strncpy(lamp->label, label == NULL ? "none" : label, sizeof(lamp->label) - 1);
  *out_request_id = 77;
  return PAWL_OK;
}
pawl_status pawl_lamp_measure(pawl_lamp* lamp, uint64_t* out_request_id) {
  *out_request_id = 0;
  return lamp->is_on ? PAWL_E_TIMEOUT : PAWL_E_INVALID_ARGUMENT;
}
pawl_status pawl_lamp_state(pawl_lamp* lamp, int32_t* out_level, double* out_power,
                            int32_t* out_is_on, int32_t* out_colour, pawl_id* out_id,
                            pawl_error_info* out_info) {
  *out_level = lamp->level;
  *out_power = lamp->power;
  *out_is_on = lamp->is_on;
  *out_colour = lamp->colour;
  *out_id = lamp->id;
  out_info->status = (pawl_status)out_info->struct_size;
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
pawl_status pawl_lamp_sealed_size(pawl_lamp* lamp, uint32_t bytes_len, uint32_t* out_size) {
  (void)lamp;
  *out_size = bytes_len / 2;
  return PAWL_OK;
}
pawl_status pawl_lamp_seal(pawl_lamp* lamp, const uint8_t* bytes, size_t bytes_len,
                           const uint8_t* key, size_t key_len, uint8_t* out, size_t out_cap,
                           size_t* out_len) {
  static const uint8_t kNothing[1] = {0xee};
  (void)lamp;
  (void)key;
  if (key_len != PAWL_KEY_SIZE) return PAWL_E_INVALID_ARGUMENT;
  if (bytes == NULL) return write_out(kNothing, 1, out, out_cap, out_len);
  return write_out(bytes, bytes_len, out, out_cap, out_len);
}
pawl_status pawl_lamp_mix(pawl_lamp* lamp, pawl_lamp* other, const uint8_t* seed, size_t seed_len,
                          uint8_t* out, size_t out_cap, size_t* out_len) {
  uint8_t mixed[64] = {0};
  (void)lamp;
  memcpy(mixed, seed, seed_len);
  mixed[seed_len] = other == NULL ? 0 : 1;
  return write_out(mixed, seed_len + 3, out, out_cap, out_len);
}
pawl_status pawl_lamp_press(pawl_lamp* lamp, const char* text, uint32_t c_text, uint32_t room,
                            uint32_t size, uint32_t at, const char* status, uint32_t raw,
                            uint32_t asked, const uint8_t* seed, size_t seed_len, uint8_t* out,
                            size_t out_cap, size_t* out_len) {
  const uint32_t given[] = {c_text, room, size, at, (uint8_t)status[0], raw, asked, seed[0]};
  uint8_t pressed[9];
  size_t i;
  (void)lamp;
  (void)seed_len;
  for (i = 0; i < 8; ++i) pressed[i] = (uint8_t)given[i];
  pressed[8] = (uint8_t)text[0];
  return write_out(pressed, sizeof(pressed), out, out_cap, out_len);
}
pawl_status pawl_lamp_glows(pawl_lamp* lamp, uint32_t max, pawl_glows** out) {
  size_t i;
  (void)lamp;
  *out = made(sizeof(**out));
  (*out)->count = max;
  for (i = 0; i < max; ++i) (*out)->glows[i].colour = (int32_t)i + 1;
  return PAWL_OK;
}
pawl_status pawl_lamp_spell(pawl_lamp* lamp, pawl_blob** out) {
  (void)lamp;
  *out = made(sizeof(**out));
  memcpy((*out)->bytes, "abc", 3);
  return PAWL_OK;
}
pawl_status pawl_lamp_shine(pawl_lamp* lamp, pawl_ray** out) {
  (void)lamp;
  *out = made(sizeof(**out));
  return PAWL_OK;
}
void pawl_lamp_close(pawl_lamp* lamp) { lamp->is_on = 0; }
void pawl_lamp_release(pawl_lamp* lamp) { gone(lamp); }

pawl_status pawl_ray_cast(pawl_lamp* lamp, uint64_t* out_request_id, pawl_ray** out) {
  *out_request_id = 78;
  return pawl_lamp_shine(lamp, out);
}
pawl_status pawl_ray_meet(pawl_ray* ray, pawl_lamp* lamp, const pawl_id* id, double* out_angle,
                          int32_t* out_is_near) {
  (void)ray;
  *out_is_near = id != NULL;
  *out_angle = id == NULL ? lamp->power : id->bytes[0];
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
uint64_t pawl_glows_beyond(const pawl_glows* glows) { return 10 - glows->count; }
void pawl_glows_release(pawl_glows* glows) { gone(glows); }
