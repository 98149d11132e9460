/* Bring your own transport, beyond the quick start: what is tampered with, replayed, reordered,
 * sealed under another key, or for somebody else; both sides starting at once; a session that is
 * replaced. */

#include "check.h"

static pawl_identity* make(const char* address) {
  pawl_identity* identity = NULL;
  OK(pawl_identity_create(address, &identity));
  return identity;
}

static pawl_buffer* bundle_of(pawl_identity* identity) {
  pawl_buffer* bundle = NULL;
  OK(pawl_identity_bundle(identity, &bundle));
  return bundle;
}

static pawl_session* start(pawl_identity* from, pawl_buffer* bundle, pawl_session* replaces) {
  pawl_session* session = NULL;
  OK(pawl_session_initiate(from, pawl_buffer_data(bundle), pawl_buffer_size(bundle), replaces,
                           &session));
  return session;
}

typedef struct envelope {
  uint8_t bytes[4096];
  size_t length;
} envelope;

static envelope seal(pawl_session* session, const char* text) {
  envelope e;
  OK(pawl_session_encrypt(session, (const uint8_t*)text, strlen(text), e.bytes, sizeof(e.bytes),
                          &e.length));
  return e;
}

static pawl_status unseal(pawl_session* session, const envelope* e, const char* text) {
  uint8_t out[4096];
  size_t length = 0;
  const pawl_status status =
      pawl_session_decrypt(session, e->bytes, e->length, out, sizeof(out), &length);
  if (status == PAWL_OK) CHECK(length == strlen(text) && memcmp(out, text, length) == 0);
  return status;
}

static pawl_status answer(pawl_identity* to, pawl_buffer* from_bundle, pawl_session* known,
                          const envelope* e, pawl_session** out_session) {
  uint8_t out[4096];
  size_t length = 0;
  return pawl_session_accept(to, pawl_buffer_data(from_bundle), pawl_buffer_size(from_bundle),
                             known, e->bytes, e->length, out, sizeof(out), &length, out_session);
}

static pawl_session_info info_of(pawl_session* session) {
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  OK(pawl_session_get_info(session, &info));
  return info;
}

static void damaged_and_reordered(void) {
  pawl_identity *alice = make("alice@example.org"), *bob = make("bob@example.org");
  pawl_buffer *from_alice = bundle_of(alice), *from_bob = bundle_of(bob);
  pawl_session *to_bob = start(alice, from_bob, NULL), *to_alice = NULL, *none = NULL;
  envelope first = seal(to_bob, "first"), second, third, bad;
  size_t i;
  int32_t ours = 0;

  for (i = 0; i < first.length; i += 7) {
    bad = first;
    bad.bytes[i] ^= 1;
    CHECK(answer(bob, from_alice, NULL, &bad, &none) < 0 && none == NULL);
  }
  for (i = 0; i < first.length; i += 131) {
    bad = first;
    bad.length = i;
    CHECK(answer(bob, from_alice, NULL, &bad, &none) < 0 && none == NULL);
  }
  OK(answer(bob, from_alice, NULL, &first, &to_alice));
  EXPECT(PAWL_E_REPLAYED, answer(bob, from_alice, NULL, &first, &none));
  EXPECT(PAWL_E_REPLAYED, unseal(to_alice, &first, "first"));

  second = seal(to_bob, "second");
  third = seal(to_bob, "third");
  OK(pawl_session_recognises(to_alice, third.bytes, third.length, &ours));
  CHECK(ours == 1);
  OK(unseal(to_alice, &third, "third"));
  for (i = 0; i < second.length; i += 11) {
    bad = second;
    bad.bytes[i] ^= 0x80;
    CHECK(unseal(to_alice, &bad, "") < 0);
  }
  OK(unseal(to_alice, &second, "second"));
  EXPECT(PAWL_E_REPLAYED, unseal(to_alice, &second, "second"));
  CHECK(info_of(to_alice).is_initiator == 0 && info_of(to_alice).is_confirmed == 1);
  CHECK(info_of(to_bob).is_initiator == 1 && info_of(to_bob).is_confirmed == 0);
  second = seal(to_alice, "reply");
  OK(unseal(to_bob, &second, "reply"));
  CHECK(info_of(to_bob).is_confirmed == 1 && info_of(to_bob).unanswered == 0);
  OK(pawl_session_recognises(to_alice, second.bytes, second.length, &ours));
  CHECK(ours == 0);

  pawl_session_close(to_alice);
  EXPECT(PAWL_E_CLOSED, unseal(to_alice, &third, ""));
  pawl_session_release(to_alice);
  pawl_session_release(to_bob);
  pawl_buffer_release(from_alice);
  pawl_buffer_release(from_bob);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
}

