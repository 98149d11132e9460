#ifndef PAWL_TESTS_SIM_DEVICE_H_
#define PAWL_TESTS_SIM_DEVICE_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/engine/engine.h"
#include "sim/app.h"
#include "sim/disk.h"
#include "sim/hostile_relay.h"
#include "sim/link.h"
#include "sim/scene.h"
#include "store/store.h"

namespace pawl::sim {

// One device: its disk and its app's journal, which last, and its process, which may die at any
// moment: a real store, a real engine, two links. A clone is another Device with the same disk.
class Device {
 public:
  struct Origin {
    size_t number = 0;   // in the world
    size_t account = 0;  // in the world
    identity::Address address;
  };
  Device(Scene& scene, RelayHost& relay, Origin origin);
  ~Device();

  // --- the app ---
  RequestId Do(decltype(client::Command::body) body);
  const std::optional<Code>& Completed(RequestId request) const;
  Bytes ResultOf(RequestId request) const;
  const Journal& journal() const { return journal_; }
  void SetAckDelay(Duration delay) { ack_delay_ = delay; }

  // --- the process ---
  void Start();
  // As by SIGKILL.
  void Die();
  // Dies, and starts again later.
  void Crash(Duration pause);
  bool alive() const { return engine_ != nullptr; }
  bool has_work() const { return engine_ && !inputs_.empty() && scene_.now >= blocked_until_; }
  // Takes what has come in. Everything of one instant is one Step.
  void Step();
  void Tick();
  Timestamp NextDeadline() const;  // in the world's time
  std::optional<identity::DeviceAddress> self() const {
    return engine_ ? engine_->self() : std::nullopt;
  }
  // As it last said, and since when it has said so.
  struct Known {
    DeviceId id{};
    Timestamp since{};
  };
  const std::optional<Known>& known() const { return known_; }
  store::Store* store() { return store_.get(); }

  // --- what goes wrong ---
  void SetOnline(bool online);
  void BreakLinks();
  Disk& disk() { return *disk_; }
  LinkFaults& faults(client::Channel channel) {
    return channel == client::Channel::kDevice ? *device_faults_ : *anonymous_faults_;
  }
  HostileRelay& hostile() { return hostile_; }
  const HostileRelay& hostile() const { return hostile_; }
  void LoseAcks(int64_t count) { lose_acks_ += count; }
  void SetClock(Duration skew);
  Duration skew() const { return skew_; }
  void Poison(int64_t steps) { poison_ += steps; }
  // What somebody may keep of the device's machine as it runs, between two Steps: its disk, on
  // which its app has its journal, too.
  struct Copy {
    std::map<std::string, Bytes> disk;
    Journal journal;
    store::Generation generation{};
  };
  Copy TakeCopy() const { return {disk_->Image(), journal_, store_->generation()}; }
  // The machine is that copy from now on. Its anchors stay as they are, or are of the copy, too.
  void PutBack(const Copy& copy, bool old_anchors);
  // Another connection of this device took its place: only its app's own wish leads out.
  bool replaced() const { return device_ && device_->state() == transport::State::kReplaced; }
  // Another copy of it went on.
  bool superseded() const;
  // What its app had written down when an older copy was put back.
  const std::vector<Journal>& lost() const { return lost_; }
  // Took it, and has it no more.
  bool HasLost(const MessageId& message) const;
  // Stops for good.
  void Retire();
  bool retired() const { return retired_; }

  const Origin& origin() const { return origin_; }
  const std::string& name() const { return name_; }
  // At the relay, by its word when the device last connected.
  uint32_t one_time_left() const { return one_time_left_; }
  Timestamp now() const { return scene_.now + skew_; }
  Rng& rng() { return rng_; }

 private:
  absl::Status Open();
  bool Dead();
  void Release(client::Effects effects);
  void NoteSelf();
  void ReadInbox();
  void Acknowledge();
  void Take(client::Event event);
  void Wish(std::shared_ptr<Link>& link, bool wanted, client::Channel channel);
  void OnInput(client::Input input);
  void Watch(const client::Effects& effects);
  void Misbehave(bool on);

  Scene& scene_;
  RelayHost& relay_;
  const Origin origin_;
  const std::string name_;
  std::unique_ptr<Disk> disk_;
  StreamRng rng_;
  uint64_t life_ = 0;  // counts the processes

  Journal journal_;
  std::vector<Journal> lost_;
  std::optional<Known> known_;
  uint64_t asked_ack_ = 0;  // by this process
  InboxSeq shown_{};        // to this process
  Duration ack_delay_{};
  std::map<RequestId, std::optional<Code>> completed_;
  std::map<RequestId, Bytes> results_;
  uint64_t last_request_ = 0;

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<client::Engine> engine_;
  std::vector<client::Input> inputs_;
  std::vector<Bytes> kept_;  // what inputs borrow
  Timestamp blocked_until_{};
  std::shared_ptr<Link> device_, anonymous_;

  std::shared_ptr<LinkFaults> device_faults_ = std::make_shared<LinkFaults>();
  std::shared_ptr<LinkFaults> anonymous_faults_ = std::make_shared<LinkFaults>();
  HostileRelay hostile_;
  std::map<MailboxCursor, EnvelopeId> arrived_;
  std::set<ByteArray<16>> taken_;
  uint32_t one_time_left_ = 0;
  bool online_ = true;
  bool retired_ = false;
  int64_t lose_acks_ = 0;
  int64_t poison_ = 0;
  Duration skew_{};
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_DEVICE_H_
