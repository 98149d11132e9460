#include "relay/core/prekeys.h"

#include "identity/bundle.h"
#include "identity/one_time_pair.h"
#include "relay/core/accounts.h"

namespace pawl::relay {
namespace {

absl::StatusOr<engine::PutPrekeys> ParsePrekeys(const DeviceSession& session, Timestamp now,
                                                const wire::fb::PrekeyPut& header,
                                                ByteView payload) {
  PAWL_ASSIGN(const wire::PrekeyPutParts parts, wire::Split(header, payload));
  engine::PutPrekeys op;
  op.mailbox = session.mailbox;
  op.epoch = session.epoch;
  op.now = now;
  if (!parts.bundle.empty()) {
    PAWL_ASSIGN(const auto bundle, identity::Bundle::Parse(parts.bundle, session.signing_key));
    if (bundle.device != session.device) {
      return Fail(Code::kWrongRecipient, "bundle of another device");
    }
    op.epoch = bundle.epoch;
    op.bundle = ToBytes(parts.bundle);
  }
  for (const ByteView record : parts.one_time) {
    PAWL_ASSIGN(const auto pair, identity::OneTimePair::Parse(record, session.signing_key));
    if (pair.device != session.device) {
      return Fail(Code::kWrongRecipient, "one-time pair of another device");
    }
    op.one_time.push_back({*pair.id, pair.expires_at, ToBytes(record)});
  }
  return op;
}

}  // namespace

void OnPrekeyPut(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::PrekeyPut& header = *frame.header->body_as_PrekeyPut();
  const DeviceSession& session = *connection.session;
  if (!step.TakeToken(connection, header.req(), PutBucketOf(session), kPutBucket)) return;
  auto op = ParsePrekeys(session, step.now, header, frame.payload);
  if (!op.ok()) return step.Refuse(connection, header.req(), CodeOf(op));
  step.Ask(connection, Purpose::kPutPrekeys, header.req(), *std::move(op), frame.payload.size());
}

void OnPrekeyTake(Step& step, Connection& connection, const wire::fb::PrekeyTake& take) {
  const auto account = identity::Address::Parse(wire::ToText(take.account()));
  if (!account.ok() || take.device() == 0) {
    return step.Refuse(connection, take.req(), Code::kInvalidArgument);
  }
  // First a token of the peer's own: whom it names need not exist.
  const auto peer = KeyOf(BucketKind::kPrekeyPeer, {connection.peer.network});
  if (!step.TakeToken(connection, take.req(), peer, kPrekeyPeerBucket)) return;
  const std::string name = account->ToString();
  const auto bucket = KeyOf(BucketKind::kPrekey, {connection.peer.network, AsBytes(name)});
  if (!step.TakeToken(connection, take.req(), bucket, kPrekeyBucket)) return;

  // Whoever asks and from wherever: a device's one-time pairs cannot be drained faster than this.
  // The bundle, whose last-resort key serves then, is always given.
  const std::string device = identity::DeviceAddress{*account, DeviceId(take.device())}.ToString();
  const Duration wait =
      step.state.buckets.Take(KeyOf(BucketKind::kOneTime, {AsBytes(device)}),
                              kOneTimeBucket.Scaled(step.state.config.rate_scale), step.now);
  step.Ask(connection, Purpose::kTakePrekey, take.req(),
           engine::TakePrekey{name, DeviceId(take.device()), wait.ms == 0, step.now});
}

void FinishPrekeyPut(Step& step, Connection& connection, uint64_t req,
                     const engine::PrekeysPut& put) {
  if (put.code != Code::kOk) return step.Refuse(connection, req, put.code);
  step.Say(connection, wire::Ok{req, put.one_time_left});
}

void FinishPrekeyTake(Step& step, Connection& connection, uint64_t req,
                      const engine::PrekeyTaken& taken) {
  if (taken.code != Code::kOk) return step.Refuse(connection, req, taken.code);
  ++step.state.stats.prekeys_taken;
  step.Say(connection, wire::PrekeyResult{req, taken.epoch_record, taken.bundle, taken.one_time});
}

}  // namespace pawl::relay
