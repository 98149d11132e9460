#include "relay/core/delivery.h"

#include <algorithm>
#include <utility>

namespace pawl::relay {
namespace {

void SayMessage(Step& step, Connection& connection, const engine::StoredMessage& message) {
  ++step.state.stats.envelopes_delivered;
  step.Say(connection,
           wire::Message{message.cursor, message.id, message.received, message.envelope});
}

// EMPTY, once: what waited at READY has all been said.
void SayEmptyOnce(Step& step, Connection& connection) {
  Delivery& delivery = connection.session->delivery;
  if (delivery.empty_said) return;
  delivery.empty_said = true;
  step.Say(connection, wire::Empty{delivery.pushed});
}

}  // namespace

void BeginDelivery(Step& step, Connection& connection, MailboxCursor newest) {
  DeviceSession& session = *connection.session;
  session.delivery.pushed = session.resume_after;
  session.delivery.backlog_end = newest;
  Pump(step, connection);
}

void Pump(Step& step, Connection& connection) {
  if (connection.stage != Stage::kReady || connection.mode != wire::fb::Mode::Device) return;
  const DeviceSession& session = *connection.session;
  Delivery& delivery = connection.session->delivery;
  if (!delivery.wanted || delivery.fetching || connection.busy) return;
  const size_t waiting = delivery.unacknowledged.size();
  if (waiting >= delivery.window || delivery.unacknowledged_bytes >= kMaxUnacknowledgedBytes)
    return;
  delivery.fetching = true;
  delivery.wanted = false;
  engine::FetchMail fetch;
  fetch.mailbox = session.mailbox;
  fetch.after = delivery.pushed;
  fetch.max_messages = std::min(kFetchMessages, delivery.window - static_cast<uint32_t>(waiting));
  fetch.max_bytes = std::min(kFetchBytes, kMaxUnacknowledgedBytes - delivery.unacknowledged_bytes);
  fetch.now = step.now;
  step.AskSelf(connection.id, Purpose::kDeliver, fetch);
}

void WakeUp(Step& step, const std::vector<engine::MailboxRef>& mailboxes) {
  for (const engine::MailboxRef mailbox : mailboxes) {
    const auto found = step.state.attached.find(mailbox);
    if (found == step.state.attached.end()) continue;
    Connection* const connection = step.state.Find(found->second);
    if (connection == nullptr) continue;
    connection->session->delivery.wanted = true;
    Pump(step, *connection);
  }
}

void FinishDeliver(Step& step, Connection& connection, engine::FetchedMail mail) {
  if (connection.stage != Stage::kReady) return;
  Delivery& delivery = connection.session->delivery;
  delivery.fetching = false;
  if (mail.code != Code::kOk) {
    ++step.state.stats.storage_failures;
    delivery.wanted = true;
    step.state.stalled.insert(connection.id);  // until the next tick
    return;
  }
  for (const engine::StoredMessage& message : mail.messages) {
    delivery.pushed = message.cursor;
    delivery.unacknowledged.emplace(message.cursor, message.envelope.size());
    delivery.unacknowledged_bytes += message.envelope.size();
    SayMessage(step, connection, message);
  }
  if (mail.more) delivery.wanted = true;
  if (!mail.more || delivery.pushed >= delivery.backlog_end) SayEmptyOnce(step, connection);
  Pump(step, connection);
}

void OnAck(Step& step, Connection& connection, const wire::fb::Ack& ack) {
  Delivery& delivery = connection.session->delivery;
  if (ack.cursors()->size() > wire::kMaxAckCursors) {
    return step.Violate(connection, Code::kTooLarge, CloseCode::kMalformed);
  }
  engine::Acknowledge acknowledge;
  acknowledge.mailbox = connection.session->mailbox;
  acknowledge.now = step.now;
  for (const int64_t value : *ack.cursors()) {
    const MailboxCursor cursor(value);
    acknowledge.cursors.push_back(cursor);
    const auto found = delivery.unacknowledged.find(cursor);
    if (found == delivery.unacknowledged.end()) continue;
    delivery.unacknowledged_bytes -= found->second;
    delivery.unacknowledged.erase(found);
  }
  if (acknowledge.cursors.empty()) return;
  std::vector<MailboxCursor> cursors = acknowledge.cursors;
  step.Ask(connection, Purpose::kAcknowledge, 0, std::move(acknowledge));
  step.state.pending.find(engine::OpId(step.state.last_op))->second.cursors = std::move(cursors);
  Pump(step, connection);
}

void FinishAck(Step& step, Connection* connection, const Pending& pending,
               const engine::Acknowledged& acknowledged) {
  step.state.stats.envelopes_acknowledged += acknowledged.removed;
  if (acknowledged.code == Code::kOk) return;
  ++step.state.stats.storage_failures;
  // Nobody answers an ACK, so nobody would say it again on this connection.
  if (connection == nullptr) return;
  auto& unstored = connection->session->delivery.unstored_acks;
  const size_t room = kMaxUnstoredAcks - std::min(kMaxUnstoredAcks, unstored.size());
  const size_t kept = std::min(room, pending.cursors.size());
  unstored.insert(unstored.end(), pending.cursors.begin(),
                  pending.cursors.begin() + static_cast<std::ptrdiff_t>(kept));
  step.state.stalled.insert(connection->id);
}

void RetryAcks(Step& step, Connection& connection) {
  if (connection.session == nullptr) return;
  std::vector<MailboxCursor> cursors =
      std::exchange(connection.session->delivery.unstored_acks, {});
  if (cursors.empty()) return;
  step.AskSelf(connection.id, Purpose::kAcknowledge,
               engine::Acknowledge{connection.session->mailbox, cursors, step.now});
  step.state.pending.find(engine::OpId(step.state.last_op))->second.cursors = std::move(cursors);
}

void OnCredit(Step& step, Connection& connection, const wire::fb::Credit& credit) {
  connection.session->delivery.window = std::min(credit.messages(), kMaxUnacknowledged);
  Pump(step, connection);
}

void OnFetch(Step& step, Connection& connection, const wire::fb::Fetch& fetch) {
  engine::FetchMail op;
  op.mailbox = connection.session->mailbox;
  op.after = MailboxCursor(fetch.after());
  op.max_messages = std::clamp(fetch.max(), uint32_t{1}, kMaxPeekMessages);
  op.max_bytes = kMaxPeekBytes;
  op.now = step.now;
  step.Ask(connection, Purpose::kPeek, fetch.req(), op, kMaxPeekBytes);
}

void FinishPeek(Step& step, Connection& connection, uint64_t req, const engine::FetchedMail& mail) {
  if (mail.code != Code::kOk) return step.Refuse(connection, req, mail.code);
  for (const engine::StoredMessage& message : mail.messages) SayMessage(step, connection, message);
  step.Say(connection, wire::Ok{req, mail.messages.size()});
}

}  // namespace pawl::relay
