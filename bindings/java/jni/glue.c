#include "glue.h"

#include <stdlib.h>
#include <string.h>

#include "pawl_jni_structs.h"

/* A reply of a page is cut after so many bytes; one item more may stand in it. */
#define ENOUGH ((size_t)256 * 1024)

struct pawl_jni_block {
  pawl_jni_block* next;
  size_t size;
};

/* Not a plain memset, which a compiler may leave out before a free. */
static void wipe(void* bytes, size_t size) {
  if (size == 0) return;
  memset(bytes, 0, size);
  __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

void pawl_jni_begin(pawl_jni_call* call, JNIEnv* env) {
  call->env = env;
  call->status = PAWL_OK;
  call->needed = 0;
  call->blocks = NULL;
  call->used = 0;
  call->reply = call->first_reply;
  call->reply_len = sizeof(int32_t);
  call->reply_cap = sizeof(call->first_reply);
}

static void free_inputs(pawl_jni_call* call) {
  while (call->blocks != NULL) {
    pawl_jni_block* block = call->blocks;
    call->blocks = block->next;
    wipe(block, sizeof(*block) + block->size);
    free(block);
  }
  wipe(call->stack, call->used);
}

static void free_reply(pawl_jni_call* call) {
  wipe(call->reply, call->reply_len);
  if (call->reply != call->first_reply) free(call->reply);
}

static void say_failure(pawl_jni_call* call) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  const pawl_status status = call->status;
  const size_t needed = call->needed;
  if (pawl_last_error(&info) != PAWL_OK || info.status != status) {
    /* The failure is the glue's own, the library does not know of it. */
    memset(&info, 0, sizeof(info));
    info.status = status;
    info.message = "the call could not be made";
  }
  call->status = PAWL_OK;
  call->reply_len = sizeof(int32_t);
  pawl_jni_put_int(call, (int64_t)needed);
  pawl_jni_put_error_info(call, &info);
  call->status = status;
}

jbyteArray pawl_jni_end(pawl_jni_call* call) {
  jbyteArray made = NULL;
  JNIEnv* env = call->env;
  int32_t status;
  free_inputs(call);
  if (call->status != PAWL_OK) say_failure(call);
  status = call->status;
  if (status != PAWL_OK || call->reply_len > sizeof(status)) {
    memcpy(call->reply, &status, sizeof(status));
    made = (*env)->NewByteArray(env, (jsize)call->reply_len);
    if (made != NULL) {
      (*env)->SetByteArrayRegion(env, made, 0, (jsize)call->reply_len, (const jbyte*)call->reply);
    }
  }
  free_reply(call);
  return made;
}

void* pawl_jni_room(pawl_jni_call* call, size_t size) {
  const size_t rounded = (size + 15) & ~(size_t)15;
  pawl_jni_block* block;
  if (rounded >= size && rounded <= sizeof(call->stack) - call->used) {
    void* room = call->stack + call->used;
    call->used += rounded;
    return room;
  }
  block = rounded < size ? NULL : malloc(sizeof(*block) + size);
  if (block == NULL) {
    call->status = PAWL_E_OUT_OF_MEMORY;
    return NULL;
  }
  block->next = call->blocks;
  block->size = size;
  call->blocks = block;
  return block + 1;
}

/* Inputs. */

static uint8_t* copied(pawl_jni_call* call, jbyteArray array, jint offset, jint length,
                       size_t more) {
  uint8_t* room = pawl_jni_room(call, (size_t)length + more);
  if (room != NULL)
    (*call->env)->GetByteArrayRegion(call->env, array, offset, length, (jbyte*)room);
  return room;
}

const char* pawl_jni_text(pawl_jni_call* call, jbyteArray text) {
  jint length;
  uint8_t* room;
  if (text == NULL) return NULL;
  length = (*call->env)->GetArrayLength(call->env, text);
  room = copied(call, text, 0, length, 1);
  if (room != NULL) room[length] = 0;
  return (const char*)room;
}

const uint8_t* pawl_jni_array(pawl_jni_call* call, jbyteArray array, size_t* out_len) {
  jint length;
  *out_len = 0;
  if (array == NULL) return NULL;
  length = (*call->env)->GetArrayLength(call->env, array);
  *out_len = (size_t)length;
  return copied(call, array, 0, length, 0);
}

const uint8_t* pawl_jni_bytes(pawl_jni_call* call, jobject direct, jbyteArray array, jint offset,
                              jint length) {
  if (direct != NULL) {
    const uint8_t* address = (*call->env)->GetDirectBufferAddress(call->env, direct);
    if (address == NULL) call->status = PAWL_E_INVALID_ARGUMENT;
    return address == NULL ? NULL : address + offset;
  }
  return array == NULL ? NULL : copied(call, array, offset, length, 0);
}

size_t pawl_jni_size(pawl_jni_call* call, jlong value) {
  if ((uint64_t)value > SIZE_MAX) call->status = PAWL_E_TOO_LARGE;
  return (size_t)value;
}

/* Structs that Java packed. Every string in them ends with a NUL. */

pawl_jni_in pawl_jni_packed(pawl_jni_call* call, jbyteArray packed) {
  pawl_jni_in in = {NULL, NULL};
  size_t size;
  in.at = pawl_jni_array(call, packed, &size);
  in.end = in.at == NULL ? NULL : in.at + size;
  return in;
}

const void* pawl_jni_get_raw(pawl_jni_in* in, size_t size) {
  static const uint8_t nothing[16] = {0};
  const uint8_t* at = in->at;
  if ((size_t)(in->end - at) < size) return nothing;
  in->at += size;
  return at;
}

