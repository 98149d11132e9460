#ifndef PAWL_LAMP_H_
#define PAWL_LAMP_H_

/* A library of lamps, for shapes_test.py: whatever the C++ emitter can meet is here at least once,
 * and shapes.c answers so that shapes.cc sees what arrived. It stands in for pawl/pawl.h, with what
 * result.hpp knows by name. */

#include <stddef.h>
#include <stdint.h>

#include "pawl/export.h"

PAWL_BEGIN_DECLS

#define PAWL_VERSION_MAJOR 0
#define PAWL_VERSION_MINOR 1
#define PAWL_VERSION_PATCH 0
#define PAWL_KEY_SIZE 32
#define PAWL_LABEL_SIZE 8

typedef int32_t pawl_status;

enum PAWL_ANNOTATE("status_enum") pawl_status_code {
  PAWL_OK = 0,
  PAWL_E_INVALID_ARGUMENT = -101,
  PAWL_E_BUFFER_TOO_SMALL = -104,
  PAWL_E_TIMEOUT = -502
};

enum PAWL_ANNOTATE("enum") pawl_colour { PAWL_COLOUR_RED = 1, PAWL_COLOUR_BLUE = 2 };
enum PAWL_ANNOTATE("flags") pawl_lamp_flag { PAWL_LAMP_ON = 1, PAWL_LAMP_DIMMED = 4 };

typedef void (*pawl_log_fn)(void* user, int32_t level, const char* line);

/** A device that shines. */
typedef struct pawl_lamp pawl_lamp;
/** A ray of it, which may light another lamp: the two need each other. */
typedef struct pawl_ray pawl_ray;
typedef struct pawl_blob pawl_blob;
typedef struct pawl_glows pawl_glows;

/** Bytes alone. */
typedef struct PAWL_VALUE pawl_id {
  uint8_t bytes[16];
} pawl_id;

/** Numbers, too. */
typedef struct PAWL_VALUE pawl_spot {
  double x;
  int64_t at_ms;
  uint8_t tag[8];
} pawl_spot;

typedef struct PAWL_OPTIONS pawl_bulb {
  uint32_t struct_size;
  uint32_t watts;
} pawl_bulb; /* 0.1 baseline ends here */

#define PAWL_BULB_INIT \
  { sizeof(pawl_bulb), 0 }

/** How to open a lamp. */
typedef struct PAWL_OPTIONS pawl_lamp_options {
  uint32_t struct_size;
  uint32_t flags PAWL_ENUM("pawl_lamp_flag");
  /** Where it stands. */
  const char* place;
  const char* note PAWL_NULLABLE;
  const uint8_t* key PAWL_NULLABLE;
  size_t key_len;
  pawl_log_fn log PAWL_NULLABLE;
  void* log_user PAWL_NULLABLE;
  double height_m;
  const pawl_id* owner PAWL_NULLABLE;
  const pawl_bulb* bulb PAWL_NULLABLE;
  pawl_id home;
  uint8_t serial[8];
  int32_t is_new PAWL_BOOL;
  pawl_status last;
  int32_t colour PAWL_ENUM("pawl_colour");
  uint32_t reserved;
} pawl_lamp_options; /* 0.1 baseline ends here */

