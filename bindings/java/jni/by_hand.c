/* The native methods of the classes that are written by hand: EventPump and NativeLibrary. */

#include "glue.h"
#include "pawl_jni_api.h"

#include <string.h>

JNIEXPORT jbyteArray JNICALL Java_org_pawl_EventPump_nWait(JNIEnv* env, jclass type, jlong client,
                                                           jint most, jint timeout_ms) {
  pawl_jni_call call;
  pawl_events* batch = NULL;
  jbyteArray reply;
  (void)type;
  pawl_jni_begin(&call, env);
  call.status =
      pawl_client_wait_events(pawl_jni_pointer(client), (uint32_t)most, timeout_ms, &batch);
  if (call.status == PAWL_OK) pawl_jni_put_pointer(&call, batch);
  reply = pawl_jni_end(&call);
  if (reply == NULL) pawl_events_release(batch);
  return reply;
}

/* For a client whose object is gone: wakes the pump, which gives it back. */
JNIEXPORT void JNICALL Java_org_pawl_EventPump_nClose(JNIEnv* env, jclass type, jlong client) {
  (void)env;
  (void)type;
  pawl_client_close(pawl_jni_pointer(client));
}

JNIEXPORT jbyteArray JNICALL Java_org_pawl_NativeLibrary_nApi(JNIEnv* env, jclass type) {
  static const char api[] = PAWL_JNI_API;
  jbyteArray made = (*env)->NewByteArray(env, (jsize)strlen(api));
  (void)type;
  if (made != NULL) (*env)->SetByteArrayRegion(env, made, 0, (jsize)strlen(api), (const jbyte*)api);
  return made;
}
