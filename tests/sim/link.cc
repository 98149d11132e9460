#include "sim/link.h"

#include <utility>

namespace pawl::sim {
namespace {

constexpr std::string_view kStateNames[] = {"offline",     "connecting", "authenticating", "online",
                                            "backing_off", "replaced",   "refused"};

constexpr int64_t kQuantum = 50;
// What arrives within it arrives together, and is stepped together: a Step is most of what a world
// costs.
constexpr int64_t kGrid = 100;

Timestamp OnGrid(Timestamp when) { return {(when.ms + kGrid - 1) / kGrid * kGrid}; }

}  // namespace

std::shared_ptr<Link> Link::Make(Scene& scene, RelayHost& relay, client::Channel channel,
                                 std::shared_ptr<LinkFaults> faults, Owner owner,
                                 transport::Identity identity) {
  std::shared_ptr<Link> link(new Link(scene, relay, channel, std::move(faults), std::move(owner)));
  const bool device = channel == client::Channel::kDevice;
  auto config = transport::ConnectionConfig::For(
      device ? transport::Mode::kDevice : transport::Mode::kAnonymous,
      *transport::Endpoint::Parse("ws://127.0.0.1:1"), {});
  if (device) config.identity = std::move(identity);
  // Days must pass in moments.
  config.ping_after = Milliseconds(scene.dead_after.ms / 2);
  config.dead_after = scene.dead_after;
  link->connection_.emplace(*transport::Connection::Create(std::move(config)));
  link->port_.emplace(channel, &*link->connection_);
  return link;
}

Link::~Link() = default;

void Link::Start() {
  connection_->Start(Turn());
  HandleEffects();
}

void Link::Stop() {
  connection_->Stop(Turn());
  HandleEffects();
}

void Link::Tick() {
  if (connection_->NextDeadline() > owner_.now()) return;
  connection_->Tick(Turn());
  HandleEffects();
}

std::optional<client::Reply> Link::Submit(const client::Call& call) {
  auto refused = port_->Submit(call, Turn());
  HandleEffects();
  return refused;
}

void Link::Acknowledge(std::span<const MailboxCursor> cursors) {
  connection_->Acknowledge(cursors, Turn());
  HandleEffects();
}

void Link::Abandon() {
  if (socket_) relay_.Close(*std::exchange(socket_, std::nullopt));
  owner_.on_input = nullptr;
  attempt_ = transport::Attempt(UINT64_MAX);
}

void Link::Break() {
  if (!socket_) return;
  relay_.Close(*std::exchange(socket_, std::nullopt));
  SocketGone(0);
}

void Link::HandleEffects() {
  if (handling_) return;
  handling_ = true;
  // What is done for one effect may append others.
  for (size_t i = 0; i < effects_.size(); ++i) {
    transport::Effect effect = std::move(effects_[i]);
    HandleSocket(effect);
    if (auto input = port_->Convert(effect); input && owner_.on_input) {
      owner_.on_input(*std::move(input));
    }
  }
  effects_.clear();
  handling_ = false;
}

void Link::CountState(transport::State state) {
  const auto to = kStateNames[static_cast<size_t>(state)];
  const auto from = kStateNames[static_cast<size_t>(std::exchange(counted_, state))];
  scene_.tally.Count("transport." + std::string(from) + ">" + std::string(to));
  scene_.trace.Happened(scene_.now, owner_.device, to, static_cast<uint64_t>(channel_));
}

void Link::HandleSocket(transport::Effect& effect) {
  if (auto* open = std::get_if<transport::OpenSocket>(&effect)) {
    OpenSocket(open->attempt);
  } else if (auto* send = std::get_if<transport::SendMessage>(&effect)) {
    SendLater(std::move(*send));
  } else if (auto* close = std::get_if<transport::CloseSocket>(&effect)) {
    if (!socket_ || close->attempt != attempt_) return;
    scene_.After(Milliseconds(kQuantum),
                 [&relay = relay_, id = *std::exchange(socket_, {})] { relay.Close(id); });
  } else if (std::get_if<transport::PingSocket>(&effect)) {
    if (!socket_ || silent_) return;
    connection_->SocketPong(attempt_, Turn());
  } else if (auto* need = std::get_if<transport::NeedSignature>(&effect)) {
    if (const auto signature = owner_.sign(need->message)) {
      connection_->Signed(need->attempt, *signature, Turn());
    }
  } else if (auto* changed = std::get_if<transport::StateChanged>(&effect)) {
    CountState(changed->status.state);
  }
}

Timestamp Link::Delivery(Timestamp& free) {
  const Duration way = Milliseconds(kQuantum * scene_.chance.Between(1, 3));
  free = std::max(free, OnGrid(scene_.now + way + faults_->extra_delay));
  return free;
}

void Link::OpenSocket(transport::Attempt attempt) {
  attempt_ = attempt;
  silent_ = false;
  to_relay_ = from_relay_ = scene_.now;
  scene_.After(Milliseconds(kQuantum), [self = shared_from_this(), attempt] {
    if (self->attempt_ == attempt && self->owner_.on_input) self->Connect(attempt);
  });
}

void Link::Connect(transport::Attempt attempt) {
  if (!owner_.online() || !relay_.up()) {
    transport::SocketEnd end;
    end.failure = transport::SocketFailure::kConnect;
    connection_->SocketClosed(attempt, end, Turn());
    return HandleEffects();
  }
  RelayHost::Socket socket;
  socket.on_message = [self = shared_from_this(), attempt](Bytes message) {
    const Timestamp when = self->Delivery(self->from_relay_);
    self->scene_.At(when, [self, attempt, message = std::move(message)]() mutable {
      if (self->attempt_ != attempt || !self->socket_ || !self->owner_.on_input) return;
      if (self->GetsThrough()) self->Arrived(*self->socket_, std::move(message));
    });
  };
  socket.on_close = [self = shared_from_this(), attempt](uint16_t code) {
    self->scene_.At(self->Delivery(self->from_relay_), [self, attempt, code] {
      if (self->attempt_ != attempt || !self->socket_ || !self->owner_.on_input) return;
      self->socket_.reset();
      self->SocketGone(code);
    });
  };
  // What the relay says first is on its way before the socket counts as open.
  socket_ = relay_.Open(owner_.network, std::move(socket));
  connection_->SocketOpened(attempt, {}, Turn());
  HandleEffects();
}

void Link::SendLater(transport::SendMessage send) {
  if (!socket_ || send.attempt != attempt_) return;
  scene_.At(Delivery(to_relay_), [self = shared_from_this(), send = std::move(send)]() mutable {
    if (self->attempt_ != send.attempt || !self->socket_ || !self->owner_.on_input) return;
    if (!self->GetsThrough()) return;
    // A fresh vector, so that the relay gets its bytes aligned.
    const Bytes message(send.buffer.begin() + transport::kSocketHeadroom, send.buffer.end());
    self->scene_.trace.Happened(self->scene_.now, self->owner_.device, "to relay", message.size());
    self->scene_.trace.Raw(message);
    self->relay_.Receive(*self->socket_, message);
    self->connection_->SocketSent(send.attempt, std::move(send.buffer), self->Turn());
    self->HandleEffects();
  });
}

void Link::Arrived(relay::ConnectionId, Bytes message) {
  scene_.trace.Happened(scene_.now, owner_.device, "from relay", message.size());
  scene_.trace.Raw(message);
  arrived_.push_back(std::move(message));
  connection_->SocketMessage(attempt_, arrived_.back(), Turn());
  HandleEffects();
}

void Link::SocketGone(uint16_t code) {
  transport::SocketEnd end;
  end.failure = code ? transport::SocketFailure::kNone : transport::SocketFailure::kLost;
  end.ws_code = code;
  connection_->SocketClosed(attempt_, end, Turn());
  HandleEffects();
}

bool Link::GetsThrough() {
  if (silent_) return false;
  if (faults_->silence_after && (*faults_->silence_after)-- <= 0) {
    faults_->silence_after.reset();
    scene_.tally.Count("fault.silence");
    silent_ = true;
    return false;
  }
  if (faults_->cut_after && (*faults_->cut_after)-- <= 0) {
    faults_->cut_after.reset();
    scene_.tally.Count("fault.cut");
    Break();
    return false;
  }
  return true;
}

}  // namespace pawl::sim