#define PAWL_LAMP_OPTIONS_INIT \
  { sizeof(pawl_lamp_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {{0}}, {0}, 0, 0, 0, 0 }

typedef struct PAWL_RESULT pawl_error_info {
  uint32_t struct_size;
  pawl_status status;
  int32_t retryable PAWL_BOOL;
  int32_t reserved;
  const char* message;
  int64_t retry_after_ms;
} pawl_error_info;

#define PAWL_ERROR_INFO_INIT \
  { sizeof(pawl_error_info), 0, 0, 0, 0, 0 }

typedef struct PAWL_VIEW pawl_glow {
  uint32_t struct_size;
  int32_t colour PAWL_ENUM("pawl_colour");
  const pawl_lamp_options* lamp;
} pawl_glow;

PAWL_API pawl_status pawl_last_error(pawl_error_info* out_info) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API const char* pawl_status_name(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API int32_t pawl_status_is_retryable(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_BOOL
    PAWL_SINCE("0.1");
PAWL_API double pawl_brightest(void) PAWL_NOEXCEPT PAWL_SINCE("0.1");
PAWL_API size_t pawl_measured(const char* text, const uint8_t* bytes,
                              size_t bytes_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");

PAWL_API pawl_status pawl_lamp_open(const pawl_lamp_options* options,
                                    const pawl_id* id PAWL_NULLABLE,
                                    pawl_lamp** out_lamp PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Everything that goes in. */
PAWL_API pawl_status pawl_lamp_light(
    pawl_lamp* lamp, int32_t on PAWL_BOOL, int32_t colour PAWL_ENUM("pawl_colour"),
    uint32_t flags PAWL_ENUM("pawl_lamp_flag"), double power, const pawl_spot* spot,
    const char* name, const char* label PAWL_NULLABLE, const pawl_bulb* bulb PAWL_NULLABLE,
    uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_lamp_measure(pawl_lamp* lamp,
                                       uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC_DATA
    PAWL_SINCE("0.1");

/** Everything that comes out. */
PAWL_API pawl_status pawl_lamp_state(
    pawl_lamp* lamp, int32_t* out_level, double* out_power, int32_t* out_is_on PAWL_BOOL,
    int32_t* out_colour PAWL_ENUM("pawl_colour"), pawl_id* out_id,
    pawl_error_info* out_info PAWL_NULLABLE) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

PAWL_API pawl_status pawl_lamp_label(pawl_lamp* lamp, char* out PAWL_OUT_BYTES("PAWL_LABEL_SIZE"),
                                     size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");
/** Says less than what is needed, as when the lamp changes between the two calls. */
PAWL_API pawl_status pawl_lamp_sealed_size(pawl_lamp* lamp, uint32_t bytes_len,
                                           uint32_t* out_size) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API pawl_status
pawl_lamp_seal(pawl_lamp* lamp, const uint8_t* bytes PAWL_NULLABLE, size_t bytes_len,
               const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t key_len,
               uint8_t* out PAWL_OUT_BYTES("call:pawl_lamp_sealed_size(bytes_len)"), size_t out_cap,
               size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_lamp_mix(pawl_lamp* lamp, pawl_lamp* other PAWL_NULLABLE,
                                   const uint8_t* seed, size_t seed_len,
                                   uint8_t* out PAWL_OUT_BYTES("seed_len + 3"), size_t out_cap,
                                   size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");
/** Parameters that are called as something in the C++ that is made of it might be: all come back.
 */
PAWL_API pawl_status pawl_lamp_press(
    pawl_lamp* lamp, const char* text, uint32_t c_text, uint32_t room, uint32_t size, uint32_t at,
    const char* status, uint32_t raw, uint32_t asked, const uint8_t* seed, size_t seed_len,
    uint8_t* out PAWL_OUT_BYTES("call:pawl_lamp_sealed_size(seed_len)"), size_t out_cap,
    size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_lamp_glows(pawl_lamp* lamp, uint32_t max,
                                     pawl_glows** out_glows PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_lamp_spell(pawl_lamp* lamp, pawl_blob** out_blob PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_lamp_shine(pawl_lamp* lamp, pawl_ray** out_ray PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");
PAWL_API void pawl_lamp_close(pawl_lamp* lamp) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");
PAWL_API void pawl_lamp_release(pawl_lamp* lamp) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_API const uint8_t* pawl_blob_data(const pawl_blob* blob) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API size_t pawl_blob_size(const pawl_blob* blob) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API void pawl_blob_release(pawl_blob* blob) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_API size_t pawl_glows_count(const pawl_glows* glows) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API const pawl_glow* pawl_glows_at(const pawl_glows* glows,
                                        size_t index) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API uint64_t pawl_glows_beyond(const pawl_glows* glows) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API void pawl_glows_release(pawl_glows* glows) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_LAMP_H_ */
