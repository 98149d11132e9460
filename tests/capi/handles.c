/* Every function that takes a handle, with every kind of bad one, and nulls in some of their other
 * places (all of them: tests/abi/nulls_test.py): a typed error, no crash. */

#include "check.h"

static uint8_t bytes[64];
static char text[64];
static size_t length;
static uint64_t number;
static int32_t flag;
static pawl_id id;
static uint8_t peer[1 << 16]; /* a good bundle */
static size_t peer_len;

/* Calls everything that takes this handle; all else that is given is fine. */
static void identity_calls(pawl_identity* bad, pawl_status want) {
  pawl_buffer* buffer = NULL;
  pawl_session* session = NULL;
  EXPECT(want, pawl_identity_save(bad, kKey, sizeof(kKey), &buffer));
  EXPECT(want, pawl_identity_bundle(bad, &buffer));
  EXPECT(want, pawl_identity_address(bad, text, sizeof(text), &length));
  EXPECT(want, pawl_identity_peek_sender(bad, bytes, sizeof(bytes), text, sizeof(text), &length));
  EXPECT(want, pawl_identity_safety_number(bad, peer, peer_len, text, sizeof(text), &length));
  EXPECT(want, pawl_session_initiate(bad, peer, peer_len, NULL, &session));
  EXPECT(want, pawl_session_accept(bad, peer, peer_len, NULL, bytes, 1, bytes, sizeof(bytes),
                                   &length, &session));
  EXPECT(want, pawl_session_restore(bad, bytes, 1, kKey, sizeof(kKey), &session));
  CHECK(buffer == NULL && session == NULL && length == 0);
  pawl_identity_close(bad);
}

static void session_calls(pawl_session* bad, pawl_status want) {
  pawl_buffer* buffer = NULL;
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  EXPECT(want, pawl_session_encrypted_size(bad, 1, &length));
  EXPECT(want, pawl_session_encrypt(bad, bytes, 1, bytes, sizeof(bytes), &length));
  EXPECT(want, pawl_session_decrypt(bad, bytes, 1, bytes, sizeof(bytes), &length));
  EXPECT(want, pawl_session_recognises(bad, bytes, 1, &flag));
  EXPECT(want, pawl_session_save(bad, kKey, sizeof(kKey), &buffer));
  EXPECT(want, pawl_session_get_info(bad, &info));
  EXPECT(want, pawl_session_peer_address(bad, text, sizeof(text), &length));
  EXPECT(want, pawl_session_prefer(bad, bad, &flag));
  CHECK(buffer == NULL);
  pawl_session_close(bad);
}