static void for_somebody_else(void) {
  pawl_identity *alice = make("alice@example.org"), *bob = make("bob@example.org");
  pawl_identity* eve = make("eve@example.org");
  pawl_buffer *from_alice = bundle_of(alice), *from_bob = bundle_of(bob),
              *from_eve = bundle_of(eve);
  pawl_session *to_bob = start(alice, from_bob, NULL), *none = NULL;
  const envelope first = seal(to_bob, "for bob");
  char sender[PAWL_ADDRESS_SIZE];
  size_t length = 0;

  CHECK(answer(eve, from_alice, NULL, &first, &none) < 0 && none == NULL);
  CHECK(answer(bob, from_eve, NULL, &first, &none) < 0 && none == NULL);
  CHECK(pawl_identity_peek_sender(eve, first.bytes, first.length, sender, sizeof(sender), &length) <
        0);
  OK(pawl_identity_peek_sender(bob, first.bytes, first.length, sender, sizeof(sender), &length));
  CHECK(strcmp(sender, "alice@example.org") == 0);
  /* Eve's account key is another, so are the digits. */
  {
    char with_bob[PAWL_SAFETY_NUMBER_SIZE], with_eve[PAWL_SAFETY_NUMBER_SIZE];
    char from_there[PAWL_SAFETY_NUMBER_SIZE];
    OK(pawl_identity_safety_number(alice, pawl_buffer_data(from_bob), pawl_buffer_size(from_bob),
                                   with_bob, sizeof(with_bob), &length));
    OK(pawl_identity_safety_number(bob, pawl_buffer_data(from_alice), pawl_buffer_size(from_alice),
                                   from_there, sizeof(from_there), &length));
    OK(pawl_identity_safety_number(alice, pawl_buffer_data(from_eve), pawl_buffer_size(from_eve),
                                   with_eve, sizeof(with_eve), &length));
    CHECK(strcmp(with_bob, from_there) == 0 && strcmp(with_bob, with_eve) != 0);
  }
  pawl_session_release(to_bob);
  pawl_buffer_release(from_alice);
  pawl_buffer_release(from_bob);
  pawl_buffer_release(from_eve);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
  pawl_identity_release(eve);
}

static void saved_state(void) {
  static const uint8_t kOtherKey[PAWL_KEY_SIZE] = {9};
  pawl_identity *alice = make("alice@example.org"), *bob = make("bob@example.org"), *again = NULL;
  pawl_buffer *from_bob = bundle_of(bob), *sealed = NULL, *sealed_alice = NULL;
  pawl_session *to_bob = start(alice, from_bob, NULL), *copy = NULL;
  uint8_t bytes[16384];
  size_t size, i;

  OK(pawl_session_save(to_bob, kKey, sizeof(kKey), &sealed));
  size = pawl_buffer_size(sealed);
  CHECK(size <= sizeof(bytes));
  EXPECT(PAWL_E_AUTH_FAILED, pawl_session_restore(alice, pawl_buffer_data(sealed), size, kOtherKey,
                                                  sizeof(kOtherKey), &copy));
  for (i = 0; i < size; i += 13) {
    memcpy(bytes, pawl_buffer_data(sealed), size);
    bytes[i] ^= 4;
    CHECK(pawl_session_restore(alice, bytes, size, kKey, sizeof(kKey), &copy) < 0 && copy == NULL);
    CHECK(pawl_session_restore(alice, bytes, i, kKey, sizeof(kKey), &copy) < 0 && copy == NULL);
  }
  EXPECT(PAWL_E_WRONG_RECIPIENT,
         pawl_session_restore(bob, pawl_buffer_data(sealed), size, kKey, sizeof(kKey), &copy));
  OK(pawl_identity_save(alice, kKey, sizeof(kKey), &sealed_alice));
  EXPECT(PAWL_E_AUTH_FAILED,
         pawl_session_restore(alice, pawl_buffer_data(sealed_alice), pawl_buffer_size(sealed_alice),
                              kKey, sizeof(kKey), &copy));
  OK(pawl_identity_restore(pawl_buffer_data(sealed_alice), pawl_buffer_size(sealed_alice), kKey,
                           sizeof(kKey), &again));
  OK(pawl_session_restore(again, pawl_buffer_data(sealed), size, kKey, sizeof(kKey), &copy));

  /* The order of releases is free: sessions hold what they need. */
  pawl_identity_release(alice);
  pawl_identity_release(again);
  seal(to_bob, "still works");
  seal(copy, "so does this");
  pawl_session_release(copy);
  pawl_session_release(to_bob);
  pawl_buffer_release(sealed);
  pawl_buffer_release(sealed_alice);
  pawl_buffer_release(from_bob);
  pawl_identity_release(bob);
}

