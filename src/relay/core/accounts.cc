#include "relay/core/accounts.h"

#include "crypto/hash.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "identity/epoch_record.h"
#include "relay/core/session.h"

namespace pawl::relay {
namespace {

constexpr std::string_view kInvitationLabel = "pawl relay invitation v1";

engine::ListRecord Digest(const identity::DeviceList& list) {
  engine::ListRecord record;
  record.account = list.fields().address.ToString();
  record.account_key = list.fields().account_key;
  record.version = list.fields().version;
  record.hash = list.hash();
  record.previous = list.fields().previous;
  for (const identity::DeviceEntry& entry : list.fields().devices) {
    record.devices.push_back({entry.id, entry.signing_key});
  }
  record.record = list.record();
  return record;
}

// A list of an account of ours, signed by the account key that it names.
absl::StatusOr<engine::ListRecord> ParseList(const State& state, ByteView record) {
  PAWL_ASSIGN(const auto list, identity::DeviceList::Parse(record));
  if (list.fields().address.domain() != state.config.domain) {
    return Fail(Code::kWrongRecipient, "an account of another relay");
  }
  return Digest(list);
}

// The epoch record of one of the devices of `list`, signed by that device.
absl::StatusOr<engine::EpochRow> ParseEpoch(const engine::ListRecord& list, ByteView record) {
  PAWL_ASSIGN(const auto peeked, identity::EpochRecord::Peek(record));
  for (const engine::DeviceRow& device : list.devices) {
    if (device.id != peeked.device.device) continue;
    PAWL_ASSIGN(const auto epoch, identity::EpochRecord::Parse(record, device.signing_key));
    if (epoch.device.account.ToString() != list.account) break;
    return engine::EpochRow{device.id, epoch.epoch, ToBytes(record)};
  }
  return Fail(Code::kDeviceNotListed, "epoch of a device that is not in the list");
}

absl::StatusOr<engine::RegisterAccount> ParseRegistration(const State& state, Timestamp now,
                                                          const wire::fb::Register& header,
                                                          ByteView payload) {
  PAWL_ASSIGN(const wire::RegisterParts parts, wire::Split(header, payload));
  engine::RegisterAccount op;
  PAWL_ASSIGN(op.list, ParseList(state, parts.device_list));
  if (op.list.version == 1 && op.list.devices.size() != 1) {
    return Fail(Code::kInvalidArgument, "a new account has one device");
  }
  PAWL_ASSIGN(op.epoch, ParseEpoch(op.list, parts.epoch_record));
  op.invitation_required = state.config.invitation_required;
  const std::string_view invitation = wire::ToText(header.invitation());
  if (invitation.size() > wire::kMaxInvitationSize) {
    return Fail(Code::kTooLarge, "invitation above limit");
  }
  if (!invitation.empty()) op.invitation_hash = InvitationHash(invitation);
  op.now = now;
  return op;
}

absl::StatusOr<engine::EpochRow> ParseOwnEpoch(const DeviceSession& session, ByteView record) {
  PAWL_ASSIGN(const auto epoch, identity::EpochRecord::Parse(record, session.signing_key));
  if (epoch.device != session.device) {
    return Fail(Code::kWrongRecipient, "epoch of another device");
  }
  return engine::EpochRow{epoch.device.device, epoch.epoch, ToBytes(record)};
}

}  // namespace

ByteArray<32> InvitationHash(std::string_view code) {
  return crypto::Blake2b256({AsBytes(kInvitationLabel), AsBytes(code)});
}

BucketKey PutBucketOf(const DeviceSession& session) {
  const std::string device = session.device.ToString();
  return KeyOf(BucketKind::kPut, {AsBytes(device)});
}

void OnRegister(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::Register& header = *frame.header->body_as_Register();
  // Where invitations are wanted, one of them lets in more of one network: a code is no good twice.
  const bool invited =
      step.state.config.invitation_required && !wire::ToText(header.invitation()).empty();
  const BucketKind kind = invited ? BucketKind::kRegisterInvited : BucketKind::kRegister;
  if (!step.TakeToken(connection, header.req(), KeyOf(kind, {connection.peer.network}),
                      invited ? kRegisterInvitedBucket : kRegisterBucket)) {
    return;
  }
  auto op = ParseRegistration(step.state, step.now, header, frame.payload);
  if (!op.ok()) return step.Refuse(connection, header.req(), CodeOf(op));
  step.Ask(connection, Purpose::kRegister, header.req(), *std::move(op));
}

void OnDirPut(Step& step, Connection& connection, const wire::FrameView& frame) {
  const uint64_t req = frame.header->body_as_DirPut()->req();
  if (!step.TakeToken(connection, req, PutBucketOf(*connection.session), kPutBucket)) return;
  auto list = ParseList(step.state, frame.payload);
  if (!list.ok()) return step.Refuse(connection, req, CodeOf(list));
  if (list->account != connection.session->device.account.ToString()) {
    return step.Refuse(connection, req, Code::kWrongRecipient);
  }
  step.Ask(connection, Purpose::kPutList, req, engine::PutList{*std::move(list)});
}

void OnDirGet(Step& step, Connection& connection, const wire::fb::DirGet& get) {
  const auto bucket = KeyOf(BucketKind::kLookup, {connection.peer.network});
  if (!step.TakeToken(connection, get.req(), bucket, kLookupBucket)) return;
  const auto account = identity::Address::Parse(wire::ToText(get.account()));
  if (!account.ok()) return step.Refuse(connection, get.req(), Code::kInvalidArgument);
  step.Ask(connection, Purpose::kLookup, get.req(), engine::GetList{account->ToString()});
}

void OnEpochPut(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::EpochPut& header = *frame.header->body_as_EpochPut();
  const DeviceSession& session = *connection.session;
  if (!step.TakeToken(connection, header.req(), PutBucketOf(session), kPutBucket)) return;
  auto epoch = ParseOwnEpoch(session, frame.payload);
  if (!epoch.ok()) return step.Refuse(connection, header.req(), CodeOf(epoch));
  step.Ask(connection, Purpose::kPutEpoch, header.req(),
           engine::PutEpoch{session.mailbox, DeviceEpoch(header.expected()), *std::move(epoch)});
}

void OnDeliveryKeyPut(Step& step, Connection& connection, const wire::fb::DeliveryKeyPut& put) {
  const DeviceSession& session = *connection.session;
  if (!step.TakeToken(connection, put.req(), PutBucketOf(session), kPutBucket)) return;
  step.Ask(connection, Purpose::kPutKey, put.req(),
           engine::PutDeliveryKey{session.mailbox, wire::ToArray(*put.key()), step.now});
}

void OnAnchorPut(Step& step, Connection& connection, const wire::FrameView& frame) {
  const uint64_t req = frame.header->body_as_AnchorPut()->req();
  const DeviceSession& session = *connection.session;
  if (!step.TakeToken(connection, req, PutBucketOf(session), kPutBucket)) return;
  if (frame.payload.size() > wire::kMaxAnchorSize) {
    return step.Refuse(connection, req, Code::kTooLarge);
  }
  step.Ask(connection, Purpose::kPutKey, req,
           engine::PutAnchor{session.mailbox, ToBytes(frame.payload)});
}

void FinishListPut(Step& step, Connection* connection, const Pending& pending,
                   const engine::ListPut& put) {
  if (put.code == Code::kOk && pending.purpose == Purpose::kRegister) {
    ++step.state.stats.registrations;
  }
  if (connection != nullptr) {
    if (put.code == Code::kOk) {
      step.Say(*connection, wire::Ok{pending.req, put.version});
    } else {
      step.Refuse(*connection, pending.req, put.code);
    }
  }
  DropDevices(step, put.removed);
}

void FinishLookup(Step& step, Connection& connection, uint64_t req, const engine::GotList& list) {
  if (list.code != Code::kOk) return step.Refuse(connection, req, list.code);
  step.Say(connection, wire::DirResult{req, list.record});
}

void FinishEpochPut(Step& step, Connection& connection, uint64_t req, const engine::EpochPut& put) {
  if (put.code != Code::kOk) return step.Refuse(connection, req, put.code);
  connection.session->epoch = put.epoch;
  step.Say(connection, wire::Ok{req, *put.epoch});
}

void FinishDone(Step& step, Connection& connection, uint64_t req, const engine::Done& done) {
  if (done.code != Code::kOk) return step.Refuse(connection, req, done.code);
  step.Say(connection, wire::Ok{req, 0});
}

}  // namespace pawl::relay
