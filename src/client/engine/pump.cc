#include "client/engine/pump.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "client/engine/purse.h"
#include "client/engine/setup.h"

namespace pawl::client {
namespace {

// The relay holds at most so many pairs per put (wire/PROTOCOL.md), and one ws message must fit.
constexpr size_t kPairsPerPut = 100;

bool IsListed(const State& state) {
  return state.setup == Setup::kListed || state.setup == Setup::kReady;
}

// What we write tells others our delivery key: first the relay must know it, or what they answer
// with it is refused.
// And a device that raises its epoch sends nothing before it is the one that has.
bool MaySend(const State& state) {
  return IsListed(state) && state.standing == store::OpenedState::kCurrent &&
         !state.duties[Duty::kPutDeliveryKey].due && !state.duties[Duty::kPutEpoch].due;
}

std::optional<DeliveryKey> KeyFor(const State& state, const identity::Address& account) {
  if (account == state.self->address()) return state.self->delivery_key;
  auto peer = state.peers.find(account);
  return peer == state.peers.end() ? std::nullopt : peer->second->delivery_key;
}

// The path for strangers refuses soon, and what had been sent ahead of the answer would overtake.
size_t WindowFor(const State& state, const identity::Address& account) {
  return KeyFor(state, account) ? state.config.send_window : 1;
}

// What is asked about our own account: on the anonymous connection it would tell whose that is,
// above all as the answer to a READY that names another list.
bool GoesByDevice(const State& state, const identity::DeviceAddress& what) {
  return IsListed(state) && what.account == state.self->address();
}

// Whom else we ask about before we are listed would be seen beside our registration.
bool MayAskAbout(const State& state, const identity::DeviceAddress& what) {
  return IsListed(state) || !state.self || what.account == state.self->address();
}

class Pumper {
 public:
  Pumper(State& state, std::vector<Batch::NewItem> fresh, Timestamp now, Effects& effects)
      : state_(state), fresh_(std::move(fresh)), now_(now), effects_(effects) {}

  absl::Status Run(std::vector<Batch::EphemeralFrame> ephemeral) {
    if (state_.anonymous_up) {
      PAWL_TRY(Registration());
      if (IsListed(state_) && IsDue(Duty::kGetTokenKeys)) Do(Duty::kGetTokenKeys, GetTokenKeys{});
      if (MaySend(state_)) {
        PAWL_TRY(Queues());
        for (auto& frame : ephemeral) Emit(false, CarriesEphemeral{}, std::move(frame.send));
      }
    }
    AskFor();
    return state_.device_up && IsListed(state_) ? Duties() : OkStatus();
  }

 private:
  // The one transaction of this pump, begun when something must be read.
  absl::StatusOr<store::Transaction*> Tx() {
    if (!tx_) {
      PAWL_ASSIGN(auto begun, state_.store->Begin());
      tx_.emplace(std::move(begun));
    }
    return &*tx_;
  }

  bool HasRoom(size_t bytes) const {
    return state_.calls.size() < Effects::kMaxCalls &&
           state_.call_bytes + bytes <= Effects::kMaxCallBytes;
  }

  template <typename Body>
  uint64_t Emit(bool device_channel, decltype(CallRecord::what) what, Body body) {
    size_t bytes = 0;
    if constexpr (std::is_same_v<Body, SendEnvelope>) bytes = body.envelope.size();
    const uint64_t id = state_.next_call++;
    state_.calls.emplace(id, CallRecord{device_channel, bytes, std::move(what)});
    state_.call_bytes += bytes;
    effects_.calls.push_back({.channel = device_channel ? Channel::kDevice : Channel::kAnonymous,
                              .id = id,
                              .body = std::move(body)});
    return id;
  }

  // nullopt: its row is gone, there is nothing to send any more.
  absl::StatusOr<std::optional<Bytes>> FrameOf(const OutboxItem& item) {
    for (Batch::NewItem& fresh : fresh_) {
      if (fresh.item.id == item.id && !fresh.frame.empty()) {
        return std::optional<Bytes>(std::move(fresh.frame));
      }
    }
    PAWL_ASSIGN(store::Transaction * tx, Tx());
    std::optional<Bytes> frame(std::in_place);
    const absl::Status read = tx->outbox().ReadFrame(item.id, *frame);
    if (pawl::CodeOf(read) == Code::kNotFound) return std::optional<Bytes>();
    PAWL_TRY(read);
    return frame;
  }

