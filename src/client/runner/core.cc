#include "client/runner/core.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "base/kill_point.h"

namespace pawl::runner {

using client::Channel;
using client::Event;
using client::EventKind;

namespace {

// Events after which the account looks different to a caller.
bool ChangesAccount(EventKind kind) {
  return kind == EventKind::kRegistered || kind == EventKind::kDeviceAdded ||
         kind == EventKind::kDeviceRemoved;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Core>> Core::Create(store::Store* store, Options options,
                                                   Ports ports) {
  client::Config config = options.engine;
  std::unique_ptr<Core> core(new Core(store, std::move(options), std::move(ports)));
  PAWL_ASSIGN(core->engine_, client::Engine::Create(store, std::move(config)));
  PAWL_TRY(core->anonymous_.Configure(transport::ConnectionConfig::For(
      transport::Mode::kAnonymous, core->options_.endpoint, core->options_.tls)));
  PAWL_TRY(core->LoadKnown());
  core->RefreshBoard();
  return core;
}

absl::Status Core::LoadKnown() {
  PAWL_ASSIGN(store::Transaction transaction, store_->Begin());
  PAWL_ASSIGN(const InboxSeq last, transaction.inbox().Last());
  ports_.events->SetKnown(last);
  return OkStatus();
}

Core::Core(store::Store* store, Options options, Ports ports)
    : store_(store),
      options_(std::move(options)),
      ports_(std::move(ports)),
      device_(Channel::kDevice, ports_.sockets, ports_.rng),
      anonymous_(Channel::kAnonymous, ports_.sockets, ports_.rng),
      transfers_({.link = &anonymous_,
                  .rng = ports_.rng,
                  .disk_rng = ports_.disk_rng,
                  .folder = options_.transfer_folder,
                  .run_on_disk = std::move(ports_.run_on_disk),
                  .post = std::move(ports_.post),
                  .report = [this](client::Input input) { Push(std::move(input)); },
                  .show = [this](Event event) { ports_.events->Push(std::move(event)); }}),
      online_(options_.online),
      loaded_(options_.loaded) {}

void Core::Begin(Timestamp now) {
  Push(client::TimePassed{});
  LoadInbox(now);
  Settle(now);
}

void Core::Take(std::vector<Order> orders, Timestamp now) {
  for (Order& order : orders) {
    if (order.source != nullptr) {
      const MessageId message = std::get<client::SendFile>(order.command.body).id;
      transfers_.Offer(message, std::move(order.source));
      offered_.emplace(order.command.request, message);
    }
    const bool leave = *order.command.request == 0;
    inputs_.emplace_back(std::move(order.command));
    costs_.push_back({order.bytes, leave});
  }
  Settle(now);
}

void Core::Ack(InboxSeq up_to, Timestamp now) {
  Push(client::Command{.request = RequestId(0), .body = client::AckInbox{up_to}});
  Settle(now);
}

void Core::Refill(Timestamp now) {
  if (more_in_inbox_) LoadInbox(now);
  Settle(now);
}

void Core::SourceReady(const MessageId& message, Timestamp now) {
  transfers_.SourceReady(message);
  Settle(now);
}

void Core::Run(absl::AnyInvocable<void(Timestamp)> task, Timestamp now) {
  task(now);
  Settle(now);
}

void Core::Push(client::Input input) {
  inputs_.push_back(std::move(input));
  costs_.push_back({});
}

// Until nothing follows from anything any more. Views in inputs are of the message being handled,
// so that nothing of it may be left to later.
void Core::Settle(Timestamp now) {
  while (true) {
    HandleLink(device_, now);
    HandleLink(anonymous_, now);
    transfers_.Pump(now);
    ApplyWishes(now);
    HandleLink(device_, now);
    HandleLink(anonymous_, now);
    if (halted_ || inputs_.empty()) break;
    StepOnce(now);
  }
  if (halted_) DropBorrowedInputs();
  ScheduleWake(now);
}

void Core::StepOnce(Timestamp now) {
  const size_t count = std::min(inputs_.size(), client::Engine::kMaxBatch);
  absl::StatusOr<client::Effects> effects =
      engine_->Step(std::span(inputs_).first(count), now, *ports_.rng);
  if (!effects.ok()) return Halt(effects.status(), now);
  if (halts_ > 0) Resume(now);
  size_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    bytes += costs_[i].bytes;
    if (costs_[i].leave && costs_[i].bytes > 0) ContentGone(0, true);
  }
  if (bytes > 0) ContentGone(bytes, false);
  inputs_.erase(inputs_.begin(), inputs_.begin() + static_cast<ptrdiff_t>(count));
  costs_.erase(costs_.begin(), costs_.begin() + static_cast<ptrdiff_t>(count));
  Release(*std::move(effects), now);
  // The first Step starts what was under way: before it, every log looks like an orphan's.
  if (!std::exchange(tidied_, true)) transfers_.RemoveOrphans();
}

void Core::ContentGone(size_t bytes, bool leave) {
  const bool drained = leave ? ports_.gate->Leave() : ports_.gate->ContentGone(bytes);
  if (!drained) return;
  Event event;
  event.kind = EventKind::kDrained;
  ports_.events->Push(std::move(event));
}

void Core::Release(client::Effects effects, Timestamp now) {
  want_device_ = effects.want_device;
  want_anonymous_ = effects.want_anonymous;
  if (effects.login_again) device_.Stop(now);
  // Durable events go first: what a completion speaks of has been seen by then.
  if (effects.inbox_grew) LoadInbox(now);
  for (Event& event : effects.events) Show(std::move(event));
  for (const client::Effects::Rejected& rejected : effects.rejected) {
    options_.log.Line(LogLevel::kWarning, "an envelope could not be read; code",
                      Redacted{*rejected.id}, static_cast<int64_t>(rejected.code));
  }
  if (effects.renew_anonymous && anonymous_.started()) anonymous_.Stop(now);
  PAWL_KILL_POINT("runner.before_ack");
  device_.Acknowledge(effects.acks, now);
  PAWL_KILL_POINT("runner.before_send");
  for (const client::Call& call : effects.calls) {
    RelayLink& link = call.channel == Channel::kDevice ? device_ : anonymous_;
    if (std::optional<client::Reply> reply = link.Submit(call, now)) Push(*std::move(reply));
  }
  for (client::TransferJob& job : effects.transfers) transfers_.Carry(std::move(job), now);
  const AccountView seen = ports_.board->Get();
  if (engine_->self().has_value() != (*seen.device != 0)) RefreshBoard();
}

void Core::Show(Event event) {
  if (event.kind == EventKind::kCompleted) {
    if (auto offer = offered_.extract(event.request); !offer.empty() && event.code != Code::kOk) {
      transfers_.Withdraw(offer.mapped());
    }
    // Which account this is, and which devices it has, changes by requests.
    RefreshBoard();
  }
  ports_.events->Push(std::move(event));
}

void Core::LoadInbox(Timestamp now) {
  more_in_inbox_ = true;
  while (const size_t room = ports_.events->Room()) {
    const size_t limit = std::min(room, kInboxPage);
    absl::StatusOr<std::vector<Event>> events = engine_->ReadInbox(loaded_, limit);
    if (!events.ok()) return Halt(events.status(), now);
    more_in_inbox_ = events->size() == limit;
    if (events->empty()) return;
    loaded_ = events->back().seq;
    const bool account = std::any_of(events->begin(), events->end(),
                                     [](const Event& event) { return ChangesAccount(event.kind); });
    if (account) RefreshBoard();
    ports_.events->PushDurable(*std::move(events));
    if (!more_in_inbox_) return;
  }
}

void Core::RefreshBoard() {
  absl::StatusOr<store::Transaction> transaction = store_->Begin();
  if (!transaction.ok()) return;
  const auto row = transaction->account().Load();
  if (!row.ok() || !row->has_value()) return;
  AccountView view;
  view.device = (*row)->device;
  view.registered = (*row)->registered;
  view.has_account_key = !(*row)->account_seed.empty();
  if (auto address = identity::Address::Parse((*row)->address); address.ok()) {
    view.address = *std::move(address);
  }
  if (auto list = identity::DeviceList::Parse((*row)->device_list); list.ok()) {
    view.list = *std::move(list);
  }
  ports_.board->Set(std::move(view));
}

}  // namespace pawl::runner
