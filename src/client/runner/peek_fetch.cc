#include "client/runner/peek_fetch.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/retry_after.h"
#include "wire/auth.h"
#include "wire/frames.h"

namespace pawl::runner {
namespace {

using client::Channel;
using transport::State;
using transport::ws::WsLoop;

// Of one answer; the call's own deadline is mostly earlier.
constexpr Duration kAnswerTimeout = Seconds(30);

// Trying again cannot help.
bool IsFinal(const transport::Status& status) {
  return status.state == State::kRefused || status.state == State::kReplaced ||
         (status.state == State::kBackingOff && status.cause == Code::kTlsFailed);
}

}  // namespace

PeekFetch::PeekFetch(RelayChoice relay, Who who)
    : relay_(std::move(relay)),
      who_(std::move(who)),
      mail_link_(Channel::kDevice, this, &rng_),
      list_link_(Channel::kAnonymous, this, &rng_) {}

PeekFetch::~PeekFetch() = default;

absl::StatusOr<std::unique_ptr<PeekFetch>> PeekFetch::Create(RelayChoice relay, Who who) {
  std::unique_ptr<PeekFetch> fetch(new PeekFetch(std::move(relay), std::move(who)));
  using transport::ConnectionConfig;
  using transport::Mode;
  auto config = ConnectionConfig::For(Mode::kPeek, fetch->relay_.endpoint, fetch->relay_.tls);
  config.identity = fetch->who_.identity;
  PAWL_TRY(fetch->mail_link_.Configure(std::move(config)));
  PAWL_TRY(fetch->list_link_.Configure(
      ConnectionConfig::For(Mode::kAnonymous, fetch->relay_.endpoint, fetch->relay_.tls)));
  return fetch;
}

absl::StatusOr<PeekFetch::Mail> PeekFetch::Fetch(Duration patience) {
  until_ = time_.Advance(now()) + patience;
  Run(Phase::kMail);
  const Code code = done_.value_or(Code::kCancelled);
  if (code == Code::kOk) {
    mail_.beyond = waiting_ - std::min<uint64_t>(waiting_, mail_.envelopes.size());
    return std::move(mail_);
  }
  return WithRetryAfter(Fail(code, "the mail could not be fetched from the relay"), retry_after_);
}

std::vector<identity::DeviceList> PeekFetch::Lists(const std::vector<identity::Address>& accounts) {
  wanted_.assign(accounts.begin(),
                 accounts.begin() + static_cast<ptrdiff_t>(std::min(accounts.size(), kMaxLists)));
  if (!wanted_.empty()) Run(Phase::kLists);
  return std::move(lists_);
}

void PeekFetch::Cancel() {
  const std::lock_guard lock(loop_mutex_);
  cancelled_ = true;
  if (loop_ != nullptr) loop_->Stop();
}

void PeekFetch::Run(Phase phase) {
  phase_ = phase;
  done_.reset();
  auto loop = WsLoop::Create({.tls = relay_.tls, .max_sockets = 2}, this);
  if (!loop.ok()) return Finish(CodeOf(loop));
  {
    const std::lock_guard lock(loop_mutex_);
    if (cancelled_) return Finish(Code::kCancelled);
    loop_ = *std::move(loop);
  }
  link().Start(now());
  Settle();
  loop_->Run();
  const std::lock_guard lock(loop_mutex_);
  loop_.reset();
}

void PeekFetch::Finish(Code code, Duration retry_after) {
  if (done_) return;
  done_ = code;
  retry_after_ = retry_after;
  if (loop_ != nullptr) loop_->Stop();
}

// Until nothing follows from anything any more.
void PeekFetch::Settle() {
  const auto sign = [this](ByteView message) -> absl::StatusOr<ByteArray<64>> {
    return who_.signing.Sign(wire::kAuthLabel, message);
  };
  link().Handle(now(), sign, [this](const transport::Effect& effect) { Take(effect); });
  if (done_) return;
  time_.Advance(now());
  const Timestamp next = std::min(link().NextDeadline(), time_.ToWall(until_));
  loop_->WakeAfter(std::max(next - now(), Milliseconds(1)));
}

void PeekFetch::Take(const transport::Effect& effect) {
  if (const auto* state = std::get_if<transport::StateChanged>(&effect)) OnState(state->status);
  if (const auto* ready = std::get_if<transport::Ready>(&effect)) waiting_ = ready->queued;
  if (const auto* delivered = std::get_if<transport::Delivered>(&effect))
    TakeMail(delivered->frame);
  if (const auto* answered = std::get_if<transport::Answered>(&effect)) TakeAnswer(*answered);
  const auto* failed = std::get_if<transport::RequestFailed>(&effect);
  if (failed == nullptr) return;
  if (phase_ == Phase::kMail && failed->code != Code::kDisconnected) {
    Finish(failed->code, failed->retry_after);
  }
  if (phase_ == Phase::kLists && --open_requests_ == 0) Finish(Code::kOk);
}

void PeekFetch::OnState(const transport::Status& status) {
  if (status.state == State::kOnline) return phase_ == Phase::kMail ? AskForMail() : AskForLists();
  if (IsFinal(status)) return Finish(status.cause);
  trouble_until_ = status.state == State::kBackingOff ? status.until : Timestamp{};
  if (status.state == State::kBackingOff && status.cause != Code::kOk) trouble_ = status.cause;
}

void PeekFetch::AskForMail() {
  const auto room = static_cast<uint32_t>(kMaxEnvelopes - mail_.envelopes.size());
  const auto asked =
      mail_link_.Request(wire::Fetch{.after = after_, .max = room}, kAnswerTimeout, now());
  if (!asked.ok()) Finish(CodeOf(asked));
}

void PeekFetch::TakeMail(const wire::FrameView& frame) {
  const auto* message = frame.header->body_as_Message();
  if (phase_ != Phase::kMail || message == nullptr) return;
  const MailboxCursor cursor(message->cursor());
  // A relay that goes round in circles, or says more than it was asked for.
  if (cursor <= after_ || mail_.envelopes.size() >= kMaxEnvelopes || bytes_ > 4 * kMaxBytes) return;
  after_ = cursor;
  bytes_ += frame.payload.size();
  mail_.envelopes.push_back({.id = EnvelopeId(wire::ToArray(*message->id())),
                             .received_at = Timestamp{message->received_ms()},
                             .bytes = ToBytes(frame.payload)});
}

void PeekFetch::TakeAnswer(const transport::Answered& answer) {
  if (phase_ == Phase::kLists) {
    TakeList(answer.frame);
    if (--open_requests_ == 0) Finish(Code::kOk);
    return;
  }
  const auto* ok = answer.frame.header->body_as_Ok();
  if (ok == nullptr) return Finish(Code::kMalformed);
  const bool full = mail_.envelopes.size() >= kMaxEnvelopes || bytes_ >= kMaxBytes;
  if (ok->value() == 0 || full || mail_.envelopes.size() >= waiting_) return Finish(Code::kOk);
  AskForMail();
}

void PeekFetch::AskForLists() {
  for (const identity::Address& account : wanted_) {
    const std::string name = account.ToString();
    if (list_link_.Request(wire::DirGet{.account = name}, kAnswerTimeout, now()).ok()) {
      ++open_requests_;
    }
  }
  wanted_.clear();
  if (open_requests_ == 0) Finish(Code::kOk);
}

void PeekFetch::TakeList(const wire::FrameView& frame) {
  if (frame.header->body_as_DirResult() == nullptr) return;
  auto list = identity::DeviceList::Parse(frame.payload);
  if (list.ok()) lists_.push_back(*std::move(list));
}

// --- sockets ---

void PeekFetch::OnOpened(SocketId socket, const transport::ChannelInfo& channel) {
  link().Opened(socket, channel, now());
  Settle();
}
void PeekFetch::OnMessage(SocketId socket, ByteView message) {
  link().Message(socket, message, now());
  Settle();
}
void PeekFetch::OnSent(SocketId socket, Bytes buffer) {
  link().Sent(socket, std::move(buffer), now());
  Settle();
}
void PeekFetch::OnPong(SocketId socket) {
  link().Pong(socket, now());
  Settle();
}
void PeekFetch::OnClosed(SocketId socket, transport::SocketEnd end) {
  link().Closed(socket, end, now());
  Settle();
}
void PeekFetch::OnWake() {
  if (until_ <= time_.Advance(now())) return Finish(trouble_, trouble_until_ - now());
  link().Tick(now());
  Settle();
}

absl::StatusOr<SocketId> PeekFetch::Open(const transport::Endpoint& endpoint) {
  return loop_->Open(endpoint);
}
void PeekFetch::Send(SocketId socket, Bytes buffer) { loop_->Send(socket, std::move(buffer)); }
void PeekFetch::Ping(SocketId socket) { loop_->Ping(socket); }
void PeekFetch::Close(SocketId socket, uint16_t ws_code) { loop_->Close(socket, ws_code); }

}  // namespace pawl::runner
