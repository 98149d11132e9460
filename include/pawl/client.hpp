#ifndef PAWL_CLIENT_HPP_
#define PAWL_CLIENT_HPP_

// The client. Included by pawl.hpp.

#include <string>
#include <utility>
#include <vector>

#include "pawl/conversation.hpp"

namespace pawl {
inline namespace v0 {

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
  uint64_t anchor_generation = 0;  // with PAWL_CLIENT_HOST_ANCHOR
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
    in.anchor_generation = options.anchor_generation;
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
  Result<void> anchor_kept(uint64_t generation) {
    return internal::Check(pawl_client_anchor_kept(raw(), generation));
  }
  Result<void> set_online(bool online) {
    return internal::Check(pawl_client_set_online(raw(), online ? 1 : 0));
  }
  // No file open and no lock held until resume, which says whether another process has written.
  Result<void> suspend() { return internal::Check(pawl_client_suspend(raw())); }
  Result<bool> resume() {
    int32_t has_changed = 0;
    const pawl_status status = pawl_client_resume(raw(), &has_changed);
    return internal::Give(status, has_changed != 0);
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

#endif  // PAWL_CLIENT_HPP_
