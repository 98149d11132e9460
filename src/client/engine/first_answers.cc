#include "client/engine/first_answers.h"

#include <vector>

#include "client/engine/contacts.h"
#include "client/engine/conversation.h"
#include "client/engine/fanout.h"
#include "client/engine/own_devices.h"
#include "wire/content_builder.h"

namespace pawl::client {
namespace {

bool MayHear(const Batch& batch, const identity::Address& account) {
  const Peer* peer = batch.peers.Find(account);
  return batch.IsOwn(account) || (peer && peer->accepted());
}

// Nothing went out on it that the other side has not answered, and nothing is about to.
bool WasSilent(const Batch& batch, const identity::DeviceAddress& to) {
  const SessionEntry* entry = SendableSession(batch, to);
  if (!entry || batch.PendingCount(to) > 0) return false;
  const session::Stage* stage = batch.sessions.FindStage(entry->id);
  return (stage ? stage->unanswered() : entry->session.unanswered()) == 0;
}

absl::Status Answer(Batch& batch, const identity::DeviceAddress& to) {
  PAWL_ASSIGN(const auto content,
              wire::Build(ControlHeader(batch, to.account), wire::Confirmed{{}}));
  return SendToDevice(batch, to,
                      {.content = content.view(),
                       .conversation = ConversationOf(batch.own_address(), to.account),
                       .not_before = AnswerTime(batch, to.account)});
}

}  // namespace

absl::Status AnswerHandshakes(Batch& batch) {
  for (const identity::DeviceAddress& device : batch.handshakes_from) {
    if (!MayHear(batch, device.account) || batch.refused.devices.contains(device)) continue;
    if (!WasSilent(batch, device)) continue;
    batch.at_work.device = device;
    PAWL_TRY(Answer(batch, device));
  }
  batch.at_work = {};
  return OkStatus();
}

}  // namespace pawl::client
