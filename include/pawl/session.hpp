#ifndef PAWL_SESSION_HPP_
#define PAWL_SESSION_HPP_

// Bring your own transport: identities and sessions. Included by pawl.hpp.

#include <string>
#include <utility>
#include <vector>

#include "pawl/handle.hpp"

namespace pawl {
inline namespace v0 {

class Identity {
 public:
  static Result<Identity> create(const std::string& address) {
    pawl_identity* out = nullptr;
    const pawl_status status = pawl_identity_create(address.c_str(), &out);
    return internal::Give(status, Identity(out));
  }
  static Result<Identity> restore(ByteSpan sealed, ByteSpan key) {
    pawl_identity* out = nullptr;
    const pawl_status status =
        pawl_identity_restore(sealed.data(), sealed.size(), key.data(), key.size(), &out);
    return internal::Give(status, Identity(out));
  }
  Result<Buffer> save(ByteSpan key) const {
    pawl_buffer* out = nullptr;
    const pawl_status status = pawl_identity_save(raw(), key.data(), key.size(), &out);
    return internal::Give(status, Buffer(out));
  }
  Result<Buffer> bundle() {
    pawl_buffer* out = nullptr;
    const pawl_status status = pawl_identity_bundle(raw(), &out);
    return internal::Give(status, Buffer(out));
  }
  Result<std::string> address() const {
    return internal::Text<PAWL_ADDRESS_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_identity_address(raw(), out, cap, len);
    });
  }
  Result<std::string> peek_sender(ByteSpan envelope) const {
    return internal::Text<PAWL_ADDRESS_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_identity_peek_sender(raw(), envelope.data(), envelope.size(), out, cap, len);
    });
  }
  Result<std::string> safety_number(ByteSpan peer_bundle) const {
    return internal::Text<PAWL_SAFETY_NUMBER_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_identity_safety_number(raw(), peer_bundle.data(), peer_bundle.size(), out, cap,
                                         len);
    });
  }
  void close() { pawl_identity_close(raw()); }
  pawl_identity* raw() const { return handle_.get(); }

 private:
  explicit Identity(pawl_identity* handle) : handle_(handle) {}
  internal::Owned<pawl_identity> handle_;
};

class Session {
 public:
  static Result<Session> initiate(Identity& identity, ByteSpan peer_bundle,
                                  const Session* replaces = nullptr) {
    pawl_session* out = nullptr;
    const pawl_status status =
        pawl_session_initiate(identity.raw(), peer_bundle.data(), peer_bundle.size(),
                              replaces == nullptr ? nullptr : replaces->raw(), &out);
    return internal::Give(status, Session(out));
  }
  struct Accepted;
  static Result<Accepted> accept(Identity& identity, ByteSpan peer_bundle, ByteSpan envelope,
                                 const Session* known = nullptr);
  static Result<Session> restore(Identity& identity, ByteSpan sealed, ByteSpan key) {
    pawl_session* out = nullptr;
    const pawl_status status = pawl_session_restore(identity.raw(), sealed.data(), sealed.size(),
                                                    key.data(), key.size(), &out);
    return internal::Give(status, Session(out));
  }
  Result<std::vector<uint8_t>> encrypt(ByteSpan plaintext) {
    size_t size = 0;
    if (const pawl_status status = pawl_session_encrypted_size(raw(), plaintext.size(), &size)) {
      return Error::Last(status);
    }
    std::vector<uint8_t> out(size);
    const pawl_status status = pawl_session_encrypt(raw(), plaintext.data(), plaintext.size(),
                                                    out.data(), out.size(), &size);
    out.resize(size);
    return internal::Give(status, std::move(out));
  }
  Result<std::vector<uint8_t>> decrypt(ByteSpan envelope) {
    std::vector<uint8_t> out(envelope.size());
    size_t size = 0;
    const pawl_status status = pawl_session_decrypt(raw(), envelope.data(), envelope.size(),
                                                    out.data(), out.size(), &size);
    out.resize(size);
    return internal::Give(status, std::move(out));
  }
  Result<bool> recognises(ByteSpan envelope) const {
    int32_t out = 0;
    const pawl_status status =
        pawl_session_recognises(raw(), envelope.data(), envelope.size(), &out);
    return internal::Give(status, out != 0);
  }
  // True when both sides shall send on this one.
  Result<bool> preferred_to(const Session& other) const {
    int32_t out = 0;
    const pawl_status status = pawl_session_prefer(raw(), other.raw(), &out);
    return internal::Give(status, out != 0);
  }
  Result<Buffer> save(ByteSpan key) const {
    pawl_buffer* out = nullptr;
    const pawl_status status = pawl_session_save(raw(), key.data(), key.size(), &out);
    return internal::Give(status, Buffer(out));
  }
  Result<pawl_session_info> info() const {
    pawl_session_info out = PAWL_SESSION_INFO_INIT;
    const pawl_status status = pawl_session_get_info(raw(), &out);
    return internal::Give(status, std::move(out));
  }
  Result<std::string> peer_address() const {
    return internal::Text<PAWL_ADDRESS_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_session_peer_address(raw(), out, cap, len);
    });
  }
  void close() { pawl_session_close(raw()); }
  pawl_session* raw() const { return handle_.get(); }

 private:
  explicit Session(pawl_session* handle) : handle_(handle) {}
  internal::Owned<pawl_session> handle_;
};

// The session that a first message began, and what it said.
struct Session::Accepted {
  Session session;
  std::vector<uint8_t> plaintext;
};

inline Result<Session::Accepted> Session::accept(Identity& identity, ByteSpan peer_bundle,
                                                 ByteSpan envelope, const Session* known) {
  pawl_session* session = nullptr;
  std::vector<uint8_t> plaintext(envelope.size());
  size_t size = 0;
  const pawl_status status =
      pawl_session_accept(identity.raw(), peer_bundle.data(), peer_bundle.size(),
                          known == nullptr ? nullptr : known->raw(), envelope.data(),
                          envelope.size(), plaintext.data(), plaintext.size(), &size, &session);
  plaintext.resize(size);
  return internal::Give(status, Accepted{Session(session), std::move(plaintext)});
}

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_SESSION_HPP_
