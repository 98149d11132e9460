#ifndef PAWL_SMALL_H_
#define PAWL_SMALL_H_

/* Every shape that the generator knows, once: what golden_test.py reads, and small.c implements. */

#include <stddef.h>
#include <stdint.h>

#include "pawl/export.h"

#define PAWL_VERSION_MAJOR 0
#define PAWL_VERSION_MINOR 2
#define PAWL_VERSION_PATCH 5

PAWL_BEGIN_DECLS

#define PAWL_KEY_SIZE 32
/** Twice a key. */
#define PAWL_PAIR_SIZE (2 * PAWL_KEY_SIZE)
#define PAWL_RAYS_MAX 7

/** 0 or negative. */
typedef int32_t pawl_status;

/** How a call fails. */
enum PAWL_ANNOTATE("status_enum") pawl_status_code {
  PAWL_OK = 0,
  /** The caller's mistake. */
  PAWL_E_INVALID_ARGUMENT PAWL_EXC("ValueError,IllegalArgumentException") = -101,
  PAWL_E_CLOSED = -103,
  PAWL_E_TIMEOUT PAWL_EXC("TimeoutError,") = -502
};

enum PAWL_ANNOTATE("enum") pawl_colour {
  PAWL_COLOUR_RED = 1,
  /** Of the sky — “blau”. */
  PAWL_COLOUR_BLUE = 2
};

enum PAWL_ANNOTATE("flags") pawl_lamp_flag { PAWL_LAMP_ON = 1, PAWL_LAMP_DIMMED = 4 };

/** A line of the log. */
typedef void (*pawl_log_fn)(void* user, int32_t level, const char* line);

/** A device that shines. */
typedef struct pawl_lamp pawl_lamp;
/** A ray of it. */
typedef struct pawl_ray pawl_ray;
/** What it spells. */
typedef struct pawl_blob pawl_blob;
/** A page of glows. */
typedef struct pawl_glows pawl_glows;

/** 128 bits. */
typedef struct PAWL_VALUE pawl_id {
  uint8_t bytes[16];
} pawl_id;

/** How to open a lamp. */
typedef struct PAWL_OPTIONS pawl_lamp_options {
  uint32_t struct_size;
  uint32_t flags PAWL_ENUM("pawl_lamp_flag");
  /** Where it stands. */
  const char* place;
  const uint8_t* key PAWL_NULLABLE;
  size_t key_len;
  pawl_log_fn log PAWL_NULLABLE;
  void* log_user PAWL_NULLABLE;
  double height_m;
  const pawl_id* owner PAWL_NULLABLE;
} pawl_lamp_options; /* 0.1 baseline ends here */

