#include "client/runner/client.h"

#include <future>
#include <utility>

#include "base/system_clock.h"
#include "client/attachment/layout.h"
#include "client/runner/client_impl.h"
#include "client/runner/relay_choice.h"
#include "client/runner/wrap_key.h"
#include "crypto/init.h"

namespace pawl::runner {
namespace {

using client::Event;
using client::EventKind;

// Of a request whose content is small.
constexpr size_t kLeastCost = 256;

// A source that the app writes to while the worker reads.
class SharedSource final : public attachment::Source {
 public:
  explicit SharedSource(std::shared_ptr<PushSource> source) : source_(std::move(source)) {}
  ~SharedSource() override { source_->Abandon(); }
  uint64_t size() const override { return source_->size(); }
  absl::Status ReadAt(uint64_t offset, MutableByteView out) override {
    return source_->ReadAt(offset, out);
  }
  Bytes Stamp() const override { return {}; }

 private:
  const std::shared_ptr<PushSource> source_;
};

// What a task on the client's thread came to; kClosed when it was dropped instead of run.
class Outcome {
 public:
  ~Outcome() { Set(Fail(Code::kClosed, "the client is closed")); }
  void Set(absl::Status status) {
    if (!std::exchange(set_, true)) promise_.set_value(std::move(status));
  }
  std::future<absl::Status> future() { return promise_.get_future(); }

