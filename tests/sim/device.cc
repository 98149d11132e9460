#include "sim/device.h"

#include <algorithm>
#include <utility>

#include "base/sim_hooks.h"
#include "codec/writer.h"
#include "sim/memory_vfs.h"

namespace pawl::sim {
namespace {

constexpr ByteArray<32> kHostKey = {1, 2, 3};
constexpr size_t kPage = 100;
// After a disk that was full.
constexpr Duration kTryAgain = Seconds(5);

// The generation that an anchor file names (store/FORMAT.md).
store::Generation AnchoredBy(ByteView file) {
  constexpr size_t kOffset = 8 + 1 + 16;
  uint64_t generation = 0;
  if (file.size() < kOffset + 8) return store::Generation(0);
  for (const uint8_t byte : file.subspan(kOffset, 8)) generation = generation << 8 | byte;
  return store::Generation(generation);
}

std::string Describe(const client::Event& event) {
  std::string text = event.peer ? event.peer->ToString() : std::string("-");
  text += "/" + std::to_string(*event.device) + " message ";
  for (size_t i = 0; i < 3; ++i) text += std::to_string(event.message.value()[i]) + ".";
  return text + " state " + std::to_string(static_cast<int>(event.state)) + " " +
         std::string(CodeName(event.code));
}

client::Config ConfigOfEngine() {
  client::Config config;
  config.suites = {crypto::Suite::kXChaCha20Poly1305};
  config.own_copy_delay = Seconds(1);
  return config;
}

}  // namespace

Device::Device(Scene& scene, RelayHost& relay, Origin origin)
    : scene_(scene),
      relay_(relay),
      origin_(std::move(origin)),
      name_("device " + std::to_string(origin_.number) + " of " + origin_.address.ToString()),
      disk_(std::make_unique<Disk>("/sim/" + std::to_string(origin_.number) + "/")),
      rng_{scene.seed, 0xd0, origin_.number},
      hostile_(scene) {}

Device::~Device() { Die(); }

// --- The process ---

absl::Status Device::Open() {
  PAWL_ASSIGN(store_, store::Store::Open(
                          {.dir = disk_->name() + "store",
                           .key = store::HostKey::From(std::span<const uint8_t, 32>(kHostKey)),
                           .create_if_missing = true,
                           .anchor = store::AnchorFile{disk_->name() + "anchors"},
                           .vfs = kMemoryVfs},
                          now(), rng_));
  PAWL_ASSIGN(engine_, client::Engine::Create(store_.get(), ConfigOfEngine()));
  return OkStatus();
}

void Device::Start() {
  if (retired_ || engine_) return;
  ++life_;
  // A new process asks a new kernel state: nothing of its randomness is ever drawn again.
  rng_ = StreamRng{scene_.seed, 0xd0, origin_.number, life_};
  const absl::Status opened = Open();
  scene_.trace.Happened(scene_.now, origin_.number, "starts",
                        static_cast<uint64_t>(CodeOf(opened)));
  if (Dead()) return;
  if (!opened.ok()) {
    if (CodeOf(opened) == Code::kDiskFull) return Crash(kTryAgain);
    return scene_.Fail(name_ + " cannot open its store: " + std::string(CodeName(CodeOf(opened))));
  }
  NoteSelf();
  inputs_.emplace_back(client::TimePassed{});
  asked_ack_ = 0;
  shown_ = InboxSeq(0);
  ReadInbox();
}

void Device::NoteSelf() {
  const auto self = engine_->self();
  if (self && !known_) known_ = Known{self->device, scene_.now};
}

void Device::Die() {
  disk_->Die();
  for (auto* link : {&device_, &anonymous_}) {
    if (*link) (*link)->Abandon();
    link->reset();
  }
  inputs_.clear();
  kept_.clear();
  completed_.clear();
  results_.clear();
  engine_.reset();
  store_.reset();
  disk_->Revive(scene_.chance);
}

void Device::Crash(Duration pause) {
  Die();
  scene_.trace.Happened(scene_.now, origin_.number, "dies");
  scene_.After(pause, [this, life = life_] {
    if (life == life_) Start();
  });
}

void Device::Retire() {
  retired_ = true;
  Die();
}

// Whether its disk took the process with it.
bool Device::Dead() {
  if (!disk_->gone()) return false;
  scene_.tally.Count("fault.crash");
  constexpr std::string_view kHow[] = {"fault.crash.process", "fault.crash.torn",
                                       "fault.crash.power_cut"};
  if (disk_->died_by()) scene_.tally.Count(kHow[static_cast<size_t>(*disk_->died_by())]);
  Crash(Seconds(scene_.chance.Between(1, 20)));
  return true;
}

void Device::OnInput(client::Input input) {
  if (const auto* arrived = std::get_if<client::EnvelopeArrived>(&input)) {
    arrived_[arrived->cursor] = arrived->id;
  }
  const auto* up = std::get_if<client::ChannelUp>(&input);
  if (up != nullptr && up->channel == client::Channel::kDevice) one_time_left_ = up->one_time_left;
  inputs_.push_back(std::move(input));
}

// What is acknowledged has been dealt with, durably: whoever looks at it again forgot it.
void Device::Watch(const client::Effects& effects) {
  for (const auto& rejected : effects.rejected) {
    scene_.tally.Count("rejected." + std::string(CodeName(rejected.code)));
    if (taken_.contains(rejected.id.value())) {
      scene_.Fail(name_ + ": an envelope that was taken is looked at again");
    }
  }
  for (const MailboxCursor cursor : effects.acks) {
    const auto at = arrived_.find(cursor);
    if (at != arrived_.end()) taken_.insert(at->second.value());
  }
}

void Device::Misbehave([[maybe_unused]] bool on) {
#ifdef PAWL_SIM_HOOKS
  SwitchMutant("braid.poison", on);
#endif
}

void Device::Step() {
  hostile_.Tamper(inputs_, kept_);
  const bool again = hostile_.has_late();
  Misbehave(poison_ > 0);
  auto effects = engine_->Step(inputs_, now(), rng_);
  Misbehave(false);
  if (poison_ > 0) --poison_;
  scene_.trace.Happened(scene_.now, origin_.number, "step", inputs_.size());
  if (Dead()) return;
  if (!effects.ok()) {
    scene_.tally.Count("recovery.step_again");
    scene_.trace.Happened(scene_.now, origin_.number, CodeName(CodeOf(effects.status())));
    blocked_until_ = scene_.now + kTryAgain;
    if (CodeOf(effects.status()) != Code::kDiskFull) {
      scene_.Fail(name_ + ": a Step fails: " + std::string(CodeName(CodeOf(effects.status()))));
    }
    return;
  }
  inputs_.clear();
  kept_.clear();
  for (auto* link : {&device_, &anonymous_}) {
    if (*link) (*link)->ForgetMessages();
  }
  if (again) inputs_ = hostile_.Late(kept_);
  Release(*std::move(effects));
}

void Device::Release(client::Effects effects) {
  NoteSelf();
  for (auto& event : effects.events) Take(std::move(event));
  Watch(effects);
  if (effects.login_again && device_) device_->Stop();
  if (effects.renew_anonymous && anonymous_) anonymous_->Stop();
  Wish(device_, effects.want_device, client::Channel::kDevice);
  Wish(anonymous_, effects.want_anonymous || anonymous_, client::Channel::kAnonymous);
  for (const client::Call& call : effects.calls) {
    auto& link = call.channel == client::Channel::kDevice ? device_ : anonymous_;
    if (!link) continue;
    if (auto refused = link->Submit(call)) inputs_.emplace_back(*refused);
  }
  if (!effects.acks.empty() && device_) {
    if (lose_acks_ > 0) {
      --lose_acks_;
      scene_.tally.Count("fault.lose_acks");
    } else {
      device_->Acknowledge(effects.acks);
    }
  }
  if (effects.inbox_grew) ReadInbox();
}

void Device::Wish(std::shared_ptr<Link>& link, bool wanted, client::Channel channel) {
  if (!wanted || !online_) return;
  if (!link) {
    transport::Identity identity;
    if (channel == client::Channel::kDevice) {
      const auto address = engine_->self();
      if (!address) return;
      codec::Writer encoded;
      identity::Write(encoded, *address);
      identity = {address->account.ToString(), address->device, ToBytes(encoded.view())};
    }
    link = Link::Make(scene_, relay_, channel,
                      channel == client::Channel::kDevice ? device_faults_ : anonymous_faults_,
                      {.device = origin_.number,
                       .network = static_cast<uint8_t>(origin_.number + 1),
                       .now = [this] { return now(); },
                       .rng = &rng_,
                       .online = [this] { return online_; },
                       .sign = [this](ByteView challenge) -> std::optional<ByteArray<64>> {
                         auto signature = engine_->SignRelayAuth(challenge);
                         return signature.ok() ? std::optional(*signature) : std::nullopt;
                       },
                       .on_input = [this](client::Input input) { OnInput(std::move(input)); }},
                      std::move(identity));
  }
  if (link->state() == transport::State::kOffline) link->Start();
}

void Device::Tick() {
  if (!engine_) return;
  for (const auto& link : {device_, anonymous_}) {
    if (link) link->Tick();
  }
  if (engine_->NextDeadline() <= now() && inputs_.empty()) {
    inputs_.emplace_back(client::TimePassed{});
  }
}

Timestamp Device::NextDeadline() const {
  if (!engine_) return kNever;
  Timestamp next = inputs_.empty() ? engine_->NextDeadline() : kNever;
  for (const Link* link : {device_.get(), anonymous_.get()}) {
    if (link) next = std::min(next, link->NextDeadline());
  }
  if (next != kNever) next = next - skew_;
  return inputs_.empty() ? next : std::min(next, blocked_until_);
}

// --- The app ---

RequestId Device::Do(decltype(client::Command::body) body) {
  const RequestId id(++last_request_);
  if (engine_) inputs_.emplace_back(client::Command{.request = id, .body = std::move(body)});
  return id;
}

const std::optional<Code>& Device::Completed(RequestId request) const {
  static const std::optional<Code> kNot;
  const auto at = completed_.find(request);
  return at == completed_.end() ? kNot : at->second;
}

Bytes Device::ResultOf(RequestId request) const {
  const auto at = results_.find(request);
  return at == results_.end() ? Bytes() : at->second;
}

void Device::Take(client::Event event) {
  if (event.kind != client::EventKind::kCompleted) return;
  completed_[event.request] = event.code;
  if (!event.data.empty()) results_[event.request] = std::move(event.data);
}

// As an app should: it writes each event and its effect down together, and asks for what comes
// after what it was shown last.
void Device::ReadInbox() {
  for (;;) {
    auto events = engine_->ReadInbox(shown_, kPage);
    if (Dead()) return;
    if (!events.ok()) return scene_.Fail(name_ + ": its inbox cannot be read");
    if (events->empty()) break;
    for (client::Event& event : *events) {
      if (event.seq <= shown_) scene_.Fail(name_ + ": events out of order");
      shown_ = event.seq;
      scene_.trace.Happened(scene_.now, origin_.number, "event", static_cast<uint64_t>(event.kind));
      if (scene_.trace.printing()) scene_.trace.Explain(Describe(event));
      if (auto wrong = journal_.Take(event, scene_.now, scene_.tally))
        scene_.Fail(name_ + ": " + *wrong);
    }
  }
  if (ack_delay_ == Duration{}) return Acknowledge();
  scene_.After(ack_delay_, [this, life = life_] {
    if (life == life_ && engine_) Acknowledge();
  });
}

void Device::Acknowledge() {
  if (journal_.seen() <= asked_ack_) return;
  asked_ack_ = journal_.seen();
  Do(client::AckInbox{InboxSeq(asked_ack_)});
}

// --- What goes wrong ---

void Device::PutBack(const Copy& copy, bool old_anchors) {
  Die();
  auto image = copy.disk;
  bool older = false;
  if (!old_anchors) {
    for (auto& [path, bytes] : disk_->Image()) {
      if (!path.starts_with("anchors/")) continue;
      older |= AnchoredBy(bytes) > copy.generation;
      image[path] = std::move(bytes);
    }
  }
  disk_->Restore(image);
  if (journal_.seen() > copy.journal.seen()) lost_.push_back(std::move(journal_));
  journal_ = copy.journal;
  arrived_.clear();
  taken_.clear();
  Start();
  if (older && store_ && store_->opened_state() == store::OpenedState::kCurrent) {
    scene_.Fail(name_ + ": an older copy was opened as if it were the newest");
  }
}

bool Device::superseded() const {
  const auto& entries = journal_.entries();
  return std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
    return entry.kind == client::EventKind::kSuperseded;
  });
}

bool Device::HasLost(const MessageId& message) const {
  const auto had = [&](const Journal& journal) { return journal.FindMessage(message) != nullptr; };
  return !had(journal_) && std::any_of(lost_.begin(), lost_.end(), had);
}

void Device::SetOnline(bool online) {
  online_ = online;
  if (!engine_) return;
  inputs_.emplace_back(client::TimePassed{});
  if (online) return;
  for (const auto& link : {device_, anonymous_}) {
    if (link) link->Stop();
  }
}

void Device::BreakLinks() {
  for (const auto& link : {device_, anonymous_}) {
    if (link) link->Break();
  }
}

void Device::SetClock(Duration skew) {
  skew_ = skew;
  if (engine_) inputs_.emplace_back(client::TimePassed{});
}

}  // namespace pawl::sim
