#ifndef PAWL_BINDINGS_JAVA_JNI_GLUE_H_
#define PAWL_BINDINGS_JAVA_JNI_GLUE_H_

/* What every generated native method is made of. A call copies its inputs into memory of its own,
 * asks the library, and packs what came out into one byte array, which the Java side unpacks: no
 * class, method or field of Java is looked up here, and no object but that array is made.
 *
 * The reply: int32 status; when it is PAWL_OK the outputs in the order of the C parameters, else
 * int64 the size that a too small buffer needs, and the fields of pawl_error_info. No reply at all
 * says PAWL_OK and no outputs. Numbers are in the machine's byte order: int64 or double each; text
 * and bytes are an int32 length (-1: null) and what it counts. */

#include <jni.h>
#include <stddef.h>
#include <stdint.h>

#include "pawl/pawl.h"

/* Inputs up to this stay on the stack. */
#define PAWL_JNI_STACK 4096
#define PAWL_JNI_REPLY 512

typedef struct pawl_jni_block pawl_jni_block;

typedef struct pawl_jni_call {
  JNIEnv* env;
  pawl_status status;
  size_t needed; /* by an output buffer that was too small */
  pawl_jni_block* blocks;
  size_t used;
  uint8_t* reply;
  size_t reply_len;
  size_t reply_cap;
  uint8_t first_reply[PAWL_JNI_REPLY];
  _Alignas(16) uint8_t stack[PAWL_JNI_STACK];
} pawl_jni_call;

/* Where the library writes an output: memory of the call (the reply takes it), or a buffer of the
 * Java side. */
typedef struct pawl_jni_out {
  uint8_t* data;
  size_t cap;
  size_t len;
  size_t most; /* what cap may grow to */
  int is_reply;
  jbyteArray array;
  jint offset;
} pawl_jni_out;

/* What Java handed over as a packed struct, being read. */
typedef struct pawl_jni_in {
  const uint8_t* at;
  const uint8_t* end;
} pawl_jni_in;

static inline void* pawl_jni_pointer(jlong handle) { return (void*)(intptr_t)handle; }

void pawl_jni_begin(pawl_jni_call* call, JNIEnv* env);
/* Wipes and frees what the call used; gives its reply. Null and an exception pending when there is
 * no memory for it. */
jbyteArray pawl_jni_end(pawl_jni_call* call);

/* Memory until the end of the call; null and PAWL_E_OUT_OF_MEMORY when there is none. */
void* pawl_jni_room(pawl_jni_call* call, size_t size);

/* Inputs. Null stays null. */
const char* pawl_jni_text(pawl_jni_call* call, jbyteArray text);
const uint8_t* pawl_jni_array(pawl_jni_call* call, jbyteArray array, size_t* out_len);
const uint8_t* pawl_jni_bytes(pawl_jni_call* call, jobject direct, jbyteArray array, jint offset,
                              jint length);
/* PAWL_E_TOO_LARGE when a size_t of this machine cannot say it. */
size_t pawl_jni_size(pawl_jni_call* call, jlong value);
pawl_jni_in pawl_jni_packed(pawl_jni_call* call, jbyteArray packed);
int64_t pawl_jni_get_int(pawl_jni_in* in);
double pawl_jni_get_double(pawl_jni_in* in);
const uint8_t* pawl_jni_get_bytes(pawl_jni_in* in, size_t* out_len);
const char* pawl_jni_get_text(pawl_jni_in* in);
const void* pawl_jni_get_raw(pawl_jni_in* in, size_t size);

/* Output buffers: a capacity below 0 asks for memory of `bound` bytes that becomes part of the
 * reply. Nor does an array cost more than that, however large it is. */
void pawl_jni_out_begin(pawl_jni_call* call, pawl_jni_out* out, jobject direct, jbyteArray array,
                        jint offset, jint capacity, size_t bound);
/* PAWL_E_INVALID_ARGUMENT when the output would be written over this input. */
void pawl_jni_out_apart(pawl_jni_call* call, const pawl_jni_out* out, const uint8_t* in,
                        size_t in_len);
/* 1 when the same call is to be made again, with more memory. */
int pawl_jni_out_again(pawl_jni_call* call, pawl_jni_out* out);
void pawl_jni_put_out(pawl_jni_call* call, pawl_jni_out* out);
void pawl_jni_put_out_text(pawl_jni_call* call, const pawl_jni_out* out);

/* Outputs. */
void pawl_jni_put_int(pawl_jni_call* call, int64_t value);
void pawl_jni_put_double(pawl_jni_call* call, double value);
void pawl_jni_put_bytes(pawl_jni_call* call, const uint8_t* bytes, size_t size);
void pawl_jni_put_text(pawl_jni_call* call, const char* text);
void pawl_jni_put_raw(pawl_jni_call* call, const void* bytes, size_t size);
void pawl_jni_put_pointer(pawl_jni_call* call, const void* pointer);

/* 1 when the reply of a page is long enough and the rest of it is to be asked for in another call.
 */
int pawl_jni_is_full(const pawl_jni_call* call);

#endif /* PAWL_BINDINGS_JAVA_JNI_GLUE_H_ */
