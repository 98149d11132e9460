/* Two people talk over a transport of the host's own: identities, bundles, a session, messages both
 * ways, saving and restoring. Everything that would travel between them here passes through memory.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pawl/pawl.h"

/* In a host: from the platform's key store. */
static const uint8_t kStorageKey[PAWL_KEY_SIZE] = {1, 2, 3};

static void check(pawl_status status, const char* what) {
  pawl_error_info info = PAWL_ERROR_INFO_INIT;
  if (status == PAWL_OK) return;
  pawl_last_error(&info);
  fprintf(stderr, "%s: %s (%s)\n", what, pawl_status_name(status), info.message);
  exit(1);
}

/* Encrypts `text` at one side, decrypts it at the other. */
static void say(const char* who, pawl_session* from, pawl_session* to, const char* text) {
  uint8_t envelope[4096], plaintext[4096];
  size_t envelope_len = 0, plaintext_len = 0;
  check(pawl_session_encrypt(from, (const uint8_t*)text, strlen(text), envelope, sizeof(envelope),
                             &envelope_len),
        "encrypt");
  check(pawl_session_decrypt(to, envelope, envelope_len, plaintext, sizeof(plaintext),
                             &plaintext_len),
        "decrypt");
  printf("%s: %.*s (%zu bytes on the wire)\n", who, (int)plaintext_len, (const char*)plaintext,
         envelope_len);
}

int main(void) {
  pawl_identity *alice = NULL, *bob = NULL;
  pawl_buffer *alice_bundle = NULL, *bob_bundle = NULL, *sealed_bob = NULL, *sealed_session = NULL;
  pawl_session *to_bob = NULL, *to_alice = NULL;
  uint8_t envelope[4096], plaintext[4096];
  char number[PAWL_SAFETY_NUMBER_SIZE], sender[PAWL_ADDRESS_SIZE];
  size_t envelope_len = 0, plaintext_len = 0, length = 0;
  const char hello[] = "Hello Bob, this is Alice.";

  /* 1. Each makes an identity, once, and gives the other a bundle: public, and fresh for each peer.
   */
  check(pawl_identity_create("alice@example.org", &alice), "create");
  check(pawl_identity_create("bob@example.org", &bob), "create");
  check(pawl_identity_bundle(alice, &alice_bundle), "bundle");
  check(pawl_identity_bundle(bob, &bob_bundle), "bundle");

  /* 2. Both compare the same 60 digits over another channel, or nobody can know who is who. */
  check(pawl_identity_safety_number(alice, pawl_buffer_data(bob_bundle),
                                    pawl_buffer_size(bob_bundle), number, sizeof(number), &length),
        "safety number");
  printf("safety number: %s\n", number);

  /* 3. Alice starts a session and sends the first message. Bob need not be there. */
  check(pawl_session_initiate(alice, pawl_buffer_data(bob_bundle), pawl_buffer_size(bob_bundle),
                              NULL, &to_bob),
        "initiate");
  check(pawl_session_encrypt(to_bob, (const uint8_t*)hello, strlen(hello), envelope,
                             sizeof(envelope), &envelope_len),
        "encrypt");

  /* 4. Bob finds out who claims to have sent it, takes that one's bundle, and accepts. */
  check(pawl_identity_peek_sender(bob, envelope, envelope_len, sender, sizeof(sender), &length),
        "peek");
  check(pawl_session_accept(bob, pawl_buffer_data(alice_bundle), pawl_buffer_size(alice_bundle),
                            NULL, envelope, envelope_len, plaintext, sizeof(plaintext),
                            &plaintext_len, &to_alice),
        "accept");
  printf("%s: %.*s\n", sender, (int)plaintext_len, (const char*)plaintext);

  /* 5. They talk. */
  say("bob", to_alice, to_bob, "Hello Alice, good to read you.");
  say("alice", to_bob, to_alice, "And nobody else can.");

  /* 6. State leaves the library only sealed. Save after every step, before its result leaves. */
  check(pawl_identity_save(bob, kStorageKey, sizeof(kStorageKey), &sealed_bob), "save");
  check(pawl_session_save(to_alice, kStorageKey, sizeof(kStorageKey), &sealed_session), "save");
  pawl_session_release(to_alice);
  pawl_identity_release(bob);

  /* 7. Later, in another process. */
  check(pawl_identity_restore(pawl_buffer_data(sealed_bob), pawl_buffer_size(sealed_bob),
                              kStorageKey, sizeof(kStorageKey), &bob),
        "restore");
  check(
      pawl_session_restore(bob, pawl_buffer_data(sealed_session), pawl_buffer_size(sealed_session),
                           kStorageKey, sizeof(kStorageKey), &to_alice),
      "restore");
  say("alice", to_bob, to_alice, "Still there?");
  say("bob", to_alice, to_bob, "Still here.");

  pawl_session_release(to_alice);
  pawl_session_release(to_bob);
  pawl_buffer_release(sealed_session);
  pawl_buffer_release(sealed_bob);
  pawl_buffer_release(bob_bundle);
  pawl_buffer_release(alice_bundle);
  pawl_identity_release(bob);
  pawl_identity_release(alice);
  return 0;
}
