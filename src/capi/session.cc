#include "pawl/session.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "capi/arguments.h"
#include "capi/buffer.h"
#include "capi/environment.h"
#include "capi/identity.h"
#include "session/convergence.h"
#include "session/envelope.h"
#include "session/sealed_state.h"
#include "session/stage.h"

namespace pawl::capi {

// pawl_session. Its identity is locked after it, never before.
struct Session {
  explicit Session(std::shared_ptr<Identity> owner) : identity(std::move(owner)) {}
  Session(std::shared_ptr<Identity> owner, session::Session made)
      : identity(std::move(owner)), state(std::move(made)) {}
  const std::shared_ptr<Identity> identity;
  std::mutex mutex;
  std::optional<session::Session> state;  // nothing once closed
};

namespace {

struct LockedSession {
  std::shared_ptr<Session> object;
  std::unique_lock<std::mutex> lock;
  session::Session& operator*() const { return *object->state; }
  session::Session* operator->() const { return &*object->state; }
};

absl::StatusOr<LockedSession> LockSession(pawl_session* handle) {
  PAWL_ASSIGN(std::shared_ptr<Session> object, Get(handle));
  std::unique_lock lock(object->mutex);
  if (!object->state) return Fail(Code::kClosed, "the session is closed");
  return LockedSession{std::move(object), std::move(lock)};
}

// The session that a new one has to do with, locked, or nothing.
absl::StatusOr<std::optional<LockedSession>> LockKnown(pawl_session* known) {
  if (known == nullptr) return std::optional<LockedSession>();
  PAWL_ASSIGN(LockedSession locked, LockSession(known));
  return std::optional<LockedSession>(std::move(locked));
}

absl::Status Initiate(pawl_identity* identity, const uint8_t* bundle, size_t bundle_len,
                      pawl_session* replaces, pawl_session** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(bundle, bundle_len));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const session::PeerBundle peer, session::PeerBundle::Parse(bytes));
  PAWL_ASSIGN(const auto before, LockKnown(replaces));
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  PAWL_ASSIGN(session::Session made,
              locked->StartSession(peer, env->clock.Now(), env->rng, before ? &**before : nullptr));
  return Put(std::make_shared<Session>(locked.object, std::move(made)), out);
}

absl::Status Accept(pawl_identity* identity, ByteView bundle, pawl_session* known,
                    ByteView envelope, uint8_t* out, size_t out_cap, size_t* out_len,
                    pawl_session** out_session) {
  // Room and handle are settled before the one-time prekey is used up.
  PAWL_TRY(CheckRoom(envelope.size(), out_cap, out_len));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const session::PeerBundle peer, session::PeerBundle::Parse(bundle));
  PAWL_ASSIGN(const auto before, LockKnown(known));
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  const auto object = std::make_shared<Session>(locked.object);
  PAWL_TRY(Put(object, out_session));
  std::vector<const session::Session*> sessions;
  if (before) sessions.push_back(&**before);
  absl::StatusOr<session::DeviceIdentity::Received> received =
      locked->AcceptSession(envelope, peer, env->clock.Now(), sessions);
  if (!received.ok()) {
    Drop(std::exchange(*out_session, nullptr));
    return std::move(received).status();
  }
  object->state.emplace(std::move(received->session));
  return BytesOut(received->opened.content.Expose(), out, out_cap, out_len);
}

// Envelopes are powers of two (session/envelope.h); what is not content in them has a fixed size.
absl::StatusOr<size_t> EncryptedSize(const session::Session& state, size_t content) {
  const auto handshake =
      state.facts().pending != nullptr ? session::WithHandshake::kYes : session::WithHandshake::kNo;
  const size_t room = session::MaxContentSize(state.facts().suite, handshake);
  if (content > room) return Fail(Code::kTooLarge, "the plaintext does not fit into one envelope");
  return std::max(session::kMinEnvelopeSize,
                  std::bit_ceil(session::kMaxEnvelopeSize - room + content));
}

session::ListRefs RefsOf(Identity& identity) {
  std::lock_guard lock(identity.mutex);
  // The host brings bundles, not lists: which list of the peer's we know is not ours to say.
  return {.sender = identity.device.device().list, .recipient = {}};
}

