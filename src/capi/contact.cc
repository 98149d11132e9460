#include "pawl/contact.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "capi/arguments.h"
#include "capi/client.h"
#include "session/safety_number.h"

namespace pawl::capi {

// pawl_contacts: immutable; `views` point into `listed`.
struct Contacts {
  std::vector<runner::ListedContact> listed;
  std::vector<pawl_contact> views;
};

namespace {

constexpr size_t kMaxName = 255;

// Commands about somebody: `make` turns their address into the command.
template <typename Make>
absl::Status SubmitAbout(pawl_client* client, const char* address, uint64_t* out, Make make) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(identity::Address peer, AddressIn(address));
  return Submit(*running, make(std::move(peer)), 0, out);
}

absl::Status Request(pawl_client* client, const char* address, const char* name, uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const std::string_view text, OptionalTextIn(name, kMaxName));
  return SubmitAbout(client, address, out, [&](identity::Address peer) {
    return client::RequestContact{std::move(peer), std::string(text)};
  });
}

// `Command`: AcceptIdentity or RejectIdentity.
template <typename Command>
absl::Status DecideIdentity(pawl_client* client, const char* address, const uint8_t* key,
                            size_t key_len, uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  identity::AccountPublic shown{};
  PAWL_ASSIGN(const ByteView bytes, ExactBytesIn(key, key_len, shown.size()));
  std::copy(bytes.begin(), bytes.end(), shown.begin());
  return SubmitAbout(client, address, out, [&](identity::Address peer) {
    return Command{std::move(peer), shown};
  });
}

absl::Status Digits(pawl_client* client, const char* address, char* out, size_t out_cap,
                    size_t* out_len) {
  PAWL_TRY(ClearOut(out_len));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(const identity::Address peer, AddressIn(address));
  const runner::AccountView own = running->account();
  if (!own.address || !own.list) return Fail(Code::kWrongState, "this store has no account yet");
  PAWL_ASSIGN(const identity::AccountPublic key, running->AccountKeyOf(peer.ToString()));
  PAWL_ASSIGN(
      const session::SafetyNumber number,
      session::MakeSafetyNumber({*own.address, own.list->fields().account_key}, {peer, key}));
  return TextOut(number.digits, out, out_cap, out_len);
}

absl::Status List(pawl_client* client, pawl_contacts** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  auto contacts = std::make_shared<Contacts>();
  PAWL_ASSIGN(contacts->listed, running->Contacts());
  for (const runner::ListedContact& contact : contacts->listed) {
    pawl_contact& view = contacts->views.emplace_back();
    view.struct_size = sizeof(pawl_contact);
    view.state = static_cast<int32_t>(contact.state);
    view.address = contact.address.c_str();
    view.name = contact.name.c_str();
    view.is_verified = contact.verified ? 1 : 0;
    view.identity_changed = contact.identity_changed ? 1 : 0;
  }
  return Put(std::move(contacts), out);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;
using pawl::identity::Address;

extern "C" {

pawl_status pawl_contact_request(pawl_client* client, const char* address, const char* name,
                                 uint64_t* out_request_id) noexcept {
  return Guard([&] { return Request(client, address, name, out_request_id); });
}

pawl_status pawl_contact_answer(pawl_client* client, const char* address, int32_t accept,
                                uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return SubmitAbout(client, address, out_request_id, [&](Address peer) {
      return pawl::client::AnswerContact{std::move(peer), accept != 0};
    });
  });
}

pawl_status pawl_contact_block(pawl_client* client, const char* address, int32_t is_blocked,
                               uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return SubmitAbout(client, address, out_request_id, [&](Address peer) {
      return pawl::client::BlockContact{std::move(peer), is_blocked != 0};
    });
  });
}

pawl_status pawl_contact_accept_identity(pawl_client* client, const char* address,
                                         const uint8_t* account_key, size_t account_key_len,
                                         uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return DecideIdentity<pawl::client::AcceptIdentity>(client, address, account_key,
                                                        account_key_len, out_request_id);
  });
}

pawl_status pawl_contact_reject_identity(pawl_client* client, const char* address,
                                         const uint8_t* account_key, size_t account_key_len,
                                         uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return DecideIdentity<pawl::client::RejectIdentity>(client, address, account_key,
                                                        account_key_len, out_request_id);
  });
}

pawl_status pawl_contact_set_verified(pawl_client* client, const char* address, int32_t is_verified,
                                      uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return SubmitAbout(client, address, out_request_id, [&](Address peer) {
      return pawl::client::SetVerified{std::move(peer), is_verified != 0};
    });
  });
}

pawl_status pawl_contact_safety_number(pawl_client* client, const char* address, char* out,
                                       size_t out_cap, size_t* out_len) noexcept {
  return Guard([&] { return Digits(client, address, out, out_cap, out_len); });
}

pawl_status pawl_client_contacts(pawl_client* client, pawl_contacts** out_contacts) noexcept {
  return Guard([&] { return List(client, out_contacts); });
}

size_t pawl_contacts_count(const pawl_contacts* contacts) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(contacts);
    return object.ok() ? (*object)->views.size() : 0;
  });
}

const pawl_contact* pawl_contacts_at(const pawl_contacts* contacts, size_t index) noexcept {
  return GuardValue<const pawl_contact*>(nullptr, [&]() -> const pawl_contact* {
    auto object = Get(contacts);
    return object.ok() && index < (*object)->views.size() ? &(*object)->views[index] : nullptr;
  });
}

void pawl_contacts_release(pawl_contacts* contacts) noexcept { Drop(contacts); }

}  // extern "C"
