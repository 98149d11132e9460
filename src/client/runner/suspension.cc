#include <utility>

#include "base/system_clock.h"
#include "client/runner/client_impl.h"
#include "crypto/init.h"

namespace pawl::runner {

absl::Status Client::Impl::NoReader() {
  if (suspended) return Fail(Code::kWrongState, "the client is suspended");
  return Fail(Code::kClosed, "the client is closed");
}

// Under orders_mutex.
absl::Status Client::Impl::PostOrders() {
  return host.Post([this](Core& core, Timestamp now) {
    std::vector<Order> taken;
    {
      std::lock_guard taking(orders_mutex);
      taken.swap(orders);
    }
    core.Take(std::move(taken), now);
  });
}

absl::Status Client::Impl::PostAck() {
  return host.Post([this](Core& core, Timestamp now) {
    ack_posted = false;  // first: what is acknowledged from now on posts again
    core.Ack(InboxSeq(acked.load()), now);
  });
}

// What the stopped core leaves: orders before those that came since.
void Client::Impl::Keep(CoreRest rest) {
  for (const RequestId request : rest.lost) {
    client::Event ended;
    ended.kind = client::EventKind::kCompleted;
    ended.request = request;
    ended.code = Code::kCancelled;
    events.Push(std::move(ended));
  }
  std::lock_guard lock(orders_mutex);
  start.loaded = rest.loaded;
  orders.insert(orders.begin(), std::make_move_iterator(rest.orders.begin()),
                std::make_move_iterator(rest.orders.end()));
}

absl::Status Client::Impl::PostRefill() {
  return host.Post([this](Core& core, Timestamp now) {
    refill_posted = false;
    core.Refill(now);
  });
}

// The reader and the thread, over the store that was resumed; then what waited is posted, in the
// order in which an app that was never suspended would have said it.
absl::Status Client::Impl::GoOn() {
  PAWL_ASSIGN(auto reopened, store->OpenReader());
  Core::Options options;
  {
    std::lock_guard lock(orders_mutex);
    options = start;
    // An older copy numbers anew what this app may have read of its lost future.
    if (store->opened_state() != store::OpenedState::kCurrent) options.loaded = InboxSeq(0);
  }
  const bool was_online = options.online;
  PAWL_TRY(host.Start(store.get(), std::move(options)));
  {
    std::lock_guard reading(reader_mutex);
    reader = std::move(reopened);
  }
  std::lock_guard lock(orders_mutex);
  suspended = false;
  // The host was just started: it takes everything. Who took events before this line found that
  // somebody had posted, and did not.
  refill_posted = true;
  PostRefill().IgnoreError();
  ack_posted = true;
  PostAck().IgnoreError();
  if (start.online != was_online) PostOnline(start.online).IgnoreError();
  if (!orders.empty()) PostOrders().IgnoreError();
  return OkStatus();
}

absl::Status Client::Impl::PostOnline(bool online) {
  return host.Post([online](Core& core, Timestamp now) { core.SetOnline(online, now); });
}

absl::Status Client::Suspend() {
  Impl& impl = *impl_;
  std::lock_guard lock(impl.close_mutex);
  if (impl.closed) return Fail(Code::kClosed, "the client is closed");
  if (impl.suspended) return OkStatus();
  {
    std::lock_guard orders(impl.orders_mutex);
    impl.suspended = true;
  }
  impl.Keep(impl.host.Stop());
  {
    std::lock_guard reading(impl.reader_mutex);
    impl.reader.reset();
  }
  return impl.store->Suspend(SystemClock().Now());
}

absl::StatusOr<bool> Client::Resume() {
  Impl& impl = *impl_;
  std::lock_guard lock(impl.close_mutex);
  if (impl.closed) return Fail(Code::kClosed, "the client is closed");
  if (!impl.suspended) return false;
  const Timestamp now = SystemClock().Now();
  crypto::SystemRng rng;
  PAWL_ASSIGN(const bool changed, impl.store->Resume(now, rng));
  impl.changed_meanwhile |= changed;
  absl::Status going = impl.GoOn();
  if (going.ok()) return std::exchange(impl.changed_meanwhile, false);
  impl.store->Suspend(now).IgnoreError();
  return going;
}

}  // namespace pawl::runner
