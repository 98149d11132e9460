#include "capi/identity.h"

#include "capi/arguments.h"
#include "capi/buffer.h"
#include "capi/environment.h"
#include "pawl/identity.h"
#include "session/safety_number.h"

namespace pawl::capi {

absl::StatusOr<LockedIdentity> LockIdentity(pawl_identity* identity) {
  PAWL_ASSIGN(std::shared_ptr<Identity> object, Get(identity));
  std::unique_lock lock(object->mutex);
  if (object->closed) return Fail(Code::kClosed, "the identity is closed");
  return LockedIdentity{std::move(object), std::move(lock)};
}

absl::StatusOr<crypto::AeadKey> StateKeyIn(const uint8_t* key, size_t key_len) {
  PAWL_ASSIGN(const ByteView bytes, ExactBytesIn(key, key_len, crypto::kAeadKeySize));
  return crypto::AeadKey::From(bytes.first<crypto::kAeadKeySize>());
}

namespace {

absl::Status Create(const char* address, pawl_identity** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const std::string_view text, TextIn(address, PAWL_ADDRESS_SIZE - 1));
  PAWL_ASSIGN(const identity::Address parsed, identity::Address::Parse(text));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(session::DeviceIdentity made,
              session::DeviceIdentity::Create(parsed, env->clock.Now(), env->rng));
  return Put(std::make_shared<Identity>(std::move(made)), out);
}

absl::Status Save(pawl_identity* identity, const uint8_t* key, size_t key_len, pawl_buffer** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const crypto::AeadKey seal, StateKeyIn(key, key_len));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  return BufferOut(crypto::SecretBytes::From(locked->Save(seal, env->rng)), out);
}

absl::Status Restore(const uint8_t* sealed, size_t sealed_len, const uint8_t* key, size_t key_len,
                     pawl_identity** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(sealed, sealed_len));
  PAWL_ASSIGN(const crypto::AeadKey seal, StateKeyIn(key, key_len));
  PAWL_TRY(GetEnvironment().status());
  PAWL_ASSIGN(session::DeviceIdentity made, session::DeviceIdentity::Restore(bytes, seal));
  return Put(std::make_shared<Identity>(std::move(made)), out);
}

absl::Status Bundle(pawl_identity* identity, pawl_buffer** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  PAWL_ASSIGN(const Bytes bundle, locked->PublicBundle(env->clock.Now(), env->rng));
  return BufferOut(crypto::SecretBytes::From(bundle), out);
}

absl::Status PeekSender(pawl_identity* identity, const uint8_t* envelope, size_t envelope_len,
                        char* out, size_t out_cap, size_t* out_len) {
  PAWL_TRY(ClearOut(out_len));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(envelope, envelope_len));
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  PAWL_ASSIGN(const identity::DeviceAddress sender, locked->PeekSender(bytes));
  return TextOut(sender.account.ToString(), out, out_cap, out_len);
}

absl::Status Digits(pawl_identity* identity, const uint8_t* bundle, size_t bundle_len, char* out,
                    size_t out_cap, size_t* out_len) {
  PAWL_TRY(ClearOut(out_len));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(bundle, bundle_len));
  PAWL_ASSIGN(const session::PeerBundle peer, session::PeerBundle::Parse(bytes));
  const session::RemoteDevice& remote = peer.device();
  PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
  const session::LocalDevice& own = locked->device();
  PAWL_ASSIGN(const session::SafetyNumber number,
              session::MakeSafetyNumber({own.address.account, own.account_key},
                                        {remote.address.account, remote.account_key}));
  return TextOut(number.digits, out, out_cap, out_len);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_identity_create(const char* address, pawl_identity** out_identity) noexcept {
  return Guard([&] { return Create(address, out_identity); });
}

pawl_status pawl_identity_save(pawl_identity* identity, const uint8_t* key, size_t key_len,
                               pawl_buffer** out_sealed) noexcept {
  return Guard([&] { return Save(identity, key, key_len, out_sealed); });
}

pawl_status pawl_identity_restore(const uint8_t* sealed, size_t sealed_len, const uint8_t* key,
                                  size_t key_len, pawl_identity** out_identity) noexcept {
  return Guard([&] { return Restore(sealed, sealed_len, key, key_len, out_identity); });
}

pawl_status pawl_identity_bundle(pawl_identity* identity, pawl_buffer** out_bundle) noexcept {
  return Guard([&] { return Bundle(identity, out_bundle); });
}

pawl_status pawl_identity_address(pawl_identity* identity, char* out, size_t out_cap,
                                  size_t* out_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_len));
    PAWL_ASSIGN(const LockedIdentity locked, LockIdentity(identity));
    return TextOut(locked->device().address.account.ToString(), out, out_cap, out_len);
  });
}

pawl_status pawl_identity_peek_sender(pawl_identity* identity, const uint8_t* envelope,
                                      size_t envelope_len, char* out, size_t out_cap,
                                      size_t* out_len) noexcept {
  return Guard([&] { return PeekSender(identity, envelope, envelope_len, out, out_cap, out_len); });
}

pawl_status pawl_identity_safety_number(pawl_identity* identity, const uint8_t* peer_bundle,
                                        size_t peer_bundle_len, char* out, size_t out_cap,
                                        size_t* out_len) noexcept {
  return Guard(
      [&] { return Digits(identity, peer_bundle, peer_bundle_len, out, out_cap, out_len); });
}

void pawl_identity_close(pawl_identity* identity) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const std::shared_ptr<Identity> object, Get(identity));
    std::lock_guard lock(object->mutex);
    object->closed = true;
    return pawl::OkStatus();
  });
}

void pawl_identity_release(pawl_identity* identity) noexcept { Drop(identity); }

}  // extern "C"
