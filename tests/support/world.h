#ifndef PAWL_TESTS_SUPPORT_WORLD_H_
#define PAWL_TESTS_SUPPORT_WORLD_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/engine/compose.h"
#include "client/engine/content_view.h"
#include "client/engine/conversation.h"
#include "client/engine/engine.h"
#include "support/matchers.h"

// Devices and a relay in virtual time. One source of a program includes world_impl.h, the others
// this.
namespace pawl::test {

// Things a test may do to a client's inputs and calls on their way. Empty: nothing.
struct WorldFaults {
  // False: the input is lost (mail, an answer).
  std::function<bool(client::Input& input)> on_input;
  // False: the call is swallowed.
  std::function<bool(client::Call& call)> on_call;
  // What the client acknowledges to the relay gets lost.
  bool lose_acks = false;
};

// One device: a real store, a real engine, two real transport machines, and an app that writes down
// every durable event once, as an app should. Its clock may be wrong.
class WorldClient {
 public:
  class Machine;
  explicit WorldClient(std::unique_ptr<Machine> machine);
  ~WorldClient();

  // --- the app ---
  RequestId Do(decltype(client::Command::body) body);
  MessageId SendText(const identity::Address& to, std::string_view text, Timestamp world_now,
                     uint32_t expires_in_s = 0);
  RequestId last_send() const { return last_send_; }
  // What the app has written down: every durable event, in order. Survives a kill.
  const std::vector<client::Event>& journal() const { return journal_; }
  const std::vector<client::Event>& ephemeral() const { return ephemeral_; }
  // How a request ended, if it has.
  std::optional<Code> Completed(RequestId request) const;
  Bytes ResultOf(RequestId request) const;
  // Texts of others, in the order of their events.
  std::vector<std::string> Texts(const identity::Address& from) const;
  static std::string TextOf(const client::Event& event);
  size_t Count(client::EventKind kind) const;
  const client::Event* Last(client::EventKind kind) const;
  // What the app was last told of a message of its own.
  std::optional<client::MessageState> StateOf(const MessageId& message) const;

  // --- underneath ---
  void Push(client::Input input);
  bool alive() const;
  client::Engine& engine();
  store::Store& store();
  identity::Address address() const;
  size_t steps() const { return steps_; }
  const absl::Status& last_step() const { return last_step_; }
  Timestamp NextDeadline() const;  // in the World's time
  const std::vector<client::Effects::Rejected>& rejected() const { return rejected_; }
  std::vector<client::TransferJob>& transfers() { return transfers_; }

  Duration skew{};  // this client's clock less the World's
  WorldFaults faults;
  bool auto_ack = true;                    // the app acknowledges what it wrote down
  std::string vfs;                         // SQLite VFS that the store is opened through next
  std::optional<size_t> kill_after_steps;  // dies after the commit of that Step

 private:
  friend class Machine;
  friend class World;
  std::unique_ptr<Machine> machine_;
  uint64_t last_request_ = 0;
  RequestId last_send_;
  size_t steps_ = 0;
  absl::Status last_step_;
  InboxSeq seen_;
  std::vector<client::Event> journal_;
  std::vector<client::Event> ephemeral_;
  std::vector<client::Effects::Rejected> rejected_;
  std::vector<client::TransferJob> transfers_;
};

// Real engines, stores and transport machines, the real relay core over its embedded engine; no
// thread, no socket, no waiting. One seed, one world.
class World {
 public:
  struct Options {
    uint64_t seed = 1;
    bool invitation_required = false;
    double relay_rate_scale = 1;
    std::filesystem::path relay_files{};  // the relay begins with a copy of them
  };
  World() : World(Options{}) {}
  explicit World(const Options& options);
  ~World();

  static client::Config DefaultClient();

  // A device that is running, with an empty store.
  WorldClient& Add(std::string name, client::Config config = DefaultClient());
  // The same, registered.
  WorldClient& AddRegistered(std::string name, client::Config config = DefaultClient());
  // Both accepted each other; the first asked.
  void MakeContacts(WorldClient& a, WorldClient& b);
  // As by SIGKILL: what is not committed is gone, the relay sees the sockets die.
  void Kill(WorldClient& client);
  void Restart(WorldClient& client);
  void SetOnline(WorldClient& client, bool online);
  void RestartRelay();

  // What somebody may do with a device's files. A snapshot is taken as the device runs, between two
  // Steps; its anchor may be kept with it, put back with it, or neither.
  struct Snapshot {
    std::filesystem::path folder;
    bool with_anchor = false;
  };
  enum class Anchor : bool { kLeftOut = false, kIncluded = true };
  Snapshot TakeSnapshot(WorldClient& client, Anchor anchor);
  // Kills the device and starts it from the snapshot; its app keeps what it knows.
  void Restore(WorldClient& client, const Snapshot& snapshot);
  // The snapshot started on another machine. Its app knows what the original's knows by now.
  WorldClient& Clone(WorldClient& original, const Snapshot& snapshot,
                     client::Config config = DefaultClient());

  // A device that begins with the files of the snapshot; to its app all of them are news.
  WorldClient& AddFrom(const Snapshot& snapshot, std::string name,
                       client::Config config = DefaultClient());
  void CopyRelayFilesTo(const std::filesystem::path& folder);

  // Lets happen what happens within a moment.
  void Settle() { Run(Seconds(1)); }
  // Lets time pass.
  void Run(Duration duration);

  Timestamp now() const;
  Rng& rng();

 private:
  struct Parts;
  WorldClient& Begin(const Snapshot& snapshot, std::string name, client::Config config,
                     InboxSeq seen);
  void Drain();
  void TickAll();
  Timestamp NextDeadline() const;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_WORLD_H_
