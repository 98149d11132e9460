#include "relay/core/session.h"

#include "codec/writer.h"
#include "identity/device_list.h"
#include "relay/core/delivery.h"
#include "wire/auth.h"

namespace pawl::relay {
namespace {

// One answer for everything that can be wrong with a login.
void RefuseLogin(Step& step, Connection& connection) {
  ++step.state.stats.authentications_failed;
  step.Refuse(connection, 0, Code::kAuthFailed);
  step.Close(connection, CloseCode::kNotAuthenticated);
}

// The storage could not be asked, which says nothing about the device.
void ComeBackLater(Step& step, Connection& connection, Code code) {
  step.Refuse(connection, 0, code);
  step.Close(connection, CloseCode::kTryAgainLater);
}

absl::StatusOr<identity::DeviceAddress> ClaimedDevice(const State& state,
                                                      const wire::fb::Hello& hello) {
  PAWL_ASSIGN(auto account, identity::Address::Parse(wire::ToText(hello.account())));
  if (account.domain() != state.config.domain || hello.device() == 0) {
    return Fail(Code::kNotFound, "no device of ours");
  }
  return identity::DeviceAddress{std::move(account), DeviceId(hello.device())};
}

absl::Status CheckSignature(const State& state, const Connection& connection,
                            const crypto::Ed25519Public& key) {
  const Claim& claim = *connection.claim;
  codec::Writer address;
  identity::Write(address, claim.device);
  PAWL_ASSIGN(const Bytes encoded, std::move(address).Finish());
  wire::AuthInput input;
  input.relay_key_hash = state.config.key_hash;
  input.channel_binding = connection.peer.channel_binding;
  input.relay_nonce = connection.nonce;
  input.client_nonce = claim.client_nonce;
  input.mode = connection.mode;
  input.device_address = encoded;
  return crypto::Verify(key, wire::kAuthLabel, wire::AuthMessage(input), claim.signature);
}

absl::StatusOr<crypto::Ed25519Public> CheckLogin(const State& state, const Connection& connection,
                                                 const engine::GotList& list) {
  if (list.code != Code::kOk) return Fail(Code::kAuthFailed, "no such account");
  PAWL_ASSIGN(const auto devices, identity::DeviceList::Parse(list.record));
  const identity::DeviceEntry* entry = devices.Find(connection.claim->device.device);
  if (entry == nullptr) return Fail(Code::kAuthFailed, "no such device");
  PAWL_TRY(CheckSignature(state, connection, entry->signing_key));
  return entry->signing_key;
}

uint64_t& CountOf(Stats& stats, wire::fb::Mode mode) {
  if (mode == wire::fb::Mode::Device) return stats.device_connections;
  if (mode == wire::fb::Mode::Peek) return stats.peek_connections;
  return stats.anonymous_connections;
}

void BecomeReady(Step& step, Connection& connection) {
  connection.stage = Stage::kReady;
  connection.was_ready = true;
  --step.state.opening_count;
  ++CountOf(step.state.stats, connection.mode);
}

// The newest connection of a device is the one that it meant.
void Displace(Step& step, engine::MailboxRef mailbox, const Connection& by) {
  const auto found = step.state.attached.find(mailbox);
  if (found == step.state.attached.end() || found->second == by.id) return;
  Connection* const old = step.state.Find(found->second);
  if (old == nullptr) return;
  ++step.state.stats.replaced;
  step.Say(*old, wire::Replaced());
  step.Close(*old, CloseCode::kReplaced);
}

}  // namespace

void Open(Step& step, Connection& connection) {
  wire::Challenge challenge;
  challenge.nonce = connection.nonce;
  challenge.time = step.now;
  challenge.max_message = wire::kMaxMessageSize;
  challenge.max_envelope = wire::kMaxEnvelopeSize;
  challenge.domain = step.state.config.domain;
  challenge.invitation_required = step.state.config.invitation_required;
  step.Say(connection, challenge);
}

void OnHello(Step& step, Connection& connection, const wire::fb::Hello& hello) {
  if (connection.stage != Stage::kHello) {
    return step.Violate(connection, Code::kWrongState, CloseCode::kWrongOrder);
  }
  if (hello.protocol() != wire::kProtocolVersion) {
    return step.Violate(connection, Code::kUnsupportedVersion, CloseCode::kWrongOrder);
  }
  connection.mode = hello.mode();
  if (connection.mode == wire::fb::Mode::Anonymous) {
    BecomeReady(step, connection);
    return step.Say(connection, wire::Ready());
  }
  if (connection.mode != wire::fb::Mode::Device && connection.mode != wire::fb::Mode::Peek) {
    return step.Violate(connection, Code::kUnsupported, CloseCode::kWrongOrder);
  }
  auto device = ClaimedDevice(step.state, hello);
  if (!device.ok()) return RefuseLogin(step, connection);
  Claim claim{*std::move(device),
              wire::ToArray(*hello.nonce()),
              MailboxCursor(std::max<int64_t>(0, hello.resume_after())),
              {}};
  connection.claim = std::make_unique<Claim>(std::move(claim));
  connection.stage = Stage::kAuth;
}

void OnAuth(Step& step, Connection& connection, const wire::fb::Auth& auth) {
  if (connection.stage != Stage::kAuth) {
    return step.Violate(connection, Code::kWrongState, CloseCode::kWrongOrder);
  }
  connection.claim->signature = wire::ToArray(*auth.signature());
  connection.stage = Stage::kChecking;
  step.AskSelf(connection.id, Purpose::kAuthenticate,
               engine::GetList{connection.claim->device.account.ToString()});
}

void FinishAuthenticate(Step& step, Connection& connection, const engine::GotList& list) {
  if (connection.stage != Stage::kChecking) return;
  if (list.code != Code::kOk && list.code != Code::kNotFound) {
    return ComeBackLater(step, connection, list.code);
  }
  const auto key = CheckLogin(step.state, connection, list);
  if (!key.ok()) return RefuseLogin(step, connection);
  Claim& claim = *connection.claim;
  auto session = std::make_unique<DeviceSession>(
      DeviceSession{std::move(claim.device), *key, {}, {}, claim.resume_after, {}});
  connection.claim.reset();
  connection.session = std::move(session);
  const identity::DeviceAddress& device = connection.session->device;
  step.AskSelf(connection.id, Purpose::kAttach,
               engine::Attach{device.account.ToString(), device.device, step.now});
}

void FinishAttach(Step& step, Connection& connection, const engine::Attached& attached) {
  if (connection.stage != Stage::kChecking) return;
  if (attached.code != Code::kOk) {
    if (attached.code == Code::kNotFound) return RefuseLogin(step, connection);
    return ComeBackLater(step, connection, attached.code);
  }
  DeviceSession& session = *connection.session;
  session.mailbox = attached.mailbox;
  session.epoch = attached.epoch;
  BecomeReady(step, connection);
  step.Say(connection, wire::Ready{attached.newest, attached.queue, attached.one_time_left,
                                   attached.list_version, attached.epoch, attached.anchor,
                                   attached.epoch_record});
  if (connection.mode != wire::fb::Mode::Device) return;
  Displace(step, attached.mailbox, connection);
  step.state.attached[attached.mailbox] = connection.id;
  BeginDelivery(step, connection, attached.newest);
}

void Forget(Step& step, Connection& connection) {
  State& state = step.state;
  if (connection.was_ready) {
    --CountOf(state.stats, connection.mode);
  } else {
    --state.opening_count;
  }
  state.held_for_rate.erase(connection.id);
  state.stalled.erase(connection.id);
  state.unread.ReleaseAll(connection.id);
  if (connection.session == nullptr) return;
  const auto found = state.attached.find(connection.session->mailbox);
  if (found != state.attached.end() && found->second == connection.id) state.attached.erase(found);
}

void DropDevices(Step& step, const std::vector<engine::MailboxRef>& removed) {
  for (const engine::MailboxRef mailbox : removed) {
    const auto found = step.state.attached.find(mailbox);
    if (found == step.state.attached.end()) continue;
    Connection* const connection = step.state.Find(found->second);
    if (connection == nullptr) continue;
    step.Refuse(*connection, 0, Code::kDeviceNotListed);
    step.Close(*connection, CloseCode::kNotListed);
  }
}

}  // namespace pawl::relay
