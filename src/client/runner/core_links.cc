// A core's connections: sockets in, wishes out.

#include <algorithm>
#include <utility>
#include <variant>

#include "client/runner/core.h"

namespace pawl::runner {

using client::Channel;

namespace {

// How long the anonymous connection is kept when nothing needs it.
constexpr Duration kIdleAnonymous = Minutes(1);
// All that goes over one anonymous connection is seen to be of one client, whoever that is: it is
// left for another after this, and up to as long again at random.
constexpr Duration kAnonymousLife = Minutes(10);

Timestamp EndOfAnonymous(Timestamp now, Rng& rng) {
  const uint64_t longer = rng.Below(static_cast<uint64_t>(kAnonymousLife.ms) + 1);
  return now + kAnonymousLife + Milliseconds(static_cast<int64_t>(longer));
}

}  // namespace

template <typename What>
void Core::With(SocketId socket, Timestamp now, What what) {
  for (RelayLink* link : {&device_, &anonymous_}) {
    if (link->owns(socket)) what(*link);
  }
  Settle(now);
}

void Core::Opened(SocketId socket, const transport::ChannelInfo& channel, Timestamp now) {
  With(socket, now, [&](RelayLink& link) { link.Opened(socket, channel, now); });
}

void Core::Message(SocketId socket, ByteView message, Timestamp now) {
  With(socket, now, [&](RelayLink& link) { link.Message(socket, message, now); });
}

void Core::Sent(SocketId socket, Bytes buffer, Timestamp now) {
  With(socket, now, [&](RelayLink& link) {
    link.Sent(socket, std::move(buffer), now);
    if (link.channel() == Channel::kAnonymous) transfers_.RoomAgain();
  });
}

void Core::Pong(SocketId socket, Timestamp now) {
  With(socket, now, [&](RelayLink& link) { link.Pong(socket, now); });
}

void Core::Closed(SocketId socket, transport::SocketEnd end, Timestamp now) {
  With(socket, now, [&](RelayLink& link) { link.Closed(socket, end, now); });
}

void Core::HandleLink(RelayLink& link, Timestamp now) {
  link.Handle(
      now, [&](ByteView message) { return engine_->SignRelayAuth(message); },
      [&](const transport::Effect& effect) {
        if (const auto* changed = std::get_if<transport::StateChanged>(&effect)) {
          options_.log.Line(LogLevel::kInfo, changed->reason, static_cast<int64_t>(link.channel()));
        }
        if (const auto* noted = std::get_if<transport::Noted>(&effect)) {
          options_.log.Line(LogLevel::kWarning, noted->text, static_cast<int64_t>(link.channel()));
        }
        const bool anonymous = link.channel() == Channel::kAnonymous;
        if (anonymous && transfers_.Take(effect, now)) return;
        if (std::optional<client::Input> input = link.Convert(effect)) Push(*std::move(input));
      });
}

void Core::SetOnline(bool online, Timestamp now) {
  online_ = online;
  // From kReplaced and kRefused only the app's own wish leads out, and it ends a backoff.
  if (online && !halted_) {
    if (device_.started()) device_.Start(now);
    if (anonymous_.started()) anonymous_.Start(now);
  }
  Settle(now);
}

void Core::Stop(Timestamp now) {
  stopped_ = true;
  Settle(now);
}

void Core::ApplyWishes(Timestamp now) {
  ApplyDeviceWish(now);
  ApplyAnonymousWish(now);
}

absl::Status Core::ConfigureDevice() {
  const std::optional<identity::DeviceAddress> self = engine_->self();
  if (!self) return Fail(Code::kWrongState, "no device yet");
  if (device_of_ == self) return OkStatus();
  transport::ConnectionConfig config =
      transport::ConnectionConfig::For(transport::Mode::kDevice, options_.endpoint, options_.tls);
  codec::Writer encoded;
  identity::Write(encoded, *self);
  config.identity = {.account = self->account.ToString(),
                     .device = self->device,
                     .encoded_address = ToBytes(encoded.view())};
  PAWL_TRY(device_.Configure(std::move(config)));
  device_of_ = self;
  return OkStatus();
}

void Core::ApplyDeviceWish(Timestamp now) {
  const bool allowed = online_ && !halted_ && !stopped_;
  if (!allowed) {
    if (device_.started()) device_.Stop(now);
    return;
  }
  if (!want_device_ && device_.started()) device_.Stop(now);
  if (device_.started() || !want_device_) return;
  if (ConfigureDevice().ok()) device_.Start(now);
}

void Core::ApplyAnonymousWish(Timestamp now) {
  const bool allowed = online_ && !halted_ && !stopped_;
  const bool wanted = want_anonymous_ || transfers_.any();
  // What is under way is said again on the next one, under the same ids.
  if (anonymous_.online() && anonymous_ends_at_ <= now) anonymous_.Stop(now);
  if (!anonymous_.started()) {
    anonymous_idle_at_ = kNever;
    if (!allowed || !wanted) return;
    anonymous_ends_at_ = EndOfAnonymous(now, *ports_.rng);
    anonymous_.Start(now);
    return;
  }
  if (allowed && wanted) {
    anonymous_idle_at_ = kNever;
  } else if (allowed && anonymous_idle_at_ == kNever) {
    anonymous_idle_at_ = now + kIdleAnonymous;
  } else if (!allowed || anonymous_idle_at_ <= now) {
    anonymous_.Stop(now);
  }
}

void Core::Wake(Timestamp now) {
  if (halted_ && retry_at_ <= now) {
    halted_ = false;
    retry_at_ = kNever;
    Push(client::TimePassed{});
    if (more_in_inbox_) LoadInbox(now);
  }
  if (!halted_ && engine_->NextDeadline() <= now) Push(client::TimePassed{});
  device_.Tick(now);
  anonymous_.Tick(now);
  Settle(now);
}

void Core::ScheduleWake(Timestamp now) {
  Timestamp next = std::min({device_.NextDeadline(), anonymous_.NextDeadline(),
                             transfers_.NextDeadline(), anonymous_idle_at_, retry_at_});
  if (anonymous_.online()) next = std::min(next, anonymous_ends_at_);
  if (!halted_) next = std::min(next, engine_->NextDeadline());
  if (next == kNever) return ports_.wake_after(Milliseconds(-1));
  // Never zero: whatever is due and cannot be done must not keep the processor busy.
  const Duration delay = std::clamp(next - now, Milliseconds(1), Hours(1));
  ports_.wake_after(delay);
}

}  // namespace pawl::runner
