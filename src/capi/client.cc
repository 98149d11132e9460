#include "capi/client.h"

#include <unwind.h>

#include <cstring>
#include <utility>

#include "capi/arguments.h"
#include "capi/environment.h"
#include "capi/event.h"
#include "pawl/client.h"

namespace pawl::capi {
namespace {

constexpr size_t kMaxUrl = 1024;
constexpr uint32_t kMaxCapacity = 65'536;
constexpr uint32_t kKnownFlags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE |
                                 PAWL_CLIENT_NO_DELIVERED_RECEIPTS | PAWL_CLIENT_HOST_ANCHOR;

absl::StatusOr<size_t> CapacityIn(uint32_t asked) {
  if (asked > kMaxCapacity) return Fail(Code::kInvalidArgument, "a capacity is too large");
  return asked == 0 ? size_t{1024} : asked;
}

absl::Status RelayIn(const pawl_client_options& in, runner::ClientOptions& out) {
  PAWL_ASSIGN(out.relay_url, OptionalTextIn(in.relay_url, kMaxUrl));
  PAWL_ASSIGN(out.ca_file, OptionalTextIn(in.ca_file, kMaxPath));
  PAWL_ASSIGN(ByteView pins, BytesIn(in.pinned_spki, in.pinned_spki_len));
  constexpr size_t kPin = 32;
  if (pins.size() % kPin != 0) return Fail(Code::kInvalidArgument, "a pin has 32 bytes");
  for (; !pins.empty(); pins = pins.subspan(kPin)) {
    std::copy_n(pins.begin(), kPin, out.pins.emplace_back().begin());
  }
  return OkStatus();
}

// The host's function; its levels are ours plus one, for zero is "default" in the options.
struct LogTarget {
  pawl_log_fn function;
  void* user;
};

// With everything inside (docs/bundled.md) our unwinder is another than that which the host throws
// with. Asked for our handler before it ever ran, it aborts: it fills its tables when it first
// does.
void PrepareUnwinder() {
  _Unwind_Backtrace([](_Unwind_Context*, void*) { return _URC_END_OF_STACK; }, nullptr);
}

// A host that is written in C++ may throw. Above this are threads and transactions of ours.
void WriteLine(void* user, LogLevel level, const char* line) {
  const auto* to = static_cast<const LogTarget*>(user);
  try {
    to->function(to->user, static_cast<int32_t>(level) + 1, line);
  } catch (...) {  // its line is lost, and nobody is there to be told
  }
}

absl::Status LogIn(const pawl_client_options& in, Rng& rng, runner::ClientOptions& out) {
  if (in.log_level < 0 || in.log_level > PAWL_LOG_ERROR) {
    return Fail(Code::kInvalidArgument, "there is no such log level");
  }
  if (in.log == nullptr) return OkStatus();
  PrepareUnwinder();
  const int32_t least = in.log_level == 0 ? PAWL_LOG_INFO : in.log_level;
  auto target = std::make_shared<LogTarget>(LogTarget{in.log, in.log_user});
  out.log = Log(&WriteLine, target.get(), static_cast<LogLevel>(least - 1), rng.U64());
  out.log_target = std::move(target);
  return OkStatus();
}

absl::StatusOr<runner::ClientOptions> OptionsIn(const pawl_client_options* options) {
  PAWL_ASSIGN(const pawl_client_options in,
              StructIn(options, PAWL_BASELINE(pawl_client_options, anchor_generation)));
  if ((in.flags & ~kKnownFlags) != 0) {
    return Fail(Code::kInvalidArgument, "a flag is not known");
  }
  PAWL_ASSIGN(Environment * env, GetEnvironment());
  runner::ClientOptions out;
  PAWL_ASSIGN(out.dir, TextIn(in.store_dir, kMaxPath));
  PAWL_ASSIGN(out.anchor_dir, OptionalTextIn(in.anchor_dir, kMaxPath));
  if ((in.flags & PAWL_CLIENT_HOST_ANCHOR) != 0) out.host_anchor = in.anchor_generation;
  PAWL_ASSIGN(out.key, KeyIn(in.passphrase, in.host_key, in.host_key_len));
  PAWL_TRY(RelayIn(in, out));
  PAWL_ASSIGN(out.queue_capacity, CapacityIn(in.queue_capacity));
  PAWL_ASSIGN(out.event_capacity, CapacityIn(in.event_capacity));
  PAWL_TRY(LogIn(in, env->rng, out));
  out.create_if_missing = (in.flags & PAWL_CLIENT_CREATE) != 0;
  out.online = (in.flags & PAWL_CLIENT_OFFLINE) == 0;
  out.engine.delivered_receipts = (in.flags & PAWL_CLIENT_NO_DELIVERED_RECEIPTS) == 0;
  if (in.own_copy_delay_ms != 0) {
    out.engine.own_copy_delay = Milliseconds(in.own_copy_delay_ms);
  }
  return out;
}

absl::Status Open(const pawl_client_options* options, pawl_client** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(runner::ClientOptions parsed, OptionsIn(options));
  PAWL_ASSIGN(ClientPtr running, runner::Client::Open(std::move(parsed)));
  return Put(std::make_shared<Client>(Client{std::move(running)}), out);
}

absl::Status WaitEvents(pawl_client* client, uint32_t max_events, int32_t timeout_ms,
                        pawl_events** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  // Made first: events that were taken must not be lost for want of a handle.
  auto batch = std::make_shared<Events>();
  PAWL_TRY(Put(batch, out));
  absl::Status status = batch->Fill(*running, max_events, timeout_ms);
  if (!status.ok()) Drop(std::exchange(*out, nullptr));
  return status;
}

}  // namespace

absl::StatusOr<runner::StoreKey> KeyIn(const char* passphrase, const uint8_t* host_key,
                                       size_t host_key_len) {
  runner::StoreKey out;
  if (host_key != nullptr || host_key_len != 0) {
    PAWL_ASSIGN(const ByteView key, ExactBytesIn(host_key, host_key_len, crypto::kAeadKeySize));
    out.host_key = crypto::AeadKey::From(key.first<crypto::kAeadKeySize>());
  }
  PAWL_ASSIGN(const std::string_view text, OptionalTextIn(passphrase, kMaxPassphrase));
  out.passphrase = crypto::SecretBytes::From(AsBytes(text));
  return out;
}

absl::StatusOr<ClientPtr> RunningClient(pawl_client* client) {
  PAWL_ASSIGN(const std::shared_ptr<Client> object, Get(client));
  return object->running;
}

absl::StatusOr<identity::Address> AddressIn(const char* address) {
  PAWL_ASSIGN(const std::string_view text, TextIn(address, PAWL_ADDRESS_SIZE - 1));
  return identity::Address::Parse(text);
}

absl::StatusOr<identity::Address> OwnAddress(runner::Client& client) {
  std::optional<identity::Address> address = client.account().address;
  if (!address) return Fail(Code::kWrongState, "this store has no account yet");
  return *std::move(address);
}

MessageId RandomMessageId() {
  crypto::SystemRng rng;
  return MessageId(rng.Array<16>());
}

absl::StatusOr<MessageId> MessageIdIn(const pawl_id* id) {
  if (id == nullptr) return Fail(Code::kInvalidArgument, "an id is null");
  ByteArray<16> bytes;
  std::memcpy(bytes.data(), id->bytes, bytes.size());
  return MessageId(bytes);
}

absl::Status Submit(runner::Client& client, runner::Client::Body body, size_t bytes,
                    uint64_t* out_request_id) {
  PAWL_TRY(ClearOut(out_request_id));
  PAWL_ASSIGN(const RequestId request, client.Submit(std::move(body), bytes));
  *out_request_id = *request;
  return OkStatus();
}

}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_client_open(const pawl_client_options* options,
                             pawl_client** out_client) noexcept {
  return Guard([&] { return Open(options, out_client); });
}

