#ifndef PAWL_TESTS_SIM_WORLD_H_
#define PAWL_TESTS_SIM_WORLD_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/device.h"
#include "sim/ledger.h"
#include "sim/nonces.h"
#include "sim/relay_host.h"
#include "sim/scene.h"
#include "sim/script.h"

namespace pawl::sim {

struct Outcome {
  uint64_t hash = 0;
  Script script;                      // with what was added to it
  std::vector<std::string> failures;  // empty: every promise was kept
  Tally tally;
  size_t messages = 0;  // that people wrote and a device took, without what was sent at the end
  size_t faults = 0;    // that took effect
};

// The disks of a relay and of devices that have registered: most worlds begin with them.
struct Prepared {
  std::map<std::string, Bytes> relay;
  std::vector<std::map<std::string, Bytes>> devices;
};

// What a run of worlds shares: a real folder for the relay's blob files, a defect.
struct RunOptions {
  std::string folder;
  const char* mutant = nullptr;
  bool print = false;
};

// Devices, their people and a relay in virtual time.
class World {
 public:
  // Of the world that a script describes; what its accounts begin with is made once.
  static Outcome RunScript(const Script& script, const RunOptions& options);
  ~World();

  // From the first registration until everything is quiet again.
  Outcome Run();

 private:
  World(const Script& script, const RunOptions& options, const Prepared* prepared);
  static Prepared Prepare(int accounts, int linked, const RunOptions& options);
  friend class Judge;
  struct Linking {
    size_t account = 0;
    size_t device = 0;  // the new one
    enum class Stage { kBegin, kApprove, kComplete, kDone } stage = Stage::kBegin;
    RequestId request{};
    Timestamp since{};
    Bytes carried{};
    int attempts = 0;
  };

  // --- time (world.cc) ---
  void RunUntil(Timestamp until);
  void Pass(Duration time);
  bool DoWhatIsDue();
  void StepAll();
  Timestamp NextInstant() const;

  // --- people (people.cc) ---
  Device& Add(size_t account, const std::map<std::string, Bytes>* disk = nullptr,
              const Device::Copy* copy = nullptr);
  void Register(Device& device);
  void RegisterAll();
  void Link(size_t account);
  void Look();  // what people do because of what they see
  void AnswerRequests(Device& device, size_t& read);
  void Drive(Linking& linking);
  MessageId SendText(Device& from, size_t to, std::string text, uint32_t expires_in_s, bool probe);
  Device* DeviceOf(int64_t number);
  Device* FirstOf(size_t account) { return devices_[account].get(); }
  identity::Address AddressOf(int64_t account) const;
  // The device that this one is a copy of, or itself.
  size_t RootOf(size_t number) const {
    const auto clone = clones_.find(number);
    return clone == clones_.end() ? number : RootOf(clone->second);
  }
  bool IsRemoved(size_t number) const { return removed_.contains(RootOf(number)); }

  // --- actions (actions.cc) ---
  // Messages that are to be written, and how often that was tried.
  struct Writing {
    int64_t device = 0;
    size_t to = 0;
    int64_t count = 0;
    int tries = 0;
  };
  void Perform(const Action& action);
  void Write(const Writing& writing);
  void WriteAgain(const Writing& writing, size_t first, size_t end);
  void LetInAgain(Device& device, const identity::Address& who, int tries);
  Device* WriterFor(Device& wanted, size_t to);
  bool CanWrite(const Device& device, size_t to) const;
  void FillDisk(Device& device, Duration time);
  void PerformOnPeople(const Action& action, Device& device);
  void PerformOnNetwork(const Action& action, Device& device);
  void PerformOnRelay(const Action& action, Device& device);
  void PerformOnMachine(const Action& action, Device& device);
  void PerformOnCopies(const Action& action, Device& device);
  void PerformOnAll(const Action& action);

  // --- the end (world.cc) ---
  void Calm();
  void Reopen();
  void Probe();
  bool WasAccepted(const Sent& sent) const;
  size_t AcceptedMessages() const;
  size_t FaultsWithEffect() const;
  bool HasEnough() const;
  void AddMore(Timestamp begin, Duration at);

  Script script_;
  const char* const mutant_;
  const Prepared* const prepared_;
  Scene scene_;
  Nonces nonces_;
  RelayHost relay_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<size_t> journal_read_;                 // by device: what its person has seen
  std::vector<std::optional<Device::Copy>> copies_;  // by device: the latest one kept
  std::vector<Linking> linkings_;
  std::map<size_t, RequestId> registering_;
  Ledger ledger_;
  std::set<size_t> removed_;                     // devices that their account removed, by RootOf()
  std::set<std::pair<size_t, size_t>> blocked_;  // (account, by whom), ever
  std::map<size_t, size_t> clones_;              // device -> whose copy it is
  std::set<size_t> copied_;  // accounts of which a copy was put back, or runs beside it
  size_t steps_ = 0;
  bool restless_ = false;
  bool nothing_lost_ = true;  // no envelope that was sealed may be missing at the end
  Timestamp final_probe_at_ = kNever;
  Timestamp relay_tick_{};
  Duration relay_every_ = Seconds(5);
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_WORLD_H_