absl::Status Encrypt(pawl_session* handle, ByteView plaintext, uint8_t* out, size_t out_cap,
                     size_t* out_len) {
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedSession locked, LockSession(handle));
  PAWL_ASSIGN(const size_t size, EncryptedSize(*locked, plaintext.size()));
  PAWL_TRY(CheckRoom(size, out_cap, out_len));
  session::Stage stage(*locked);
  PAWL_ASSIGN(const Bytes envelope,
              stage.Seal(plaintext, RefsOf(*locked.object->identity), env->clock.Now(), env->rng));
  PAWL_TRY(BytesOut(envelope, out, out_cap, out_len));
  locked->Commit(std::move(stage));
  return OkStatus();
}

absl::Status Decrypt(pawl_session* handle, ByteView envelope, uint8_t* out, size_t out_cap,
                     size_t* out_len) {
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedSession locked, LockSession(handle));
  session::Stage stage(*locked);
  PAWL_ASSIGN(const session::Opened opened, stage.Open(envelope, env->clock.Now()));
  PAWL_TRY(BytesOut(opened.content.Expose(), out, out_cap, out_len));
  locked->Commit(std::move(stage));
  return OkStatus();
}

absl::Status Recognises(pawl_session* handle, ByteView envelope, int32_t* out) {
  PAWL_ASSIGN(const LockedSession locked, LockSession(handle));
  PAWL_ASSIGN(const session::RouteTag tag, session::PeekTag(envelope));
  const std::vector<session::RouteTag> tags = locked->RouteTags();
  bool ours = std::find(tags.begin(), tags.end(), tag) != tags.end();
  if (!ours) {
    // Until our first answer the peer repeats the handshake, under random tags.
    std::lock_guard lock(locked.object->identity->mutex);
    ours = locked.object->identity->device.IsFor(envelope, *locked);
  }
  *out = ours ? 1 : 0;
  return OkStatus();
}

absl::Status Prefer(pawl_session* first, pawl_session* second, int32_t* out) {
  PAWL_ASSIGN(const std::shared_ptr<Session> a, Get(first));
  PAWL_ASSIGN(const std::shared_ptr<Session> b, Get(second));
  if (a == b) return Fail(Code::kInvalidArgument, "the two sessions are one");
  std::scoped_lock lock(a->mutex, b->mutex);
  if (!a->state || !b->state) return Fail(Code::kClosed, "the session is closed");
  const session::Session* const both[] = {&*a->state, &*b->state};
  const session::Session* chosen = session::SendingSession(both);
  if (chosen == nullptr) return Fail(Code::kWrongState, "neither session can send");
  *out = chosen == both[0] ? 1 : 0;
  return OkStatus();
}

absl::Status Save(pawl_session* handle, const uint8_t* key, size_t key_len, pawl_buffer** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const crypto::AeadKey seal, StateKeyIn(key, key_len));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedSession locked, LockSession(handle));
  return BufferOut(crypto::SecretBytes::From(session::SaveSession(*locked, seal, env->rng)), out);
}

absl::Status Restore(pawl_identity* identity, const uint8_t* sealed, size_t sealed_len,
                     const uint8_t* key, size_t key_len, pawl_session** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(sealed, sealed_len));
  PAWL_ASSIGN(const crypto::AeadKey seal, StateKeyIn(key, key_len));
  PAWL_ASSIGN(const LockedIdentity owner, LockIdentity(identity));
  PAWL_ASSIGN(session::Session made, session::RestoreSession(bytes, seal));
  if (made.local() != owner->device().address) {
    return Fail(Code::kWrongRecipient, "the session is of another identity");
  }
  return Put(std::make_shared<Session>(owner.object, std::move(made)), out);
}

absl::Status GetInfo(pawl_session* handle, pawl_session_info* out) {
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedSession locked, LockSession(handle));
  const session::Facts& facts = locked->facts();
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  info.is_initiator = facts.role == session::Role::kInitiator ? 1 : 0;
  info.is_confirmed = locked->confirmed() ? 1 : 0;
  info.is_resumed = locked->resumed() ? 1 : 0;
  info.suite = static_cast<int32_t>(facts.suite);
  info.unanswered = locked->unanswered();
  info.needs_fresh_session = locked->NeedsFreshSession(env->clock.Now()) ? 1 : 0;
  info.created_ms = facts.created_at.ms;
  return StructOut(info, out, PAWL_BASELINE(pawl_session_info, created_ms));
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_session_initiate(pawl_identity* identity, const uint8_t* peer_bundle,
                                  size_t peer_bundle_len, pawl_session* replaces,
                                  pawl_session** out_session) noexcept {
  return Guard(
      [&] { return Initiate(identity, peer_bundle, peer_bundle_len, replaces, out_session); });
}

