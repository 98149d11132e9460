#ifndef PAWL_PAWL_HPP_
#define PAWL_PAWL_HPP_

// C++20 over the C ABI: header-only, nothing of its own at run time. One class per handle,
// move-only, released with the object; every call that can fail gives a Result. The C headers say
// what the functions do, this file only how they look in C++:
//
//   a C function pawl_<noun>_<verb>(noun, …, out)  is  noun.<verb>(…) -> Result<out>
//   bytes are std::span<const uint8_t>, texts std::string_view (copied where C wants a NUL)
//   structs of a batch or a page are views: they live as long as the Events, Messages, … they are
//   from

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pawl/pawl.h"

namespace pawl {
inline namespace v0 {

using ByteSpan = std::span<const uint8_t>;

// --- errors ---

// A failed call: its pawl_status_code and what the library had to say.
class Error {
 public:
  explicit Error(pawl_status status, std::string message = {})
      : status_(status), message_(std::move(message)) {}
  // What the last call of this thread that gave `status` left behind.
  static Error Last(pawl_status status) {
    pawl_error_info info = PAWL_ERROR_INFO_INIT;
    const bool known = pawl_last_error(&info) == PAWL_OK && info.status == status;
    return Error(status, known ? info.message : "");
  }
  pawl_status status() const { return status_; }
  std::string_view name() const { return pawl_status_name(status_); }
  const std::string& message() const { return message_; }

 private:
  pawl_status status_;
  std::string message_;
};

// A value or an error. Looking at the one that is not there is a defect of the caller and throws
// std::bad_variant_access.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }
  pawl_status status() const { return ok() ? pawl_status{PAWL_OK} : error().status(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return error_.value(); }
  pawl_status status() const { return ok() ? pawl_status{PAWL_OK} : error().status(); }

 private:
  std::optional<Error> error_;
};

namespace internal {

inline Result<void> Check(pawl_status status) {
  if (status == PAWL_OK) return {};
  return Error::Last(status);
}

template <typename T>
Result<T> Give(pawl_status status, T&& value) {
  if (status == PAWL_OK) return Result<T>(std::forward<T>(value));
  return Error::Last(status);
}

template <typename Handle>
struct Releaser;
#define PAWL_HPP_RELEASER_(noun)                                          \
  template <>                                                             \
  struct Releaser<pawl_##noun> {                                          \
    void operator()(pawl_##noun* it) const { pawl_##noun##_release(it); } \
  };
PAWL_HPP_RELEASER_(buffer)
PAWL_HPP_RELEASER_(identity)
PAWL_HPP_RELEASER_(session)
PAWL_HPP_RELEASER_(client)
PAWL_HPP_RELEASER_(conversation)
PAWL_HPP_RELEASER_(upload)
PAWL_HPP_RELEASER_(events)
PAWL_HPP_RELEASER_(messages)
PAWL_HPP_RELEASER_(conversations)
PAWL_HPP_RELEASER_(contacts)
PAWL_HPP_RELEASER_(devices)
#undef PAWL_HPP_RELEASER_

template <typename Handle>
using Owned = std::unique_ptr<Handle, Releaser<Handle>>;

// Calls `get(out, cap, &len)` for a text that fits into `Size` bytes.
template <size_t Size, typename Get>
Result<std::string> Text(Get get) {
  char text[Size];
  size_t length = 0;
  const pawl_status status = get(text, Size, &length);
  if (status != PAWL_OK) return Error::Last(status);
  return std::string(text, length - 1);
}

inline const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }
inline std::string_view OrEmpty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// A batch or page: `count` and `at` as a range.
template <typename Handle, typename Item, size_t (*Count)(const Handle*),
          const Item* (*At)(const Handle*, size_t)>
class Page {
 public:
  explicit Page(Handle* handle) : handle_(handle) {}
  size_t size() const { return Count(handle_.get()); }
  bool empty() const { return size() == 0; }
  const Item& operator[](size_t index) const { return *At(handle_.get(), index); }

  class iterator {
   public:
    using value_type = Item;
    using difference_type = ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    iterator(const Page* page, size_t index) : page_(page), index_(index) {}
    const Item& operator*() const { return (*page_)[index_]; }
    const Item* operator->() const { return &(*page_)[index_]; }
    iterator& operator++() {
      ++index_;
      return *this;
    }
    void operator++(int) { ++index_; }
    bool operator==(const iterator& other) const { return index_ == other.index_; }

   private:
    const Page* page_;
    size_t index_;
  };
  iterator begin() const { return {this, 0}; }
  iterator end() const { return {this, size()}; }

 private:
  Owned<Handle> handle_;
};

}  // namespace internal

// --- values ---

inline std::string_view version() { return pawl_version_string(); }

// pawl_id with equality and order.
struct Id {
  pawl_id raw{};
  Id() = default;
  Id(const pawl_id& id) : raw(id) {}
  friend bool operator==(const Id& a, const Id& b) {
    return std::memcmp(a.raw.bytes, b.raw.bytes, sizeof(a.raw.bytes)) == 0;
  }
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) {
    return std::memcmp(a.raw.bytes, b.raw.bytes, sizeof(a.raw.bytes)) <=> 0;
  }
};