static void client_calls(pawl_client* bad, pawl_status want) {
  pawl_events* events = NULL;
  pawl_contacts* contacts = NULL;
  pawl_conversations* conversations = NULL;
  pawl_conversation* conversation = NULL;
  pawl_devices* devices = NULL;
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  const char* who = "a@b.c";
  EXPECT(want, pawl_client_set_online(bad, 1));
  EXPECT(want, pawl_client_wait_events(bad, 1, 0, &events));
  EXPECT(want, pawl_client_event_fd(bad, &flag));
  EXPECT(want, pawl_client_ack(bad, 1));
  EXPECT(want, pawl_client_anchor_kept(bad, 1));
  EXPECT(want, pawl_client_suspend(bad));
  EXPECT(want, pawl_client_resume(bad, &flag));
  EXPECT(want, pawl_client_change_key(bad, "p", NULL, 0));
  EXPECT(want, pawl_client_reencrypt(bad, "p", NULL, 0));
  EXPECT(want, pawl_account_register(bad, who, NULL, &number));
  EXPECT(want, pawl_account_get_info(bad, &info));
  EXPECT(want, pawl_account_address(bad, text, sizeof(text), &length));
  EXPECT(want, pawl_account_devices(bad, &devices));
  EXPECT(want, pawl_account_remove_device(bad, 1, &number));
  EXPECT(want, pawl_account_export(bad, "p", &number));
  EXPECT(want, pawl_account_import(bad, bytes, 1, "p", &number));
  EXPECT(want, pawl_account_begin_link(bad, who, &number));
  EXPECT(want, pawl_account_approve_link(bad, bytes, 1, &number));
  EXPECT(want, pawl_account_complete_link(bad, bytes, 1, &number));
  EXPECT(want, pawl_contact_request(bad, who, NULL, &number));
  EXPECT(want, pawl_contact_answer(bad, who, 1, &number));
  EXPECT(want, pawl_contact_block(bad, who, 1, &number));
  EXPECT(want, pawl_contact_accept_identity(bad, who, kKey, sizeof(kKey), &number));
  EXPECT(want, pawl_contact_reject_identity(bad, who, kKey, sizeof(kKey), &number));
  EXPECT(want, pawl_contact_set_verified(bad, who, 1, &number));
  EXPECT(want, pawl_contact_safety_number(bad, who, text, sizeof(text), &length));
  EXPECT(want, pawl_client_contacts(bad, &contacts));
  EXPECT(want, pawl_client_conversations(bad, &conversations));
  EXPECT(want, pawl_conversation_open(bad, who, &conversation));
  EXPECT(want, pawl_attachment_download(bad, &id, "/tmp/x", &number));
  EXPECT(want, pawl_attachment_cancel(bad, &id, &number));
  CHECK(!events && !contacts && !conversations && !conversation && !devices && number == 0);
  pawl_client_close(bad);
}

static void conversation_calls(pawl_conversation* bad, pawl_status want) {
  pawl_content content = PAWL_CONTENT_INIT;
  pawl_messages* messages = NULL;
  pawl_upload* upload = NULL;
  content.kind = PAWL_CONTENT_TEXT;
  content.text = "hello";
  EXPECT(want, pawl_conversation_id(bad, &id));
  EXPECT(want, pawl_conversation_send(bad, &content, &id, &number));
  EXPECT(want, pawl_conversation_send_text(bad, "hello", &id, &number));
  EXPECT(want, pawl_conversation_mark_read(bad, &id, &number));
  EXPECT(want, pawl_conversation_set_typing(bad, 1));
  EXPECT(want, pawl_conversation_history(bad, 0, 1, &messages));
  EXPECT(want, pawl_attachment_send_file(bad, "/tmp/x", NULL, &id, &number));
  EXPECT(want, pawl_attachment_send_fd(bad, 0, NULL, &id, &number));
  EXPECT(want, pawl_upload_begin(bad, 1, NULL, &id, &number, &upload));
  CHECK(!messages && !upload && number == 0);
  pawl_conversation_close(bad);
}

static void peek_calls(pawl_peek* bad, pawl_status want) {
  pawl_peeked* peeked = NULL;
  EXPECT(want, pawl_peek_fetch(bad, 1, &peeked));
  EXPECT(want, pawl_peek_envelope(bad, bytes, 1, &peeked));
  CHECK(!peeked);
  pawl_peek_close(bad);
}

/* Functions that give values instead of a status. */
static void page_calls(const void* bad) {
  CHECK(pawl_buffer_data(bad) == NULL && pawl_buffer_size(bad) == 0);
  CHECK(pawl_events_count(bad) == 0 && pawl_events_at(bad, 0) == NULL);
  CHECK(pawl_messages_count(bad) == 0 && pawl_messages_at(bad, 0) == NULL);
  CHECK(pawl_conversations_count(bad) == 0 && pawl_conversations_at(bad, 0) == NULL);
  CHECK(pawl_contacts_count(bad) == 0 && pawl_contacts_at(bad, 0) == NULL);
  CHECK(pawl_devices_count(bad) == 0 && pawl_devices_at(bad, 0) == NULL);
  CHECK(pawl_peeked_count(bad) == 0 && pawl_peeked_at(bad, 0) == NULL);
  CHECK(pawl_peeked_beyond(bad) == 0);
}

