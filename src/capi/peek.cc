#include "pawl/peek.h"

#include <deque>
#include <string>
#include <utility>

#include "capi/arguments.h"
#include "capi/client.h"
#include "capi/content.h"
#include "capi/environment.h"
#include "capi/objects.h"
#include "client/runner/peek.h"

namespace pawl::capi {

// pawl_peek: all locking is the runner's.
struct Peek {
  ~Peek() { running->Close(); }
  std::shared_ptr<runner::Peek> running;
};

// pawl_peeked: immutable once filled.
struct Peeked {
  // One envelope and what its fields point to.
  struct Held {
    pawl_peeked_item item{};
    client::Peeked source;
    std::string address;
    pawl_message message{};
    ContentHolder content;
  };
  std::deque<Held> held;
  uint64_t beyond = 0;
};

namespace {

constexpr size_t kMaxEnvelope = size_t{64} << 10;

absl::StatusOr<runner::PeekOptions> OptionsIn(const pawl_peek_options* options) {
  PAWL_ASSIGN(const pawl_peek_options in,
              StructIn(options, PAWL_BASELINE(pawl_peek_options, anchor_dir)));
  if (in.reserved != 0) return Fail(Code::kInvalidArgument, "a reserved field is not zero");
  runner::PeekOptions out;
  PAWL_ASSIGN(out.dir, TextIn(in.store_dir, kMaxPath));
  PAWL_ASSIGN(out.anchor_dir, OptionalTextIn(in.anchor_dir, kMaxPath));
  PAWL_ASSIGN(out.key, KeyIn(in.passphrase, in.host_key, in.host_key_len));
  return out;
}

void MessageOut(Peeked::Held& held) {
  const client::Peeked& source = held.source;
  pawl_message& message = held.message;
  message.struct_size = sizeof(pawl_message);
  message.direction = PAWL_INCOMING;
  message.id = IdOut(*source.message);
  message.conversation = IdOut(*source.conversation);
  message.sender = held.address.c_str();
  message.sender_device_id = *source.device;
  message.state = PAWL_MESSAGE_RECEIVED;
  message.sent_ms = source.sent_at.ms;
  message.received_ms = source.received_at.ms;
  if (ContentOut(source.content.Expose(), held.content).ok()) {
    message.content = &held.content.content;
  }
  held.item.message = &message;
}

void ItemOut(Peeked::Held& held) {
  const client::Peeked& source = held.source;
  pawl_peeked_item& item = held.item;
  item.struct_size = sizeof(pawl_peeked_item);
  item.kind = static_cast<int32_t>(source.kind);
  item.status = -static_cast<pawl_status>(source.code);
  item.received_ms = source.received_at.ms;
  const bool shown =
      source.kind == client::PeekKind::kMessage || source.kind == client::PeekKind::kRequest;
  if (!shown || !source.peer) return;
  held.address = source.peer->ToString();
  item.address = held.address.c_str();
  item.device_id = *source.device;
  if (source.kind == client::PeekKind::kRequest) item.text = source.name.c_str();
  if (!source.content.empty()) MessageOut(held);
}

absl::Status PageOut(absl::StatusOr<runner::Peek::Page> page, pawl_peeked** out) {
  PAWL_TRY(page.status());
  auto peeked = std::make_shared<Peeked>();
  peeked->beyond = page->beyond;
  for (client::Peeked& item : page->items) {
    Peeked::Held& held = peeked->held.emplace_back();
    held.source = std::move(item);
    ItemOut(held);
  }
  return Put(std::move(peeked), out);
}

absl::Status Open(const pawl_peek_options* options, pawl_peek** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_TRY(GetEnvironment().status());
  PAWL_ASSIGN(runner::PeekOptions parsed, OptionsIn(options));
  PAWL_ASSIGN(auto running, runner::Peek::Open(std::move(parsed)));
  auto peek = std::make_shared<Peek>();
  peek->running = std::move(running);
  return Put(std::move(peek), out);
}

absl::Status LookAt(pawl_peek* peek, const uint8_t* envelope, size_t size, pawl_peeked** out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const auto object, Get(peek));
  PAWL_ASSIGN(const ByteView bytes, BytesIn(envelope, size));
  if (bytes.size() > kMaxEnvelope) return Fail(Code::kTooLarge, "no envelope is so large");
  return PageOut(object->running->Look(bytes), out);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_peek_open(const pawl_peek_options* options, pawl_peek** out_peek) noexcept {
  return Guard([&] { return Open(options, out_peek); });
}

pawl_status pawl_peek_fetch(pawl_peek* peek, int32_t timeout_ms,
                            pawl_peeked** out_peeked) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_peeked));
    PAWL_ASSIGN(const auto object, Get(peek));
    return PageOut(object->running->Fetch(timeout_ms), out_peeked);
  });
}

pawl_status pawl_peek_envelope(pawl_peek* peek, const uint8_t* envelope, size_t envelope_len,
                               pawl_peeked** out_peeked) noexcept {
  return Guard([&] { return LookAt(peek, envelope, envelope_len, out_peeked); });
}

void pawl_peek_close(pawl_peek* peek) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const auto object, Get(peek));
    object->running->Close();
    return pawl::OkStatus();
  });
}

void pawl_peek_release(pawl_peek* peek) noexcept { Drop(peek); }

size_t pawl_peeked_count(const pawl_peeked* peeked) noexcept {
  return GuardValue<size_t>(0, [&]() -> size_t {
    auto object = Get(peeked);
    return object.ok() ? (*object)->held.size() : 0;
  });
}

const pawl_peeked_item* pawl_peeked_at(const pawl_peeked* peeked, size_t index) noexcept {
  return GuardValue<const pawl_peeked_item*>(nullptr, [&]() -> const pawl_peeked_item* {
    auto object = Get(peeked);
    if (!object.ok() || index >= (*object)->held.size()) return nullptr;
    return &(*object)->held[index].item;
  });
}

uint64_t pawl_peeked_beyond(const pawl_peeked* peeked) noexcept {
  return GuardValue<uint64_t>(0, [&]() -> uint64_t {
    auto object = Get(peeked);
    return object.ok() ? (*object)->beyond : 0;
  });
}

void pawl_peeked_release(pawl_peeked* peeked) noexcept { Drop(peeked); }

}  // extern "C"