  // The relay keeps nothing beyond the time at which the message is said to have failed.
  Duration TtlOf(const OutboxItem& item) const {
    return std::clamp(item.expires_at - now_, Seconds(1), state_.config.envelope_ttl);
  }

  // What of one queue may leave. False: there is no room for more, of whatever queue.
  absl::StatusOr<bool> Send(const identity::DeviceAddress& to, DeviceQueue& queue) {
    const size_t window = WindowFor(state_, to.account);
    while (OutboxItem* item = queue.Next(now_, window)) {
      if (!HasRoom(item->size)) return false;
      PAWL_ASSIGN(auto frame, FrameOf(*item));
      if (!frame) {
        state_.outbox.DropNext(queue);
        continue;
      }
      SendEnvelope send{.to = to,
                        .id = item->envelope,
                        .envelope = *std::move(frame),
                        .ttl = TtlOf(*item),
                        .urgent = item->urgent,
                        .follows = queue.unanswered > 0,
                        .delivery_key = KeyFor(state_, to.account)};
      item->call = Emit(false, CarriesEnvelope{to, item->id}, std::move(send));
      ++queue.on_the_way;
      ++queue.unanswered;
    }
    return true;
  }

  absl::Status Queues() {
    auto& queues = state_.outbox.queues();
    for (auto at = queues.begin(); at != queues.end();) {
      PAWL_ASSIGN(const bool room, Send(at->first, at->second));
      at = at->second.items.empty() ? queues.erase(at) : std::next(at);
      if (!room) break;
    }
    return OkStatus();
  }

  void AskFor() {
    for (auto& [what, fetch] : state_.fetches) {
      if (fetch.call != 0 || fetch.not_before > now_ || !HasRoom(0)) continue;
      if (!MayAskAbout(state_, what)) continue;
      const bool device = GoesByDevice(state_, what);
      if (!(device ? state_.device_up : state_.anonymous_up)) continue;
      fetch.call = *what.device == 0 ? Emit(device, AsksFor{what}, GetDirectory{what.account})
                                     : Emit(device, AsksFor{what}, TakePrekeys{what});
    }
  }

  bool IsDue(Duty duty) const {
    const DutyState& state = state_.duties[duty];
    return state.due && state.call == 0 && state.not_before <= now_;
  }

  template <typename Body>
  void Do(Duty duty, Body body, DoesDuty record = {}) {
    record.duty = duty;
    state_.duties[duty].call = Emit(!IsAnonymous(duty), std::move(record), std::move(body));
  }

  absl::Status Registration() {
    if (!IsDue(Duty::kRegister)) return OkStatus();
    PAWL_ASSIGN(store::Transaction * tx, Tx());
    PAWL_ASSIGN(auto invitation, LoadInvitation(*tx));
    Do(Duty::kRegister, RegisterAccount{.list_record = state_.self->list.record(),
                                        .epoch_record = state_.self->device.epoch_record,
                                        .invitation = std::move(invitation)});
    return OkStatus();
  }

  absl::Status Duties() {
    if (IsDue(Duty::kPutEpoch)) {
      Do(Duty::kPutEpoch, PutEpoch{.expected = state_.relay_epoch,
                                   .epoch_record = state_.self->device.epoch_record});
    }
    // Prekeys of an epoch that the relay does not have yet would be refused.
    if (state_.duties[Duty::kPutEpoch].due) return OkStatus();
    if (IsDue(Duty::kPutList)) PAWL_TRY(PutList());
    if (IsDue(Duty::kPutPrekeys)) PAWL_TRY(PutKeys());
    if (IsDue(Duty::kPutDeliveryKey)) {
      Do(Duty::kPutDeliveryKey, PutDeliveryKey{state_.self->delivery_key});
    }
    if (IsDue(Duty::kIssueTokens)) PAWL_TRY(Issue());
    if (IsDue(Duty::kPutNote)) Do(Duty::kPutNote, PutNote{state_.note});
    return OkStatus();
  }

  absl::Status Issue() {
    PAWL_ASSIGN(store::Transaction * tx, Tx());
    PAWL_ASSIGN(const auto request, PendingTokenRequest(*tx));
    if (!request) {
      state_.duties[Duty::kIssueTokens] = {};
      return OkStatus();
    }
    Do(Duty::kIssueTokens, IssueTokens{.id = request->id,
                                       .period = request->period,
                                       .large = request->kind == wire::TokenKind::kLarge,
                                       .blinded = BlindedElements(*request)});
    return OkStatus();
  }