static void release_all(void* bad) {
  pawl_buffer_release(bad);
  pawl_identity_release(bad);
  pawl_session_release(bad);
  pawl_client_release(bad);
  pawl_conversation_release(bad);
  pawl_upload_close(bad);
  pawl_upload_release(bad);
  pawl_events_release(bad);
  pawl_messages_release(bad);
  pawl_conversations_release(bad);
  pawl_contacts_release(bad);
  pawl_devices_release(bad);
  pawl_peek_release(bad);
  pawl_peeked_release(bad);
}

static void all_calls(void* bad) {
  identity_calls(bad, PAWL_E_BAD_HANDLE);
  session_calls(bad, PAWL_E_BAD_HANDLE);
  client_calls(bad, PAWL_E_BAD_HANDLE);
  conversation_calls(bad, PAWL_E_BAD_HANDLE);
  peek_calls(bad, PAWL_E_BAD_HANDLE);
  EXPECT(PAWL_E_BAD_HANDLE, pawl_upload_write(bad, bytes, 1, 0));
  page_calls(bad);
}

static void null_outputs(pawl_identity* identity) {
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_create("a@b.c", NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_bundle(identity, NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_address(identity, text, sizeof(text), NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_address(identity, NULL, 5, &length));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_save(identity, kKey, sizeof(kKey), NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_client_open(NULL, NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_open(NULL, NULL));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_last_error(NULL));
}

static void null_inputs(pawl_identity* identity) {
  pawl_identity* made = NULL;
  pawl_session* session = NULL;
  pawl_buffer* buffer = NULL;
  pawl_client* client = NULL;
  pawl_peek* peek = NULL;
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_create(NULL, &made));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_create("", &made));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_save(identity, NULL, 32, &buffer));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_save(identity, kKey, 31, &buffer));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_identity_restore(NULL, 5, kKey, sizeof(kKey), &made));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_session_initiate(identity, NULL, 5, NULL, &session));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_client_open(NULL, &client));
  EXPECT(PAWL_E_INVALID_ARGUMENT, pawl_peek_open(NULL, &peek));
  CHECK(!made && !session && !buffer && !client && !peek);
}

static void bad_addresses(void) {
  static const char* const kBad[] = {
      "alice", "alice@",           "@example.org",   "Alice@b.c",      "a b@c.d",
      "a@b@c", "\xff@example.org", "-a@example.org", "a@example.org/1"};
  pawl_identity* made = NULL;
  size_t i;
  for (i = 0; i < sizeof(kBad) / sizeof(kBad[0]); ++i) {
    CHECK(pawl_identity_create(kBad[i], &made) < 0 && made == NULL);
  }
}

int main(void) {
  pawl_identity* identity = NULL;
  pawl_buffer* bundle = NULL;
  int on_stack = 0;
  OK(pawl_identity_create("alice@example.org", &identity));
  OK(pawl_identity_bundle(identity, &bundle));
  peer_len = pawl_buffer_size(bundle);
  CHECK(peer_len <= sizeof(peer));
  memcpy(peer, pawl_buffer_data(bundle), peer_len);

  all_calls(NULL);
  all_calls(&on_stack);
  all_calls((void*)(uintptr_t)0xdeadbeef);
  session_calls((void*)identity, PAWL_E_BAD_HANDLE);
  client_calls((void*)identity, PAWL_E_BAD_HANDLE);
  conversation_calls((void*)bundle, PAWL_E_BAD_HANDLE);
  peek_calls((void*)identity, PAWL_E_BAD_HANDLE);
  release_all(NULL);
  release_all(&on_stack);
  null_outputs(identity);
  null_inputs(identity);
  bad_addresses();

  pawl_identity_close(identity);
  identity_calls(identity, PAWL_E_CLOSED);
  pawl_identity_release(identity);
  pawl_buffer_release(bundle);
  identity_calls(identity, PAWL_E_BAD_HANDLE);
  CHECK(pawl_buffer_size(bundle) == 0);
  release_all(identity);
  puts("bad handles are told");
  return 0;
}