class Buffer {
 public:
  explicit Buffer(pawl_buffer* handle) : handle_(handle) {}
  ByteSpan bytes() const {
    return {pawl_buffer_data(handle_.get()), pawl_buffer_size(handle_.get())};
  }
  operator ByteSpan() const { return bytes(); }

 private:
  internal::Owned<pawl_buffer> handle_;
};

using Events = internal::Page<pawl_events, pawl_event, pawl_events_count, pawl_events_at>;
using Messages = internal::Page<pawl_messages, pawl_message, pawl_messages_count, pawl_messages_at>;
using Conversations = internal::Page<pawl_conversations, pawl_conversation_info,
                                     pawl_conversations_count, pawl_conversations_at>;
using Contacts = internal::Page<pawl_contacts, pawl_contact, pawl_contacts_count, pawl_contacts_at>;
using Devices = internal::Page<pawl_devices, pawl_device, pawl_devices_count, pawl_devices_at>;

// --- bring your own transport ---

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

// --- the client ---

// pawl_client_options, owning its texts. Empty means the default.
struct ClientOptions {
  std::string store_dir{};
  std::string passphrase{};
  std::vector<uint8_t> host_key{};
  std::string relay_url{};
  std::vector<uint8_t> pinned_spki{};
  std::string ca_file{};
  std::string anchor_dir{};
  uint32_t flags = PAWL_CLIENT_CREATE;
  uint32_t queue_capacity = 0;
  uint32_t event_capacity = 0;
  pawl_log_fn log = nullptr;
  void* log_user = nullptr;
  int32_t log_level = 0;
  uint32_t own_copy_delay_ms = 0;
};

// What an asynchronous call gives back at once.
using RequestId = uint64_t;
struct Sent {
  Id message_id;
  RequestId request_id = 0;
};

class Upload {
 public:
  explicit Upload(pawl_upload* handle) : handle_(handle) {}
  Result<void> write(ByteSpan bytes, int32_t timeout_ms = -1) {
    return internal::Check(
        pawl_upload_write(handle_.get(), bytes.data(), bytes.size(), timeout_ms));
  }
  void close() { pawl_upload_close(handle_.get()); }

 private:
  internal::Owned<pawl_upload> handle_;
};

