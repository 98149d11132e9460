/* The native methods of the classes that are written by hand: EventPump and NativeLibrary. */

#include "glue.h"
#include "pawl_jni_api.h"

#include <stdio.h>
#include <string.h>

/* The batch is written to an array that is there already: when the reply could not be made, what
 * was taken from the queue would be lost. */
JNIEXPORT jbyteArray JNICALL Java_org_pawl_EventPump_nWait(JNIEnv* env, jclass type, jlong client,
                                                           jint most, jint timeout_ms,
                                                           jlongArray out_batch) {
  pawl_jni_call call;
  pawl_events* batch = NULL;
  (void)type;
  pawl_jni_begin(&call, env);
  call.status =
      pawl_client_wait_events(pawl_jni_pointer(client), (uint32_t)most, timeout_ms, &batch);
  if (call.status == PAWL_OK) {
    const jlong pointer = (jlong)(intptr_t)batch;
    (*env)->SetLongArrayRegion(env, out_batch, 0, 1, &pointer);
  }
  return pawl_jni_end(&call);
}

/* For a client whose object is gone: wakes the pump, which gives it back. */
JNIEXPORT void JNICALL Java_org_pawl_EventPump_nClose(JNIEnv* env, jclass type, jlong client) {
  (void)env;
  (void)type;
  pawl_client_close(pawl_jni_pointer(client));
}

/* One minor version before 1.0, one major version later: within these, newer libraries serve what
 * was made for older. */
static int IsServedByLibrary(void) {
  const uint32_t line = PAWL_VERSION_MAJOR == 0 ? 1000 : 1000000;
  const uint32_t given = pawl_version();
  return given >= PAWL_VERSION_NUMBER && given / line == PAWL_VERSION_NUMBER / line;
}

JNIEXPORT jbyteArray JNICALL Java_org_pawl_NativeLibrary_nApi(JNIEnv* env, jclass type) {
  static const char made_for[] = PAWL_JNI_API;
  const char* api = made_for;
  char given[64];
  jbyteArray made;
  (void)type;
  if (!IsServedByLibrary()) {
    snprintf(given, sizeof(given), "libpawl %s", pawl_version_string());
    api = given;
  }
  made = (*env)->NewByteArray(env, (jsize)strlen(api));
  if (made != NULL) (*env)->SetByteArrayRegion(env, made, 0, (jsize)strlen(api), (const jbyte*)api);
  return made;
}