static void both_at_once(void) {
  pawl_identity *alice = make("alice@example.org"), *bob = make("bob@example.org");
  pawl_buffer *from_alice = bundle_of(alice), *from_bob = bundle_of(bob);
  pawl_session *alice_1 = start(alice, from_bob, NULL), *alice_2 = NULL;
  pawl_session *bob_1 = start(bob, from_alice, NULL), *bob_2 = NULL;
  const envelope from_a = seal(alice_1, "a"), from_b = seal(bob_1, "b");
  int32_t first = 0, second = 0, now_a = 0, now_b = 0;
  envelope e;
  OK(answer(bob, from_alice, bob_1, &from_a, &bob_2));
  OK(answer(alice, from_bob, alice_1, &from_b, &alice_2));
  /* A round trip settles it: both come to the same of the two. */
  OK(pawl_session_prefer(alice_1, alice_2, &first));
  e = seal(first ? alice_1 : alice_2, "round");
  OK(unseal(first ? bob_2 : bob_1, &e, "round"));
  OK(pawl_session_prefer(bob_2, bob_1, &second));
  e = seal(second ? bob_2 : bob_1, "trip");
  OK(unseal(second ? alice_1 : alice_2, &e, "trip"));
  OK(pawl_session_prefer(alice_1, alice_2, &now_a));
  OK(pawl_session_prefer(bob_2, bob_1, &now_b));
  CHECK(now_a == now_b);
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_session_prefer(alice_1, alice_1, &first));
  pawl_session_release(alice_1);
  pawl_session_release(alice_2);
  pawl_session_release(bob_1);
  pawl_session_release(bob_2);
  pawl_buffer_release(from_alice);
  pawl_buffer_release(from_bob);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
}

static void replaced(void) {
  pawl_identity *alice = make("alice@example.org"), *bob = make("bob@example.org");
  pawl_buffer *from_alice = bundle_of(alice), *one = bundle_of(bob), *two = bundle_of(bob);
  pawl_buffer* three = bundle_of(bob);
  pawl_session *old_a = start(alice, one, NULL), *old_b = NULL, *new_b = NULL, *lost_b = NULL;
  pawl_session *new_a, *lost_a;
  envelope e = seal(old_a, "old");
  OK(answer(bob, from_alice, NULL, &e, &old_b));
  e = seal(old_b, "yes");
  OK(unseal(old_a, &e, "yes"));
  new_a = start(alice, two, old_a);
  e = seal(new_a, "new");
  OK(answer(bob, from_alice, old_b, &e, &new_b));
  CHECK(info_of(new_b).is_resumed == 1);
  lost_a = start(alice, three, NULL);
  e = seal(lost_a, "who are you?");
  OK(answer(bob, from_alice, new_b, &e, &lost_b));
  CHECK(info_of(lost_b).is_resumed == 0);
  pawl_session_release(old_a);
  pawl_session_release(old_b);
  pawl_session_release(new_a);
  pawl_session_release(new_b);
  pawl_session_release(lost_a);
  pawl_session_release(lost_b);
  pawl_buffer_release(from_alice);
  pawl_buffer_release(one);
  pawl_buffer_release(two);
  pawl_buffer_release(three);
  pawl_identity_release(alice);
  pawl_identity_release(bob);
}

int main(void) {
  damaged_and_reordered();
  for_somebody_else();
  saved_state();
  both_at_once();
  replaced();
  puts("sessions hold");
  return 0;
}
