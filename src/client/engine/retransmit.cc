#include "client/engine/retransmit.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/sim_hooks.h"
#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/own_devices.h"

namespace pawl::client {
namespace {

constexpr size_t kEverything = std::numeric_limits<size_t>::max();

// A message of ours, whoever it was for.
absl::StatusOr<std::optional<store::MessageRow>> FindOwn(Batch& batch, const MessageId& message) {
  const std::string own = batch.own_address().ToString();
  PAWL_ASSIGN(auto rows, batch.tx.messages().FindById(message));
  for (store::MessageRow& row : rows) {
    if (row.sender == own && row.content.size() > 0) return std::optional(std::move(row));
  }
  return std::optional<store::MessageRow>();
}

absl::Status RetransmitCopy(Batch& batch, const identity::DeviceAddress& to,
                            const store::OutboxRow& row) {
  PAWL_ASSIGN(const auto message, FindOwn(batch, row.message));
  if (!message) return OkStatus();
  PAWL_ASSIGN(const auto conversation, batch.tx.conversations().Find(message->conversation));
  if (!conversation) return OkStatus();
  PAWL_ASSIGN(const auto content,
              wire::Build(ControlHeader(batch, to.account),
                          wire::SyncSent{conversation->peer, message->content.Expose()}));
  return SendToDevice(batch, to,
                      {.content = content.view(),
                       .conversation = row.conversation,
                       .cls = store::OutboxClass::kOwnCopy,
                       .message = row.message,
                       .not_before = OwnCopyTime(batch),
                       .expires_at = row.expires_at});
}

bool IsAboutToLeave(const store::OutboxRow& row, const SessionEntry* in_use) {
  return row.state == store::OutboxState::kQueued && in_use && row.session == in_use->id;
}

}  // namespace

absl::StatusOr<std::vector<store::OutboxRow>> WindowOf(Batch& batch,
                                                       const identity::DeviceAddress& to) {
  PAWL_ASSIGN(auto rows, batch.tx.outbox().LoadFor(to.account.ToString(), to.device, kEverything));
  std::erase_if(rows, [](const store::OutboxRow& row) { return row.message == MessageId(); });
  return rows;
}

absl::Status Retransmit(Batch& batch, const identity::DeviceAddress& to,
                        const store::OutboxRow& row) {
  PAWL_PASSED("recovery.retransmitted");
  PAWL_TRY(batch.tx.outbox().Erase(row.id));
  batch.answers.push_back({.to = to, .id = row.id, .taken = true});
  if (row.cls == store::OutboxClass::kOwnCopy) return RetransmitCopy(batch, to, row);
  const std::string own = batch.own_address().ToString();
  PAWL_ASSIGN(const auto message, batch.tx.messages().Find({row.conversation, own, row.message}));
  if (!message || message->content.size() == 0) return OkStatus();  // deleted meanwhile
  return SendToDevice(batch, to,
                      {.content = message->content.Expose(),
                       .conversation = row.conversation,
                       .cls = store::OutboxClass::kMessage,
                       .message = row.message,
                       .expires_at = row.expires_at});
}

absl::Status RetransmitWindow(Batch& batch, const identity::DeviceAddress& to) {
  PAWL_ASSIGN(const auto rows, WindowOf(batch, to));
  const SessionEntry* in_use = SendableSession(batch, to);
  bool any = false;
  for (const store::OutboxRow& row : rows) {
    // Behind one that is sent again everything is: order holds.
    if (!any && IsAboutToLeave(row, in_use)) continue;
    any = true;
    PAWL_TRY(Retransmit(batch, to, row));
  }
  return OkStatus();
}

}  // namespace pawl::client
