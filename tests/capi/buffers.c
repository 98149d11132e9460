/* A buffer that is too small changes nothing: no ratchet step, no prekey used up. */

#include "check.h"

typedef struct talk {
  pawl_identity *alice, *bob;
  pawl_buffer *alice_bundle, *bob_bundle;
  pawl_session *to_bob, *to_alice;
} talk;

static talk begin(void) {
  talk t;
  memset(&t, 0, sizeof(t));
  OK(pawl_identity_create("alice@example.org", &t.alice));
  OK(pawl_identity_create("bob@example.org", &t.bob));
  OK(pawl_identity_bundle(t.alice, &t.alice_bundle));
  OK(pawl_identity_bundle(t.bob, &t.bob_bundle));
  OK(pawl_session_initiate(t.alice, pawl_buffer_data(t.bob_bundle), pawl_buffer_size(t.bob_bundle),
                           NULL, &t.to_bob));
  return t;
}

static void end(talk* t) {
  pawl_session_release(t->to_bob);
  pawl_session_release(t->to_alice);
  pawl_buffer_release(t->alice_bundle);
  pawl_buffer_release(t->bob_bundle);
  pawl_identity_release(t->alice);
  pawl_identity_release(t->bob);
}

static uint32_t unanswered(pawl_session* session) {
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  OK(pawl_session_get_info(session, &info));
  return info.unanswered;
}

/* Every capacity below the size needed. */
static size_t encrypt_in_steps(pawl_session* session, const char* text, uint8_t* out, size_t cap) {
  size_t needed = 0, length = 0, step;
  const uint32_t before = unanswered(session);
  OK(pawl_session_encrypted_size(session, strlen(text), &needed));
  CHECK(needed <= cap);
  for (step = 0; step < needed; step += 37) {
    memset(out, 0xee, cap);
    EXPECT(PAWL_E_BUFFER_TOO_SMALL,
           pawl_session_encrypt(session, (const uint8_t*)text, strlen(text), step ? out : NULL,
                                step, &length));
    CHECK(length == needed);
    CHECK(out[0] == 0xee && out[cap - 1] == 0xee);
  }
  CHECK(unanswered(session) == before);
  OK(pawl_session_encrypt(session, (const uint8_t*)text, strlen(text), out, needed, &length));
  CHECK(length == needed);
  CHECK(unanswered(session) == before + 1);
  return length;
}

static void accept_in_steps(talk* t, const uint8_t* envelope, size_t envelope_len,
                            const char* text) {
  uint8_t out[4096];
  size_t length = 0;
  EXPECT(PAWL_E_BUFFER_TOO_SMALL,
         pawl_session_accept(t->bob, pawl_buffer_data(t->alice_bundle),
                             pawl_buffer_size(t->alice_bundle), NULL, envelope, envelope_len, NULL,
                             0, &length, &t->to_alice));
  CHECK(length == envelope_len && t->to_alice == NULL);
  OK(pawl_session_accept(t->bob, pawl_buffer_data(t->alice_bundle),
                         pawl_buffer_size(t->alice_bundle), NULL, envelope, envelope_len, out,
                         sizeof(out), &length, &t->to_alice));
  CHECK(length == strlen(text) && memcmp(out, text, length) == 0);
}

static void decrypt_in_steps(pawl_session* session, const uint8_t* envelope, size_t envelope_len,
                             const char* text) {
  uint8_t out[256];
  size_t length = 0, step;
  for (step = 0; step < strlen(text); ++step) {
    out[0] = 0xee;
    EXPECT(PAWL_E_BUFFER_TOO_SMALL,
           pawl_session_decrypt(session, envelope, envelope_len, step ? out : NULL, step, &length));
    CHECK(length == strlen(text) && out[0] == 0xee);
  }
  OK(pawl_session_decrypt(session, envelope, envelope_len, out, step, &length));
  CHECK(length == strlen(text) && memcmp(out, text, length) == 0);
  EXPECT(PAWL_E_REPLAYED,
         pawl_session_decrypt(session, envelope, envelope_len, out, sizeof(out), &length));
}

