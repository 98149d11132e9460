#include "client/engine/inbox.h"

#include <utility>

#include "client/engine/codes.h"
#include "client/engine/conversation.h"
#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::client {
namespace {

static_assert(static_cast<int>(MessageState::kAtRelay) ==
              static_cast<int>(store::MessageState::kAtRelay));
static_assert(static_cast<int>(MessageState::kDeleted) ==
              static_cast<int>(store::MessageState::kDeleted));
static_assert(static_cast<int>(ContactState::kBlocked) ==
              static_cast<int>(store::ContactState::kBlocked));

bool HasKey(const Event& event) {
  return event.kind == EventKind::kIdentityChanged || event.kind == EventKind::kIdentityKept;
}

bool HasCount(const Event& event) { return event.kind == EventKind::kRepaired; }

// extra: u8 detail || opaque bytes<0..2^16-1>. The detail is whatever enumeration the kind has.
uint8_t DetailOf(const Event& event) {
  if (event.kind == EventKind::kMessage) return event.outgoing ? 1 : 0;
  if (event.kind == EventKind::kMessageState) return static_cast<uint8_t>(event.state);
  if (event.kind == EventKind::kReceipt) return static_cast<uint8_t>(event.receipt);
  if (event.kind == EventKind::kDeviceListWarning) return static_cast<uint8_t>(event.warning);
  return static_cast<uint8_t>(event.contact);  // 0 where it means nothing
}

void SetDetail(uint8_t detail, Event& event) {
  event.outgoing = event.kind == EventKind::kMessage && detail == 1;
  if (event.kind == EventKind::kMessageState) event.state = static_cast<MessageState>(detail);
  if (event.kind == EventKind::kReceipt) event.receipt = static_cast<ReceiptKind>(detail);
  if (event.kind == EventKind::kDeviceListWarning) {
    event.warning = static_cast<ListWarning>(detail);
  }
  if (event.kind == EventKind::kContactAnswer || event.kind == EventKind::kContactChanged) {
    event.contact = static_cast<ContactState>(detail);
  }
}

absl::Status ReadContent(store::Transaction& tx, const identity::Address& own, Event& event) {
  const std::string sender = (event.outgoing ? own : *event.peer).ToString();
  PAWL_ASSIGN(auto row, tx.messages().Find({event.conversation, sender, event.message}));
  if (!row) return OkStatus();  // its timer was faster than the app
  event.sent_at = row->sent_at;
  event.content = std::move(row->content);
  return OkStatus();
}

int Rank(store::MessageState state) { return static_cast<int>(state); }

bool IsFurther(store::MessageState from, store::MessageState to) {
  using S = store::MessageState;
  if (from == S::kFailed || from == S::kDeleted || from == S::kReceived) return false;
  if (to == S::kFailed) return from == S::kQueued || from == S::kAtRelay;
  return Rank(to) > Rank(from);
}

}  // namespace

absl::Status Record(Batch& batch, const Event& event) {
  codec::Writer extra(3 + event.text.size() + event.key.size());
  extra.U8(DetailOf(event));
  if (HasCount(event)) {
    extra.Vector16(codec::Writer(4).U32(event.count).view());
  } else {
    extra.Vector16(HasKey(event) ? ByteView(event.key) : AsBytes(event.text));
  }
  PAWL_ASSIGN(const Bytes encoded, std::move(extra).Finish());
  const std::string peer = event.peer ? event.peer->ToString() : std::string();
  PAWL_TRY(batch.tx.inbox()
               .Append({.kind = static_cast<uint16_t>(event.kind),
                        .conversation = event.conversation,
                        .message = event.message,
                        .peer = peer,
                        .device = event.device,
                        .code = event.code,
                        .extra = encoded,
                        .at = batch.now})
               .status());
  batch.effects.inbox_grew = true;
  return OkStatus();
}

absl::StatusOr<Event> DecodeEvent(const store::InboxRow& row) {
  Event event;
  event.kind = static_cast<EventKind>(row.kind);
  event.seq = row.seq;
  event.at = row.at;
  event.code = row.code;
  event.device = row.device;
  event.conversation = row.conversation;
  event.message = row.message;
  if (!row.peer.empty()) {
    PAWL_ASSIGN(event.peer, FromStore(identity::Address::Parse(row.peer)));
  }
  codec::Reader extra(row.extra.Expose());
  SetDetail(extra.U8(), event);
  const ByteView bytes = extra.Vector16();
  if (!extra.Finish().ok()) return Fail(Code::kCorrupt, "inbox row");
  if (HasKey(event) && bytes.size() == event.key.size()) {
    std::copy(bytes.begin(), bytes.end(), event.key.begin());
  } else if (HasCount(event)) {
    event.count = codec::Reader(bytes).U32();
  } else {
    event.text = AsText(bytes);
  }
  return event;
}

absl::StatusOr<Event> ReadEvent(store::Transaction& tx, const identity::Address& own,
                                const store::InboxRow& row) {
  PAWL_ASSIGN(Event event, DecodeEvent(row));
  if (event.kind == EventKind::kMessage && event.peer) PAWL_TRY(ReadContent(tx, own, event));
  return event;
}

absl::StatusOr<bool> Advance(Batch& batch, const identity::Address& peer, const MessageId& message,
                             store::MessageState state, Code code) {
  const ConversationId conversation = ConversationOf(batch.own_address(), peer);
  const std::string own = batch.own_address().ToString();
  const store::MessageName name{conversation, own, message};
  PAWL_ASSIGN(const auto known, batch.tx.messages().FindState(name));
  if (!known || !IsFurther(*known, state)) return false;
  PAWL_TRY(batch.tx.messages().SetState(name, state, code));
  if (state == store::MessageState::kDelivered || state == store::MessageState::kRead) {
    return true;  // receipts are events of their own
  }
  Event event;
  event.kind = EventKind::kMessageState;
  event.peer = peer;
  event.conversation = conversation;
  event.message = message;
  event.state = static_cast<MessageState>(state);
  event.code = code;
  PAWL_TRY(Record(batch, event));
  return true;
}

}  // namespace pawl::client