#define PAWL_LAMP_OPTIONS_INIT \
  { sizeof(pawl_lamp_options), 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct PAWL_RESULT pawl_lamp_info {
  uint32_t struct_size;
  pawl_status status;
  int32_t is_on PAWL_BOOL;
  uint32_t reserved;
  /** Static. */
  const char* message;
} pawl_lamp_info;

#define PAWL_LAMP_INFO_INIT \
  { sizeof(pawl_lamp_info), 0, 0, 0, 0 }

/** One glow. Pointers live as long as the page. */
typedef struct PAWL_VIEW pawl_glow {
  uint32_t struct_size;
  int32_t colour PAWL_ENUM("pawl_colour");
  pawl_id id;
  const pawl_id* parent;
  const pawl_lamp_options* lamp;
  const uint8_t* data;
  size_t data_len;
  int64_t time_ms;
} pawl_glow;

/** The version of the library. */
PAWL_API uint32_t pawl_version(void) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

/** Its name of a status. Static. */
PAWL_API const char* pawl_status_name(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");

PAWL_API double pawl_brightest(void) PAWL_NOEXCEPT PAWL_SINCE("0.2");

/** 1 when the same call may succeed later. */
PAWL_API int32_t pawl_status_is_retryable(pawl_status status) PAWL_NOEXCEPT PAWL_FAST PAWL_BOOL
    PAWL_SINCE("0.2");

/** Opens a lamp.
 *
 * Waits for the disk. */
PAWL_API pawl_status pawl_lamp_open(const pawl_lamp_options* options,
                                    const pawl_id* id PAWL_NULLABLE,
                                    pawl_lamp** out_lamp PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

/** Lights it. */
PAWL_API pawl_status pawl_lamp_light(pawl_lamp* lamp, int32_t on PAWL_BOOL,
                                     int32_t colour PAWL_ENUM("pawl_colour"),
                                     uint32_t flags PAWL_ENUM("pawl_lamp_flag"), double power,
                                     const char* label PAWL_NULLABLE,
                                     uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");

/** Measures it; the completion has data. */
PAWL_API pawl_status pawl_lamp_measure(pawl_lamp* lamp,
                                       uint64_t* out_request_id) PAWL_NOEXCEPT PAWL_ASYNC_DATA
    PAWL_SINCE("0.2");

PAWL_API pawl_status pawl_lamp_state(pawl_lamp* lamp, int32_t* out_level, double* out_power,
                                     int32_t* out_is_on PAWL_BOOL,
                                     int32_t* out_colour PAWL_ENUM("pawl_colour"), pawl_id* out_id,
                                     pawl_lamp_info* out_info PAWL_NULLABLE) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

PAWL_API pawl_status pawl_lamp_label(pawl_lamp* lamp, char* out PAWL_OUT_BYTES("PAWL_PAIR_SIZE"),
                                     size_t out_cap, size_t* out_len) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** What pawl_lamp_seal will write. */
PAWL_API pawl_status pawl_lamp_sealed_size(pawl_lamp* lamp, size_t bytes_len,
                                           size_t* out_size) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");

PAWL_API pawl_status
pawl_lamp_seal(pawl_lamp* lamp, const uint8_t* bytes PAWL_NULLABLE, size_t bytes_len,
               const uint8_t* key PAWL_IN_BYTES("PAWL_KEY_SIZE"), size_t key_len,
               uint8_t* out PAWL_OUT_BYTES("call:pawl_lamp_sealed_size(bytes_len)"), size_t out_cap,
               size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Mixes two lamps. Another ray, or null. Is PAWL_E_CLOSED without `seed`. */
PAWL_API pawl_status pawl_lamp_mix(pawl_lamp* first, pawl_lamp* second PAWL_NULLABLE,
                                   const uint8_t* seed, size_t seed_len,
                                   uint8_t* out PAWL_OUT_BYTES("seed_len + 24"), size_t out_cap,
                                   size_t* out_len) PAWL_NOEXCEPT PAWL_SINCE("0.2");

PAWL_API pawl_status pawl_lamp_glows(pawl_lamp* lamp, uint32_t max, int32_t timeout_ms PAWL_WAIT,
                                     pawl_glows** out_glows PAWL_OWNED) PAWL_NOEXCEPT PAWL_BLOCKING
    PAWL_SINCE("0.1");

PAWL_API pawl_status pawl_lamp_spell(pawl_lamp* lamp, pawl_blob** out_blob PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");

/** Ends its light. */
PAWL_API void pawl_lamp_close(pawl_lamp* lamp) PAWL_NOEXCEPT PAWL_CLOSE PAWL_BLOCKING
    PAWL_SINCE("0.1");
PAWL_API void pawl_lamp_release(pawl_lamp* lamp) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

/** Casts a ray of a lamp: a factory, whose first argument is an object of another class. */
PAWL_API pawl_status pawl_ray_cast(pawl_lamp* lamp, pawl_ray** out_ray PAWL_OWNED) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");
PAWL_API void pawl_ray_release(pawl_ray* ray) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_API const uint8_t* pawl_blob_data(const pawl_blob* blob) PAWL_NOEXCEPT PAWL_FAST
    PAWL_SINCE("0.1");
PAWL_API size_t pawl_blob_size(const pawl_blob* blob) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API void pawl_blob_release(pawl_blob* blob) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_API size_t pawl_glows_count(const pawl_glows* glows) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API const pawl_glow* pawl_glows_at(const pawl_glows* glows,
                                        size_t index) PAWL_NOEXCEPT PAWL_FAST PAWL_SINCE("0.1");
PAWL_API void pawl_glows_release(pawl_glows* glows) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_SMALL_H_ */