static void texts(pawl_identity* identity) {
  char out[PAWL_ADDRESS_SIZE];
  size_t length = 0;
  EXPECT(PAWL_E_BUFFER_TOO_SMALL, pawl_identity_address(identity, NULL, 0, &length));
  CHECK(length == sizeof("alice@example.org"));
  EXPECT(PAWL_E_BUFFER_TOO_SMALL, pawl_identity_address(identity, out, length - 1, &length));
  OK(pawl_identity_address(identity, out, length, &length));
  CHECK(strcmp(out, "alice@example.org") == 0);
}

static void large(talk* t) {
  static uint8_t plain[70000], envelope[70000], back[70000];
  size_t size = 0, length = 0, most = 0;
  EXPECT(PAWL_E_TOO_LARGE, pawl_session_encrypted_size(t->to_bob, 65536, &size));
  EXPECT(PAWL_E_TOO_LARGE, pawl_session_encrypt(t->to_bob, plain, sizeof(plain), envelope,
                                                sizeof(envelope), &length));
  for (most = 65536; pawl_session_encrypted_size(t->to_bob, most, &size) != PAWL_OK; --most) {
  }
  CHECK(size == 65536);
  OK(pawl_session_encrypt(t->to_bob, plain, most, envelope, size, &length));
  CHECK(length == 65536);
  OK(pawl_session_decrypt(t->to_alice, envelope, length, back, sizeof(back), &length));
  CHECK(length == most && memcmp(plain, back, most) == 0);
  /* Nothing at all is a message too. */
  OK(pawl_session_encrypt(t->to_bob, NULL, 0, envelope, sizeof(envelope), &length));
  OK(pawl_session_decrypt(t->to_alice, envelope, length, NULL, 0, &length));
  CHECK(length == 0);
}

/* A length of 2^32 more is that much more: nobody keeps only its lower half, and nobody reads so
 * far. */
static void beyond_32_bits(talk* t, const uint8_t* envelope, size_t envelope_len) {
#if SIZE_MAX > UINT32_MAX
  const size_t more = (size_t)1 << 32;
  static uint8_t out[8192];
  pawl_session* session = NULL;
  size_t length = 0;
  EXPECT(PAWL_E_TOO_LARGE, pawl_session_encrypted_size(t->to_bob, more + 5, &length));
  EXPECT(PAWL_E_TOO_LARGE,
         pawl_session_encrypt(t->to_bob, envelope, more + 5, out, sizeof(out), &length));
  CHECK(pawl_session_decrypt(t->to_alice, envelope, more + envelope_len, out, sizeof(out),
                             &length) < 0);
  CHECK(pawl_session_accept(t->bob, pawl_buffer_data(t->alice_bundle),
                            pawl_buffer_size(t->alice_bundle) + more, NULL, envelope, envelope_len,
                            out, sizeof(out), &length, &session) < 0);
  CHECK(pawl_session_initiate(t->alice, pawl_buffer_data(t->bob_bundle),
                              pawl_buffer_size(t->bob_bundle) + more, NULL, &session) < 0);
  CHECK(session == NULL);
  OK(pawl_session_decrypt(t->to_alice, envelope, envelope_len, out, sizeof(out), &length));
#else
  (void)t, (void)envelope, (void)envelope_len;
#endif
}

int main(void) {
  static uint8_t envelope[8192];
  size_t length;
  talk t = begin();
  length = encrypt_in_steps(t.to_bob, "the first one", envelope, sizeof(envelope));
  accept_in_steps(&t, envelope, length, "the first one");
  length = encrypt_in_steps(t.to_bob, "before the answer", envelope, sizeof(envelope));
  decrypt_in_steps(t.to_alice, envelope, length, "before the answer");
  length = encrypt_in_steps(t.to_alice, "the answer", envelope, sizeof(envelope));
  decrypt_in_steps(t.to_bob, envelope, length, "the answer");
  length = encrypt_in_steps(t.to_bob, "after the answer", envelope, sizeof(envelope));
  decrypt_in_steps(t.to_alice, envelope, length, "after the answer");
  texts(t.alice);
  large(&t);
  length = encrypt_in_steps(t.to_bob, "of known length", envelope, sizeof(envelope));
  beyond_32_bits(&t, envelope, length);
  end(&t);
  puts("too small a buffer changes nothing");
  return 0;
}