int64_t pawl_jni_get_int(pawl_jni_in* in) {
  int64_t value;
  memcpy(&value, pawl_jni_get_raw(in, sizeof(value)), sizeof(value));
  return value;
}

double pawl_jni_get_double(pawl_jni_in* in) {
  double value;
  memcpy(&value, pawl_jni_get_raw(in, sizeof(value)), sizeof(value));
  return value;
}

const uint8_t* pawl_jni_get_bytes(pawl_jni_in* in, size_t* out_len) {
  int32_t length;
  const uint8_t* at;
  *out_len = 0;
  memcpy(&length, pawl_jni_get_raw(in, sizeof(length)), sizeof(length));
  if (length < 0 || in->end - in->at < length) return NULL;
  at = in->at;
  in->at += length;
  *out_len = (size_t)length;
  return at;
}

const char* pawl_jni_get_text(pawl_jni_in* in) {
  size_t length;
  return (const char*)pawl_jni_get_bytes(in, &length);
}

/* Outputs. */

static uint8_t* more_reply(pawl_jni_call* call, size_t size) {
  uint8_t* at;
  if (call->status != PAWL_OK) return NULL;
  if (size > INT32_MAX - call->reply_len) {
    call->status = PAWL_E_TOO_LARGE;
    return NULL;
  }
  if (size > call->reply_cap - call->reply_len) {
    const size_t wanted = call->reply_len + size;
    const size_t cap = wanted + wanted / 2;
    uint8_t* grown = malloc(cap);
    if (grown == NULL) {
      call->status = PAWL_E_OUT_OF_MEMORY;
      return NULL;
    }
    memcpy(grown, call->reply, call->reply_len);
    free_reply(call);
    call->reply = grown;
    call->reply_cap = cap;
  }
  at = call->reply + call->reply_len;
  call->reply_len += size;
  return at;
}

void pawl_jni_put_raw(pawl_jni_call* call, const void* bytes, size_t size) {
  uint8_t* at = more_reply(call, size);
  if (at != NULL && size != 0) memcpy(at, bytes, size);
}

void pawl_jni_put_int(pawl_jni_call* call, int64_t value) {
  pawl_jni_put_raw(call, &value, sizeof(value));
}

void pawl_jni_put_double(pawl_jni_call* call, double value) {
  pawl_jni_put_raw(call, &value, sizeof(value));
}

void pawl_jni_put_bytes(pawl_jni_call* call, const uint8_t* bytes, size_t size) {
  const int32_t length = bytes == NULL || size > INT32_MAX ? -1 : (int32_t)size;
  if (size > INT32_MAX && call->status == PAWL_OK) call->status = PAWL_E_TOO_LARGE;
  pawl_jni_put_raw(call, &length, sizeof(length));
  if (length > 0) pawl_jni_put_raw(call, bytes, size);
}

void pawl_jni_put_text(pawl_jni_call* call, const char* text) {
  pawl_jni_put_bytes(call, (const uint8_t*)text, text == NULL ? 0 : strlen(text));
}

void pawl_jni_put_pointer(pawl_jni_call* call, const void* pointer) {
  pawl_jni_put_int(call, (int64_t)(intptr_t)pointer);
}

int pawl_jni_is_full(const pawl_jni_call* call) {
  return call->status != PAWL_OK || call->reply_len >= ENOUGH;
}

/* Output buffers. */

static void take_room(pawl_jni_call* call, pawl_jni_out* out, size_t cap) {
  out->data = pawl_jni_room(call, cap);
  out->cap = out->data == NULL ? 0 : cap;
}

void pawl_jni_out_begin(pawl_jni_call* call, pawl_jni_out* out, jobject direct, jbyteArray array,
                        jint offset, jint capacity, size_t bound) {
  out->len = 0;
  out->is_reply = capacity < 0;
  out->most = capacity < 0 ? SIZE_MAX : (size_t)capacity;
  out->array = direct == NULL ? array : NULL;
  out->offset = offset;
  if (direct == NULL) {
    take_room(call, out, bound < out->most ? bound : out->most);
    return;
  }
  out->data = (*call->env)->GetDirectBufferAddress(call->env, direct);
  out->cap = (size_t)capacity;
  if (out->data == NULL) {
    call->status = PAWL_E_INVALID_ARGUMENT;
  } else {
    out->data += offset;
  }
}

void pawl_jni_out_apart(pawl_jni_call* call, const pawl_jni_out* out, const uint8_t* in,
                        size_t in_len) {
  if (in == NULL || out->data == NULL || in_len == 0 || out->cap == 0) return;
  if (in < out->data + out->cap && out->data < in + in_len) call->status = PAWL_E_INVALID_ARGUMENT;
}

int pawl_jni_out_again(pawl_jni_call* call, pawl_jni_out* out) {
  if (call->status != PAWL_E_BUFFER_TOO_SMALL) return 0;
  if (out->len <= out->cap || out->len > out->most) {
    call->needed = out->len;
    return 0;
  }
  call->status = PAWL_OK;
  take_room(call, out, out->len);
  return call->status == PAWL_OK;
}

void pawl_jni_put_out(pawl_jni_call* call, pawl_jni_out* out) {
  if (out->is_reply) {
    pawl_jni_put_bytes(call, out->data, out->len);
    return;
  }
  if (out->array != NULL) {
    (*call->env)
        ->SetByteArrayRegion(call->env, out->array, out->offset, (jsize)out->len,
                             (const jbyte*)out->data);
  }
  pawl_jni_put_int(call, (int64_t)out->len);
}

void pawl_jni_put_out_text(pawl_jni_call* call, const pawl_jni_out* out) {
  pawl_jni_put_bytes(call, out->data, out->len == 0 ? 0 : out->len - 1);
}
