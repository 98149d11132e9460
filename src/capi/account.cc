#include "pawl/account.h"

#include <optional>
#include <utility>
#include <vector>

#include "capi/arguments.h"
#include "capi/client.h"
#include "capi/environment.h"

namespace pawl::capi {

// pawl_devices: immutable.
struct Devices {
  std::vector<pawl_device> all;
};

namespace {

constexpr size_t kMaxInvitation = 64;

absl::Status Register(pawl_client* client, const char* address, const char* invitation,
                      uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(identity::Address parsed, AddressIn(address));
  PAWL_ASSIGN(const std::string_view code, OptionalTextIn(invitation, kMaxInvitation));
  return Submit(*running, client::Register{std::move(parsed), std::string(code)}, 0, out);
}

int32_t StateOf(const runner::AccountView& view) {
  if (!view.address) return PAWL_ACCOUNT_NONE;
  return view.registered ? PAWL_ACCOUNT_REGISTERED : PAWL_ACCOUNT_REGISTERING;
}

absl::Status GetInfo(pawl_client* client, pawl_account_info* out) {
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  const runner::AccountView view = running->account();
  pawl_account_info info = PAWL_ACCOUNT_INFO_INIT;
  info.state = StateOf(view);
  info.device_id = *view.device;
  info.has_account_key = view.has_account_key ? 1 : 0;
  return StructOut(info, out, PAWL_BASELINE(pawl_account_info, has_account_key));
}

absl::Status ListDevices(pawl_client* client, pawl_devices** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  const runner::AccountView view = running->account();
  auto devices = std::make_shared<Devices>();
  if (view.list) {
    for (const identity::DeviceEntry& entry : view.list->fields().devices) {
      pawl_device& device = devices->all.emplace_back();
      device.struct_size = sizeof(pawl_device);
      device.device_id = *entry.id;
      device.is_this_device = entry.id == view.device ? 1 : 0;
      device.added_ms = entry.added_at.ms;
    }
  }
  return Put(std::move(devices), out);
}

absl::Status Export(pawl_client* client, const char* passphrase, uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(const std::string_view text, TextIn(passphrase, kMaxPassphrase));
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  PAWL_ASSIGN(client::BackupKey key,
              client::DeriveBackupKey(text, crypto::Argon2Params{}, env->rng));
  return Submit(*running, client::ExportAccount{std::move(key)}, 0, out);
}

absl::Status Import(pawl_client* client, const uint8_t* backup, size_t backup_len,
                    const char* passphrase, uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(backup, backup_len));
  PAWL_ASSIGN(const std::string_view text, TextIn(passphrase, kMaxPassphrase));
  PAWL_ASSIGN(client::AccountBackup account, client::OpenBackup(bytes, text));
  return Submit(*running, client::ImportAccount{std::move(account)}, bytes.size(), out);
}

// The commands that carry one blob.
template <typename Command>
absl::Status SubmitBlob(pawl_client* client, const uint8_t* bytes, size_t size, uint64_t* out) {
  // A link response holds as many contacts as an account may have; the queue takes no more bytes.
  constexpr size_t kMaxBlob = 16 * 1024 * 1024;
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(const ByteView view, BytesIn(bytes, size));
  if (view.size() > kMaxBlob) return Fail(Code::kTooLarge, "a link message is too large");
  return Submit(*running, Command{ToBytes(view)}, view.size(), out);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_account_register(pawl_client* client, const char* address, const char* invitation,
                                  uint64_t* out_request_id) noexcept {
  return Guard([&] { return Register(client, address, invitation, out_request_id); });
}

pawl_status pawl_account_get_info(pawl_client* client, pawl_account_info* out_info) noexcept {
  return Guard([&] { return GetInfo(client, out_info); });
}

pawl_status pawl_account_address(pawl_client* client, char* out, size_t out_cap,
                                 size_t* out_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_len));
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(const pawl::identity::Address address, OwnAddress(*running));
    return TextOut(address.ToString(), out, out_cap, out_len);
  });
}

pawl_status pawl_account_devices(pawl_client* client, pawl_devices** out_devices) noexcept {
  return Guard([&] { return ListDevices(client, out_devices); });
}

pawl_status pawl_account_remove_device(pawl_client* client, uint32_t device_id,
                                       uint64_t* out_request_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_request_id));
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    return Submit(*running, pawl::client::RemoveDevice{pawl::DeviceId(device_id)}, 0,
                  out_request_id);
  });
}

pawl_status pawl_account_export(pawl_client* client, const char* passphrase,
                                uint64_t* out_request_id) noexcept {
  return Guard([&] { return Export(client, passphrase, out_request_id); });
}

pawl_status pawl_account_import(pawl_client* client, const uint8_t* backup, size_t backup_len,
                                const char* passphrase, uint64_t* out_request_id) noexcept {
  return Guard([&] { return Import(client, backup, backup_len, passphrase, out_request_id); });
}

pawl_status pawl_account_begin_link(pawl_client* client, const char* address,
                                    uint64_t* out_request_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_request_id));
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(pawl::identity::Address parsed, AddressIn(address));
    return Submit(*running, pawl::client::BeginLink{std::move(parsed)}, 0, out_request_id);
  });
}

pawl_status pawl_account_approve_link(pawl_client* client, const uint8_t* link_request,
                                      size_t link_request_len, uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return SubmitBlob<pawl::client::ApproveLink>(client, link_request, link_request_len,
                                                 out_request_id);
  });
}

pawl_status pawl_account_complete_link(pawl_client* client, const uint8_t* link_response,
                                       size_t link_response_len,
                                       uint64_t* out_request_id) noexcept {
  return Guard([&] {
    return SubmitBlob<pawl::client::CompleteLink>(client, link_response, link_response_len,
                                                  out_request_id);
  });
}

size_t pawl_devices_count(const pawl_devices* devices) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(devices);
    return object.ok() ? (*object)->all.size() : 0;
  });
}

const pawl_device* pawl_devices_at(const pawl_devices* devices, size_t index) noexcept {
  return GuardValue<const pawl_device*>(nullptr, [&]() -> const pawl_device* {
    auto object = Get(devices);
    return object.ok() && index < (*object)->all.size() ? &(*object)->all[index] : nullptr;
  });
}

void pawl_devices_release(pawl_devices* devices) noexcept { Drop(devices); }

}  // extern "C"