class Conversation {
 public:
  explicit Conversation(pawl_conversation* handle) : handle_(handle) {}
  Result<Id> id() const {
    pawl_id out{};
    const pawl_status status = pawl_conversation_id(raw(), &out);
    return internal::Give(status, Id(out));
  }
  Result<Sent> send(const pawl_content& content) {
    Sent sent;
    const pawl_status status =
        pawl_conversation_send(raw(), &content, &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_text(const std::string& text) {
    Sent sent;
    const pawl_status status =
        pawl_conversation_send_text(raw(), text.c_str(), &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_file(const std::string& path,
                         const pawl_attachment_options* options = nullptr) {
    Sent sent;
    const pawl_status status = pawl_attachment_send_file(raw(), path.c_str(), options,
                                                         &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_fd(int32_t fd, const pawl_attachment_options* options = nullptr) {
    Sent sent;
    const pawl_status status =
        pawl_attachment_send_fd(raw(), fd, options, &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  struct Begun {
    Sent sent;
    Upload upload;
  };
  Result<Begun> begin_upload(uint64_t size, const pawl_attachment_options* options = nullptr) {
    Sent sent;
    pawl_upload* upload = nullptr;
    const pawl_status status =
        pawl_upload_begin(raw(), size, options, &sent.message_id.raw, &sent.request_id, &upload);
    return internal::Give(status, Begun{std::move(sent), Upload(upload)});
  }
  Result<RequestId> mark_read(const Id& message_id) {
    RequestId request = 0;
    const pawl_status status = pawl_conversation_mark_read(raw(), &message_id.raw, &request);
    return internal::Give(status, std::move(request));
  }
  Result<void> set_typing(bool is_typing) {
    return internal::Check(pawl_conversation_set_typing(raw(), is_typing ? 1 : 0));
  }
  Result<Messages> history(uint32_t limit, int64_t before = 0) const {
    pawl_messages* out = nullptr;
    const pawl_status status = pawl_conversation_history(raw(), before, limit, &out);
    return internal::Give(status, Messages(out));
  }
  void close() { pawl_conversation_close(raw()); }
  pawl_conversation* raw() const { return handle_.get(); }

 private:
  internal::Owned<pawl_conversation> handle_;
};

class Client {
 public:
  static Result<Client> open(const ClientOptions& options) {
    pawl_client_options in = PAWL_CLIENT_OPTIONS_INIT;
    in.flags = options.flags;
    in.store_dir = options.store_dir.c_str();
    in.passphrase = internal::OrNull(options.passphrase);
    in.host_key = options.host_key.empty() ? nullptr : options.host_key.data();
    in.host_key_len = options.host_key.size();
    in.relay_url = internal::OrNull(options.relay_url);
    in.pinned_spki = options.pinned_spki.empty() ? nullptr : options.pinned_spki.data();
    in.pinned_spki_len = options.pinned_spki.size();
    in.ca_file = internal::OrNull(options.ca_file);
    in.anchor_dir = internal::OrNull(options.anchor_dir);
    in.queue_capacity = options.queue_capacity;
    in.event_capacity = options.event_capacity;
    in.log = options.log;
    in.log_user = options.log_user;
    in.log_level = options.log_level;
    in.own_copy_delay_ms = options.own_copy_delay_ms;
    pawl_client* out = nullptr;
    const pawl_status status = pawl_client_open(&in, &out);
    return internal::Give(status, Client(out));
  }

  Result<Events> wait_events(uint32_t max_events, int32_t timeout_ms) {
    pawl_events* out = nullptr;
    const pawl_status status = pawl_client_wait_events(raw(), max_events, timeout_ms, &out);
    return internal::Give(status, Events(out));
  }
  Result<int32_t> event_fd() const {
    int32_t out = -1;
    const pawl_status status = pawl_client_event_fd(raw(), &out);
    return internal::Give(status, std::move(out));
  }
  Result<void> ack(uint64_t seq) { return internal::Check(pawl_client_ack(raw(), seq)); }
  Result<void> set_online(bool online) {
    return internal::Check(pawl_client_set_online(raw(), online ? 1 : 0));
  }
  // The store's key: a passphrase, or 32 bytes that the host keeps.
  Result<void> change_key(const std::string& passphrase) {
    return internal::Check(pawl_client_change_key(raw(), passphrase.c_str(), nullptr, 0));
  }
  Result<void> change_key(ByteSpan host_key) {
    return internal::Check(
        pawl_client_change_key(raw(), nullptr, host_key.data(), host_key.size()));
  }
  Result<void> reencrypt(const std::string& passphrase) {
    return internal::Check(pawl_client_reencrypt(raw(), passphrase.c_str(), nullptr, 0));
  }
  Result<void> reencrypt(ByteSpan host_key) {
    return internal::Check(pawl_client_reencrypt(raw(), nullptr, host_key.data(), host_key.size()));
  }
  Result<Conversation> conversation(const std::string& address) {
    pawl_conversation* out = nullptr;
    const pawl_status status = pawl_conversation_open(raw(), address.c_str(), &out);
    return internal::Give(status, Conversation(out));
  }
  Result<Conversations> conversations() const {
    pawl_conversations* out = nullptr;
    const pawl_status status = pawl_client_conversations(raw(), &out);
    return internal::Give(status, Conversations(out));
  }

  // The account.
  Result<RequestId> register_account(const std::string& address,
                                     const std::string& invitation = {}) {
    return Ask([&](RequestId* request) {
      return pawl_account_register(raw(), address.c_str(), internal::OrNull(invitation), request);
    });
  }
  Result<pawl_account_info> account_info() const {
    pawl_account_info out = PAWL_ACCOUNT_INFO_INIT;
    const pawl_status status = pawl_account_get_info(raw(), &out);
    return internal::Give(status, std::move(out));
  }
  Result<std::string> address() const {
    return internal::Text<PAWL_ADDRESS_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_account_address(raw(), out, cap, len);
    });
  }
  Result<Devices> devices() const {
    pawl_devices* out = nullptr;
    const pawl_status status = pawl_account_devices(raw(), &out);
    return internal::Give(status, Devices(out));
  }
  Result<RequestId> remove_device(uint32_t device_id) {
    return Ask(
        [&](RequestId* request) { return pawl_account_remove_device(raw(), device_id, request); });
  }
  Result<RequestId> export_account(const std::string& passphrase) {
    return Ask([&](RequestId* request) {
      return pawl_account_export(raw(), passphrase.c_str(), request);
    });
  }
  Result<RequestId> import_account(ByteSpan backup, const std::string& passphrase) {
    return Ask([&](RequestId* request) {
      return pawl_account_import(raw(), backup.data(), backup.size(), passphrase.c_str(), request);
    });
  }
  Result<RequestId> begin_link(const std::string& address) {
    return Ask([&](RequestId* request) {
      return pawl_account_begin_link(raw(), address.c_str(), request);
    });
  }
  Result<RequestId> approve_link(ByteSpan link_request) {
    return Ask([&](RequestId* request) {
      return pawl_account_approve_link(raw(), link_request.data(), link_request.size(), request);
    });
  }
  Result<RequestId> complete_link(ByteSpan link_response) {
    return Ask([&](RequestId* request) {
      return pawl_account_complete_link(raw(), link_response.data(), link_response.size(), request);
    });
  }

  // Contacts.
  Result<RequestId> request_contact(const std::string& address, const std::string& name = {}) {
    return Ask([&](RequestId* request) {
      return pawl_contact_request(raw(), address.c_str(), internal::OrNull(name), request);
    });
  }
  Result<RequestId> answer_contact(const std::string& address, bool accept) {
    return Ask([&](RequestId* request) {
      return pawl_contact_answer(raw(), address.c_str(), accept ? 1 : 0, request);
    });
  }
  Result<RequestId> block_contact(const std::string& address, bool is_blocked) {
    return Ask([&](RequestId* request) {
      return pawl_contact_block(raw(), address.c_str(), is_blocked ? 1 : 0, request);
    });
  }
  Result<RequestId> accept_identity(const std::string& address, ByteSpan account_key) {
    return Ask([&](RequestId* request) {
      return pawl_contact_accept_identity(raw(), address.c_str(), account_key.data(),
                                          account_key.size(), request);
    });
  }
  Result<RequestId> reject_identity(const std::string& address, ByteSpan account_key) {
    return Ask([&](RequestId* request) {
      return pawl_contact_reject_identity(raw(), address.c_str(), account_key.data(),
                                          account_key.size(), request);
    });
  }
  Result<RequestId> set_verified(const std::string& address, bool is_verified) {
    return Ask([&](RequestId* request) {
      return pawl_contact_set_verified(raw(), address.c_str(), is_verified ? 1 : 0, request);
    });
  }
  Result<std::string> safety_number(const std::string& address) const {
    return internal::Text<PAWL_SAFETY_NUMBER_SIZE>([&](char* out, size_t cap, size_t* len) {
      return pawl_contact_safety_number(raw(), address.c_str(), out, cap, len);
    });
  }
  Result<Contacts> contacts() const {
    pawl_contacts* out = nullptr;
    const pawl_status status = pawl_client_contacts(raw(), &out);
    return internal::Give(status, Contacts(out));
  }

  // Files.
  Result<RequestId> download(const Id& message_id, const std::string& path) {
    return Ask([&](RequestId* request) {
      return pawl_attachment_download(raw(), &message_id.raw, path.c_str(), request);
    });
  }
  Result<RequestId> cancel_transfer(const Id& message_id) {
    return Ask([&](RequestId* request) {
      return pawl_attachment_cancel(raw(), &message_id.raw, request);
    });
  }

  void close() { pawl_client_close(raw()); }
  pawl_client* raw() const { return handle_.get(); }

 private:
  explicit Client(pawl_client* handle) : handle_(handle) {}
  template <typename Call>
  static Result<RequestId> Ask(Call call) {
    RequestId request = 0;
    const pawl_status status = call(&request);
    return internal::Give(status, std::move(request));
  }
  internal::Owned<pawl_client> handle_;
};

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_PAWL_HPP_