 private:
  std::promise<absl::Status> promise_;
  bool set_ = false;
};

store::AnchorOptions AnchorOf(const ClientOptions& options) {
  if (!options.host_anchor) return store::AnchorFile{options.anchor_dir};
  store::HostAnchor anchor;
  if (*options.host_anchor != 0) anchor.generation = store::Generation(*options.host_anchor);
  return anchor;
}

absl::StatusOr<store::OpenOptions> OpenOptionsOf(ClientOptions& options) {
  PAWL_ASSIGN(store::WrapKey key, WrapKeyOf(std::move(options.key)));
  return store::OpenOptions{.dir = options.dir,
                            .key = std::move(key),
                            .create_if_missing = options.create_if_missing,
                            .anchor = AnchorOf(options)};
}

transport::TlsPolicy PolicyOf(const ClientOptions& options) {
  using Roots = transport::TlsPolicy::Roots;
  transport::TlsPolicy tls;
  tls.spki_pins = options.pins;
  tls.pem_file = options.ca_file;
  if (!options.ca_file.empty()) {
    tls.roots = Roots::kPemFile;
  } else if (!options.pins.empty()) {
    tls.roots = Roots::kNone;  // a pinned key needs nobody's word
  }
  return tls;
}

}  // namespace

absl::Status Client::Impl::Init(ClientOptions options) {
  const Timestamp now = SystemClock().Now();
  crypto::SystemRng rng;
  const std::string dir = options.dir;
  const transport::TlsPolicy tls = PolicyOf(options);
  PAWL_ASSIGN(store::OpenOptions open, OpenOptionsOf(options));
  PAWL_ASSIGN(store, store::Store::Open(std::move(open), now, rng));
  PAWL_ASSIGN(RelayChoice relay, ChooseRelay(*store, options.relay_url, tls, now));
  PAWL_ASSIGN(reader, store->OpenReader());
  options.engine.relay_url = relay.url;
  start = {.endpoint = std::move(relay.endpoint),
           .tls = std::move(relay.tls),
           .engine = std::move(options.engine),
           .transfer_folder = dir + "/transfers",
           .log = options.log,
           .online = options.online};
  return host.Start(store.get(), start);
}

template <typename What>
absl::Status Client::Impl::OnStore(What what) {
  std::lock_guard lock(reader_mutex);  // Close waits for it: the store stays as long as this
  if (reader == nullptr) return NoReader();
  reader.reset();
  auto outcome = std::make_shared<Outcome>();
  std::future<absl::Status> done = outcome->future();
  absl::Status posted =
      host.Post([this, what = std::move(what), outcome = std::move(outcome)](Core&, Timestamp) {
        crypto::SystemRng rng;
        outcome->Set(what(*store, rng));
      });
  absl::Status status = posted.ok() ? done.get() : posted;
  if (CodeOf(status) == Code::kClosed) status = NoReader();  // or it was being suspended
  auto reopened = store->OpenReader();
  if (reopened.ok()) reader = *std::move(reopened);
  return status.ok() ? reopened.status() : status;
}

absl::Status Client::Impl::Enqueue(Order order) {
  std::vector<Order> refused;
  std::lock_guard lock(orders_mutex);
  orders.push_back(std::move(order));
  // Who was first has posted, and takes this one along; while suspended they wait.
  if (orders.size() > 1 || suspended) return OkStatus();
  absl::Status posted = PostOrders();
  if (!posted.ok()) refused.swap(orders);  // destroyed outside the lock
  return posted;
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() { Close(); }

absl::StatusOr<std::shared_ptr<Client>> Client::Open(ClientOptions options) {
  PAWL_TRY(crypto::Init());
  PAWL_ASSIGN(EventFd fd, EventFd::Create());
  auto impl = std::make_unique<Impl>(options, std::move(fd));
  PAWL_TRY(impl->Init(std::move(options)));
  return std::shared_ptr<Client>(new Client(std::move(impl)));
}

absl::StatusOr<RequestId> Client::Submit(Body body, size_t bytes) {
  const size_t cost = bytes + kLeastCost;
  PAWL_TRY(impl_->gate.Enter(cost));
  const RequestId request(impl_->next_request.fetch_add(1));
  PAWL_TRY(
      impl_->Enqueue({.command = {.request = request, .body = std::move(body)}, .bytes = cost}));
  return request;
}

absl::Status Client::Tell(Body body) {
  PAWL_TRY(impl_->gate.Enter(kLeastCost));
  return impl_->Enqueue(
      {.command = {.request = RequestId(0), .body = std::move(body)}, .bytes = kLeastCost});
}

absl::StatusOr<RequestId> Client::SubmitDescriptor(client::SendFile file, int fd) {
  PAWL_ASSIGN(std::unique_ptr<attachment::Source> source,
              attachment::FileSource::FromDescriptor(fd));
  const size_t cost = file.thumbnail.size() + kLeastCost;
  PAWL_TRY(impl_->gate.Enter(cost));
  const RequestId request(impl_->next_request.fetch_add(1));
  PAWL_TRY(impl_->Enqueue({.command = {.request = request, .body = std::move(file)},
                           .bytes = cost,
                           .source = std::move(source)}));
  return request;
}

absl::StatusOr<Client::Pushed> Client::SubmitPushed(client::SendFile file, uint64_t size) {
  if (size > attachment::kMaxFileSize) return Fail(Code::kTooLarge, "the file is too large");
  const size_t cost = file.thumbnail.size() + PushSource::kCapacity;
  PAWL_TRY(impl_->gate.Enter(cost));
  const RequestId request(impl_->next_request.fetch_add(1));
  // The client's thread is asked through the source, which the transfer owns: when that is gone, or
  // the client is, nobody asks any more (SharedSource).
  auto source = std::make_shared<PushSource>(size, [impl = impl_.get(), message = file.id] {
    impl->host.Post([message](Core& core, Timestamp now) { core.SourceReady(message, now); })
        .IgnoreError();
  });
  PAWL_TRY(impl_->Enqueue({.command = {.request = request, .body = std::move(file)},
                           .bytes = cost,
                           .source = std::make_unique<SharedSource>(source)}));
  return Pushed{request, std::move(source)};
}

absl::StatusOr<std::vector<Event>> Client::TakeEvents(size_t max, int64_t timeout_ms) {
  if (max == 0) return Fail(Code::kInvalidArgument, "no events are asked for");
  PAWL_ASSIGN(EventQueue::Taken taken, impl_->events.Take(max, timeout_ms));
  for (const Event& event : taken.events) {
    if (event.kind != EventKind::kCompleted || !impl_->gate.Leave()) continue;
    Event drained;
    drained.kind = EventKind::kDrained;
    impl_->events.Push(std::move(drained));
  }
  if (taken.refill && !impl_->refill_posted.exchange(true)) impl_->PostRefill().IgnoreError();
  return std::move(taken.events);
}

int Client::event_fd() const { return impl_->events.fd(); }

absl::Status Client::AnchorKept(uint64_t generation) {
  return Tell(client::AnchorKept{store::Generation(generation)});
}

absl::Status Client::Ack(InboxSeq up_to) {
  if (up_to > impl_->events.highest_known()) {
    return Fail(Code::kInvalidArgument, "no event has that number");
  }
  uint64_t known = impl_->acked.load();
  while (known < *up_to && !impl_->acked.compare_exchange_weak(known, *up_to)) {
  }
  if (impl_->ack_posted.exchange(true)) return OkStatus();
  std::lock_guard lock(impl_->orders_mutex);
  if (impl_->suspended) return OkStatus();  // Resume posts it
  absl::Status posted = impl_->PostAck();
  if (!posted.ok()) impl_->ack_posted = false;
  return posted;
}

absl::Status Client::SetOnline(bool online) {
  std::lock_guard lock(impl_->orders_mutex);
  impl_->start.online = online;
  if (impl_->suspended) return OkStatus();
  return impl_->PostOnline(online);
}

absl::StatusOr<std::vector<HistoryMessage>> Client::History(const ConversationId& conversation,
                                                            int64_t before, size_t limit) {
  return impl_->Read(
      [&](store::Reader& reader) { return ReadHistory(reader, conversation, before, limit); });
}

absl::StatusOr<std::vector<ListedConversation>> Client::Conversations() {
  return impl_->Read([](store::Reader& reader) { return ReadConversations(reader); });
}

absl::StatusOr<std::vector<ListedContact>> Client::Contacts() {
  return impl_->Read([](store::Reader& reader) { return ReadContacts(reader); });
}

absl::StatusOr<identity::AccountPublic> Client::AccountKeyOf(std::string_view address) {
  return impl_->Read([&](store::Reader& reader) { return ReadAccountKey(reader, address); });
}

AccountView Client::account() { return impl_->board.Get(); }

absl::Status Client::ChangeKey(StoreKey key) {
  PAWL_ASSIGN(store::WrapKey wrap, WrapKeyOf(std::move(key)));
  return impl_->OnStore([wrap = std::move(wrap)](store::Store& store, Rng& rng) {
    return store.Rewrap(wrap, crypto::Argon2Params{}, rng);
  });
}

absl::Status Client::Reencrypt(StoreKey key) {
  PAWL_ASSIGN(store::WrapKey wrap, WrapKeyOf(std::move(key)));
  return impl_->OnStore([wrap = std::move(wrap)](store::Store& store, Rng& rng) {
    return store.Reencrypt(wrap, rng);
  });
}

void Client::Close() {
  std::lock_guard lock(impl_->close_mutex);
  if (std::exchange(impl_->closed, true)) return;
  impl_->gate.Close();
  impl_->events.Close();
  bool was_suspended = false;
  {
    std::lock_guard orders(impl_->orders_mutex);
    was_suspended = impl_->suspended.exchange(false);
  }
  if (!was_suspended) impl_->host.Stop();
  {
    std::lock_guard reading(impl_->reader_mutex);
    impl_->reader.reset();
  }
  std::vector<Order> untaken;  // with the sources of uploads, whose writers wait
  {
    std::lock_guard orders(impl_->orders_mutex);
    untaken.swap(impl_->orders);
  }
  // A failure here costs the anchor's last step, which the next opening makes good.
  impl_->store->Close(SystemClock().Now()).IgnoreError();
  impl_->store.reset();
}

}  // namespace pawl::runner