  absl::Status PutList() {
    PAWL_ASSIGN(store::Transaction * tx, Tx());
    PAWL_ASSIGN(const auto list, PendingOwnList(*tx));
    if (list) Do(Duty::kPutList, PutDirectory{list->record()});
    return OkStatus();
  }

  absl::Status PutKeys() {
    PAWL_ASSIGN(store::Transaction * tx, Tx());
    PAWL_ASSIGN(auto rows, tx->prekeys().LoadNotUploaded(kPairsPerPut));
    PutPrekeys put;
    DoesDuty record;
    for (store::PrekeyRow& row : rows) {
      // Of two bundles only the newer one counts; rotation marks the older as done.
      if (row.kind == store::PrekeyKind::kBundle) {
        put.bundle = std::move(row.public_record);
      } else {
        put.one_time.push_back(std::move(row.public_record));
      }
      record.uploads.emplace_back(row.kind, row.id);
    }
    if (!record.uploads.empty()) Do(Duty::kPutPrekeys, std::move(put), std::move(record));
    return OkStatus();
  }

  State& state_;
  std::vector<Batch::NewItem> fresh_;
  const Timestamp now_;
  Effects& effects_;
  std::optional<store::Transaction> tx_;
};

Timestamp NextQueue(const State& state) {
  Timestamp next = kNever;
  if (!state.anonymous_up || !MaySend(state)) return next;
  for (const auto& [to, queue] : state.outbox.queues()) {
    next = std::min(next, queue.NextTime(WindowFor(state, to.account)));
  }
  return next;
}

Timestamp NextAsk(const State& state) {
  Timestamp next = kNever;
  for (const auto& [what, fetch] : state.fetches) {
    const bool up = GoesByDevice(state, what) ? state.device_up : state.anonymous_up;
    if (up && fetch.call == 0 && MayAskAbout(state, what)) next = std::min(next, fetch.not_before);
  }
  const DutyState& registration = state.duties[Duty::kRegister];
  if (state.anonymous_up && registration.due && registration.call == 0)
    next = std::min(next, registration.not_before);
  const DutyState& keys = state.duties[Duty::kGetTokenKeys];
  if (state.anonymous_up && IsListed(state) && keys.due && keys.call == 0) {
    next = std::min(next, keys.not_before);
  }
  return next;
}

Timestamp NextDuty(const State& state) {
  Timestamp next = kNever;
  if (!state.device_up || !IsListed(state)) return next;
  const bool epoch_first = state.duties[Duty::kPutEpoch].due;
  for (size_t i = 0; i < kDuties; ++i) {
    if (IsAnonymous(static_cast<Duty>(i))) continue;
    const DutyState& duty = state.duties.all[i];
    if (epoch_first && i != static_cast<size_t>(Duty::kPutEpoch)) continue;
    if (duty.due && duty.call == 0) next = std::min(next, duty.not_before);
  }
  return next;
}

Timestamp NextParked(const State& state) {
  Timestamp next = kNever;
  for (const auto& [id, parked] : state.parked.envelopes) {
    const Timestamp over = parked.ends_at();
    next = std::min({next, over == kNever ? kNever : over + Milliseconds(1), parked.retry_at});
  }
  return next;
}

// When files that wait for it may be paid anew.
Timestamp NextPayment(const State& state) {
  const bool waits = !state.purse.unpaid.empty() && state.purse.not_before != kLongAgo &&
                     state.standing != store::OpenedState::kSuperseded;
  return waits ? state.purse.not_before : kNever;
}

}  // namespace

absl::Status Pump(State& state, std::vector<Batch::NewItem> fresh,
                  std::vector<Batch::EphemeralFrame> ephemeral, Timestamp now, Effects& effects) {
  if (state.standing == store::OpenedState::kSuperseded) return OkStatus();
  const bool asks = std::any_of(state.fetches.begin(), state.fetches.end(), [&](const auto& fetch) {
    return !GoesByDevice(state, fetch.first);
  });
  effects.want_anonymous = !state.outbox.queues().empty() || asks ||
                           state.duties[Duty::kRegister].due ||
                           // For the stock alone it need not be opened.
                           (state.duties[Duty::kGetTokenKeys].due && !state.purse.unpaid.empty());
  effects.want_device = state.self && IsListed(state);
  return Pumper(state, std::move(fresh), now, effects).Run(std::move(ephemeral));
}

Timestamp NextPump(const State& state) {
  return std::min({NextQueue(state), NextAsk(state), NextDuty(state), NextParked(state),
                   NextPayment(state), state.pump_again, state.traces_due});
}

}  // namespace pawl::client
