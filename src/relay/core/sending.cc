#include "relay/core/sending.h"

#include <algorithm>
#include <cstring>

namespace pawl::relay {
namespace {

Timestamp ExpiryOf(const wire::fb::Send& send, Timestamp now) {
  const Duration wanted = Seconds(send.ttl_s());
  return now + (send.ttl_s() == 0 ? kMaxMailLife : std::min(wanted, kMaxMailLife));
}

engine::Append ToAppend(const wire::fb::Send& send, const identity::Address& account, Timestamp now,
                        ByteView envelope) {
  engine::Append append;
  append.account = account.ToString();
  append.device = DeviceId(send.device());
  append.id = EnvelopeId(wire::ToArray(*send.id()));
  append.path = send.request() ? engine::SendPath::kRequest : engine::SendPath::kDeliveryKey;
  if (send.delivery_key() != nullptr) append.delivery_key = wire::ToArray(*send.delivery_key());
  append.urgent = send.urgent();
  append.ephemeral = send.ephemeral();
  append.received = now;
  append.expires = ExpiryOf(send, now);
  append.envelope = ToBytes(envelope);
  return append;
}

BucketKey MailboxKey(const Connection& connection, const wire::fb::Send& send, BucketKind kind) {
  const ByteArray<4> device = {
      static_cast<uint8_t>(send.device() >> 24), static_cast<uint8_t>(send.device() >> 16),
      static_cast<uint8_t>(send.device() >> 8), static_cast<uint8_t>(send.device())};
  return KeyOf(kind, {connection.peer.network, AsBytes(wire::ToText(send.account())), device});
}

// First a token of the peer's own: a mailbox of which it says the name need not exist.
bool TakeSendToken(Step& step, Connection& connection, const wire::fb::Send& send) {
  const auto peer = KeyOf(BucketKind::kSendPeer, {connection.peer.network});
  if (!step.TakeToken(connection, send.req(), peer, kSendPeerBucket)) return false;
  const BucketKind kind = send.request() ? BucketKind::kRequest : BucketKind::kSend;
  return step.TakeToken(connection, send.req(), MailboxKey(connection, send, kind),
                        send.request() ? kRequestBucket : kSendBucket);
}

void Stop(Connection& connection, const BucketKey& mailbox) {
  if (connection.stopped.size() < kMaxStoppedMailboxes) connection.stopped.insert(mailbox);
}

bool MayGo(Connection& connection, const BucketKey& mailbox, bool follows) {
  if (!follows) connection.stopped.erase(mailbox);
  return !connection.stopped.contains(mailbox);
}

// The storage's name of what this connection sends to that mailbox.
uint64_t LineOf(const Connection& connection, const BucketKey& mailbox) {
  ByteArray<8> id;
  std::memcpy(id.data(), &*connection.id, id.size());
  const BucketKey key = KeyOf(BucketKind::kSend, {id, mailbox});
  uint64_t line;
  std::memcpy(&line, key.data() + 1, sizeof(line));
  return line | 1;  // 0 is no line
}

// Past the storage: to the device if it is connected, else to nobody.
void PassOn(Step& step, const Passing& passing, engine::MailboxRef mailbox) {
  const auto found = step.state.attached.find(mailbox);
  if (found == step.state.attached.end()) return;
  Connection* const recipient = step.state.Find(found->second);
  if (recipient == nullptr) return;
  // A recipient that is not reading gets none: they are in no window, so they must not pile up.
  Delivery& delivery = recipient->session->delivery;
  if (recipient->busy || delivery.unacknowledged_bytes >= kMaxUnacknowledgedBytes / 2) return;
  if (step.now >= delivery.passed_since + kPassingInterval || step.now < delivery.passed_since) {
    delivery.passed_since = step.now;
    delivery.passed_bytes = 0;
  }
  if (delivery.passed_bytes + passing.envelope.size() > kMaxPassingBytes) return;
  delivery.passed_bytes += passing.envelope.size();
  step.Say(*recipient,
           wire::Message{MailboxCursor(0), passing.id, passing.received, passing.envelope});
}

}  // namespace

void OnSend(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::Send& send = *frame.header->body_as_Send();
  const auto account = identity::Address::Parse(wire::ToText(send.account()));
  const bool contradicts = send.request() && send.ephemeral();
  if (!account.ok() || send.device() == 0 || frame.payload.empty() || contradicts) {
    return step.Refuse(connection, send.req(), Code::kInvalidArgument);
  }
  if (frame.payload.size() > wire::kMaxEnvelopeSize) {
    return step.Refuse(connection, send.req(), Code::kTooLarge);
  }
  const auto mailbox = MailboxKey(connection, send, BucketKind::kSend);
  if (!send.ephemeral() && !MayGo(connection, mailbox, send.follows())) {
    return step.Refuse(connection, send.req(), Code::kWouldBlock);
  }
  if (!TakeSendToken(step, connection, send)) {
    if (!send.ephemeral()) Stop(connection, mailbox);
    return;
  }
  engine::Append append = ToAppend(send, *account, step.now, frame.payload);
  if (!append.ephemeral) {
    append.line = LineOf(connection, mailbox);
    append.follows = send.follows();
    // What the storage itself refuses stops the line there.
    if (!step.Ask(connection, Purpose::kSend, send.req(), std::move(append),
                  frame.payload.size())) {
      Stop(connection, mailbox);
    }
    return;
  }
  Passing passing{append.id, append.received, std::move(append.envelope)};
  append.envelope.clear();
  step.AskPassing(connection, send.req(), std::move(append), std::move(passing));
}

void FinishSend(Step& step, Connection* connection, const Pending& pending,
                const engine::Appended& appended) {
  Stats& stats = step.state.stats;
  if (appended.code == Code::kOk && pending.passing == nullptr) {
    ++(appended.duplicate ? stats.envelopes_duplicate : stats.envelopes_stored);
    if (!appended.duplicate) stats.envelope_bytes_stored += pending.bytes;
  }
  if (appended.code != Code::kOk) ++stats.envelopes_refused;
  if (connection != nullptr) {
    if (appended.code == Code::kOk) {
      step.Say(*connection, wire::Sent{pending.req, appended.duplicate, appended.list_version});
    } else {
      step.Refuse(*connection, pending.req, appended.code);
    }
  }
  if (appended.code == Code::kOk && pending.passing != nullptr) {
    PassOn(step, *pending.passing, appended.mailbox);
  }
}

}  // namespace pawl::relay
