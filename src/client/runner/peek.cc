#include "client/runner/peek.h"

#include <algorithm>
#include <utility>

#include "base/system_clock.h"
#include "client/runner/relay_choice.h"
#include "client/runner/wrap_key.h"
#include "codec/writer.h"
#include "crypto/init.h"

namespace pawl::runner {
namespace {

using client::Peeked;

transport::Identity IdentityOf(const identity::DeviceAddress& device) {
  codec::Writer encoded;
  identity::Write(encoded, device);
  return {.account = device.account.ToString(),
          .device = device.device,
          .encoded_address = ToBytes(encoded.view())};
}

// Whose lists would tell more; in the order of their mail.
std::vector<identity::Address> Unlisted(const std::vector<Peeked>& items) {
  std::vector<identity::Address> accounts;
  for (const Peeked& item : items) {
    if (!item.unlisted) continue;
    const bool known =
        std::find(accounts.begin(), accounts.end(), *item.unlisted) != accounts.end();
    if (!known) accounts.push_back(*item.unlisted);
  }
  return accounts;
}

// Those that could not be believed for want of a list, once more.
absl::Status PeekAgain(store::Snapshot& snapshot, std::vector<Peeked>& items,
                       const std::vector<identity::DeviceList>& lists, Timestamp now) {
  std::vector<size_t> places;
  std::vector<client::PeekInput> inputs;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].unlisted) continue;
    places.push_back(i);
    inputs.push_back(std::move(items[i].input));
  }
  PAWL_ASSIGN(auto again, client::Peek(snapshot, std::move(inputs), lists, now));
  for (size_t i = 0; i < places.size(); ++i) items[places[i]] = std::move(again[i]);
  return OkStatus();
}

}  // namespace

Peek::~Peek() = default;

absl::StatusOr<std::shared_ptr<Peek>> Peek::Open(PeekOptions options) {
  PAWL_TRY(crypto::Init());
  PAWL_ASSIGN(store::WrapKey key, WrapKeyOf(std::move(options.key)));
  PAWL_ASSIGN(store::Observer observer,
              store::Observer::Open({.dir = options.dir,
                                     .key = std::move(key),
                                     .anchor = store::AnchorFile{options.anchor_dir}}));
  std::shared_ptr<Peek> peek(new Peek(std::move(observer)));
  PAWL_TRY(peek->Visit().status());
  return peek;
}

absl::StatusOr<std::unique_ptr<PeekFetch>> Peek::Visit() const {
  PAWL_ASSIGN(const auto snapshot, observer_.Look());
  PAWL_ASSIGN(client::Self self, client::PeekSelf(*snapshot));
  auto relay = RecallRelay(snapshot->tables().values);
  if (CodeOf(relay) == Code::kInvalidArgument) {
    return Fail(Code::kWrongState, "the store remembers no relay");
  }
  PAWL_TRY(relay.status());
  return PeekFetch::Create(*std::move(relay), {.identity = IdentityOf(self.device.address),
                                               .signing = std::move(self.signing)});
}

absl::Status Peek::Enter(std::shared_ptr<PeekFetch> fetch) {
  const std::lock_guard lock(state_mutex_);
  if (closed_) return Fail(Code::kClosed, "the peek is closed");
  fetch_ = std::move(fetch);
  return OkStatus();
}

absl::StatusOr<Peek::Page> Peek::Read(PeekFetch& fetch, PeekFetch::Mail mail) {
  const SystemClock clock;
  Page page;
  page.beyond = mail.beyond;
  {
    PAWL_ASSIGN(const auto snapshot, observer_.Look());
    PAWL_ASSIGN(page.items, client::Peek(*snapshot, std::move(mail.envelopes), {}, clock.Now()));
  }
  // No file is open while the relay is asked.
  const std::vector<identity::Address> strangers = Unlisted(page.items);
  const auto lists = fetch.Lists(strangers);
  if (!lists.empty()) {
    PAWL_ASSIGN(const auto snapshot, observer_.Look());
    PAWL_TRY(PeekAgain(*snapshot, page.items, lists, clock.Now()));
  }
  client::ShowOnce(page.items);
  return page;
}

absl::StatusOr<Peek::Page> Peek::Fetch(int64_t timeout_ms) {
  if (timeout_ms <= 0) return Fail(Code::kInvalidArgument, "no time to ask the relay in");
  const std::lock_guard calling(call_mutex_);
  PAWL_TRY(Enter(nullptr));
  PAWL_ASSIGN(std::shared_ptr<PeekFetch> fetch, Visit());
  if (!Enter(fetch).ok()) return Fail(Code::kCancelled, "the peek was closed meanwhile");
  auto mail = fetch->Fetch(Milliseconds(timeout_ms));
  absl::StatusOr<Page> page = mail.ok() ? Read(*fetch, *std::move(mail)) : mail.status();
  const std::lock_guard lock(state_mutex_);
  fetch_.reset();
  return page;
}

absl::StatusOr<Peek::Page> Peek::Look(ByteView envelope) {
  const std::lock_guard calling(call_mutex_);
  PAWL_TRY(Enter(nullptr));
  const Timestamp now = SystemClock().Now();
  std::vector<client::PeekInput> inputs;
  inputs.push_back({.received_at = now, .bytes = ToBytes(envelope)});
  PAWL_ASSIGN(const auto snapshot, observer_.Look());
  Page page;
  PAWL_ASSIGN(page.items, client::Peek(*snapshot, std::move(inputs), {}, now));
  return page;
}

void Peek::Close() {
  const std::lock_guard lock(state_mutex_);
  closed_ = true;
  if (fetch_ != nullptr) fetch_->Cancel();
}

}  // namespace pawl::runner