pawl_status pawl_client_set_online(pawl_client* client, int32_t online) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    return running->SetOnline(online != 0);
  });
}

pawl_status pawl_client_wait_events(pawl_client* client, uint32_t max_events, int32_t timeout_ms,
                                    pawl_events** out_events) noexcept {
  return Guard([&] { return WaitEvents(client, max_events, timeout_ms, out_events); });
}

pawl_status pawl_client_event_fd(pawl_client* client, int32_t* out_fd) noexcept {
  return Guard([&]() -> absl::Status {
    if (out_fd == nullptr) return pawl::Fail(pawl::Code::kInvalidArgument, "an output is null");
    *out_fd = -1;
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    *out_fd = running->event_fd();
    return pawl::OkStatus();
  });
}

pawl_status pawl_client_ack(pawl_client* client, uint64_t seq) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    return running->Ack(pawl::InboxSeq(seq));
  });
}

pawl_status pawl_client_anchor_kept(pawl_client* client, uint64_t generation) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    return running->AnchorKept(generation);
  });
}

pawl_status pawl_client_change_key(pawl_client* client, const char* passphrase,
                                   const uint8_t* host_key, size_t host_key_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(pawl::runner::StoreKey key, KeyIn(passphrase, host_key, host_key_len));
    return running->ChangeKey(std::move(key));
  });
}

pawl_status pawl_client_reencrypt(pawl_client* client, const char* passphrase,
                                  const uint8_t* host_key, size_t host_key_len) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(pawl::runner::StoreKey key, KeyIn(passphrase, host_key, host_key_len));
    return running->Reencrypt(std::move(key));
  });
}

pawl_status pawl_client_suspend(pawl_client* client) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    return running->Suspend();
  });
}

pawl_status pawl_client_resume(pawl_client* client, int32_t* out_has_changed) noexcept {
  return Guard([&]() -> absl::Status {
    if (out_has_changed != nullptr) *out_has_changed = 0;
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(const bool changed, running->Resume());
    if (out_has_changed != nullptr) *out_has_changed = changed ? 1 : 0;
    return pawl::OkStatus();
  });
}

void pawl_client_close(pawl_client* client) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    running->Close();
    return pawl::OkStatus();
  });
}

void pawl_client_release(pawl_client* client) noexcept { Drop(client); }

}  // extern "C"