pawl_status pawl_session_accept(pawl_identity* identity, const uint8_t* peer_bundle,
                                size_t peer_bundle_len, pawl_session* known,
                                const uint8_t* envelope, size_t envelope_len, uint8_t* out,
                                size_t out_cap, size_t* out_len,
                                pawl_session** out_session) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_session));
    PAWL_TRY(CheckOut(out, out_cap, out_len));
    *out_len = 0;
    PAWL_ASSIGN(const pawl::ByteView bundle, BytesIn(peer_bundle, peer_bundle_len));
    PAWL_ASSIGN(const pawl::ByteView bytes, BytesIn(envelope, envelope_len));
    return Accept(identity, bundle, known, bytes, out, out_cap, out_len, out_session);
  });
}

pawl_status pawl_session_encrypted_size(pawl_session* session, size_t plaintext_len,
                                        size_t* out_size) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_size));
    PAWL_ASSIGN(const LockedSession locked, LockSession(session));
    PAWL_ASSIGN(*out_size, EncryptedSize(*locked, plaintext_len));
    return pawl::OkStatus();
  });
}

pawl_status pawl_session_encrypt(pawl_session* session, const uint8_t* plaintext,
                                 size_t plaintext_len, uint8_t* out, size_t out_cap,
                                 size_t* out_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(CheckOut(out, out_cap, out_len));
    *out_len = 0;
    PAWL_ASSIGN(const pawl::ByteView bytes, BytesIn(plaintext, plaintext_len));
    return Encrypt(session, bytes, out, out_cap, out_len);
  });
}

pawl_status pawl_session_decrypt(pawl_session* session, const uint8_t* envelope,
                                 size_t envelope_len, uint8_t* out, size_t out_cap,
                                 size_t* out_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(CheckOut(out, out_cap, out_len));
    *out_len = 0;
    PAWL_ASSIGN(const pawl::ByteView bytes, BytesIn(envelope, envelope_len));
    return Decrypt(session, bytes, out, out_cap, out_len);
  });
}

pawl_status pawl_session_recognises(pawl_session* session, const uint8_t* envelope,
                                    size_t envelope_len, int32_t* out_is_ours) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_is_ours));
    PAWL_ASSIGN(const pawl::ByteView bytes, BytesIn(envelope, envelope_len));
    return Recognises(session, bytes, out_is_ours);
  });
}

pawl_status pawl_session_prefer(pawl_session* first, pawl_session* second,
                                int32_t* out_prefer_first) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_prefer_first));
    return Prefer(first, second, out_prefer_first);
  });
}

pawl_status pawl_session_save(pawl_session* session, const uint8_t* key, size_t key_len,
                              pawl_buffer** out_sealed) noexcept {
  return Guard([&] { return Save(session, key, key_len, out_sealed); });
}

pawl_status pawl_session_restore(pawl_identity* identity, const uint8_t* sealed, size_t sealed_len,
                                 const uint8_t* key, size_t key_len,
                                 pawl_session** out_session) noexcept {
  return Guard([&] { return Restore(identity, sealed, sealed_len, key, key_len, out_session); });
}

pawl_status pawl_session_get_info(pawl_session* session, pawl_session_info* out_info) noexcept {
  return Guard([&] { return GetInfo(session, out_info); });
}

pawl_status pawl_session_peer_address(pawl_session* session, char* out, size_t out_cap,
                                      size_t* out_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_len));
    PAWL_ASSIGN(const LockedSession locked, LockSession(session));
    return TextOut(locked->remote().account.ToString(), out, out_cap, out_len);
  });
}

void pawl_session_close(pawl_session* session) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const std::shared_ptr<Session> object, Get(session));
    std::lock_guard lock(object->mutex);
    object->state.reset();
    return pawl::OkStatus();
  });
}

void pawl_session_release(pawl_session* session) noexcept { Drop(session); }

}  // extern "C"
