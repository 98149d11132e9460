#ifndef PAWL_TESTS_SUPPORT_ENGINE_CONFORMANCE_H_
#define PAWL_TESTS_SUPPORT_ENGINE_CONFORMANCE_H_

// What every storage engine of the relay must do, written against the interface alone. One source
// file of a program includes engine_conformance_suite.h and instantiates the suite for the engines
// it has.

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "relay/engine/engine.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine {

// Collects completions from any thread and lets the test wait for them.
class WaitingSink final : public Sink {
 public:
  void Complete(Completions completions) override {
    const std::lock_guard lock(mutex_);
    for (Completion& done : completions.done) {
      EXPECT_TRUE(results_.emplace(done.id, std::move(done.result)).second)
          << "completed twice: " << *done.id;
    }
    woken_.insert(completions.woken.begin(), completions.woken.end());
    changed_.notify_all();
  }

  Result WaitFor(OpId id) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return results_.count(id) == 1; });
    Result result = std::move(results_.find(id)->second);
    results_.erase(id);
    return result;
  }
  std::set<MailboxRef> TakeWoken() {
    const std::lock_guard lock(mutex_);
    return std::exchange(woken_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<OpId, Result> results_;
  std::set<MailboxRef> woken_;
};

struct EngineFactory {
  std::string name;
  // Opens the same data again when called again with the same folder.
  std::function<std::unique_ptr<Engine>(const std::string& folder, const Quotas& quotas,
                                        Sink& sink)>
      open;
};

inline void PrintTo(const EngineFactory& factory, std::ostream* os) { *os << factory.name; }

class EngineConformance : public ::testing::TestWithParam<EngineFactory> {
 protected:
  static constexpr Timestamp kNow{1'900'000'000'000};
  static constexpr ByteArray<32> kDeliveryKey{7};

  void SetUp() override { Restart(); }

  // As after a crash of the process: nothing is flushed by closing.
  void Restart() {
    engine_.reset();
    engine_ = GetParam().open(folder_.path().string(), quotas_, sink_);
    ASSERT_NE(engine_, nullptr);
  }

  std::vector<Result> CallAll(std::vector<Op> ops) {
    std::vector<Request> batch;
    for (Op& op : ops) batch.push_back({OpId(++last_id_), std::move(op)});
    std::vector<OpId> ids;
    for (const Request& request : batch) ids.push_back(request.id);
    engine_->Submit(std::move(batch));
    std::vector<Result> results;
    for (const OpId id : ids) results.push_back(sink_.WaitFor(id));
    return results;
  }
  template <typename R>
  R Call(Op op) {
    std::vector<Op> ops;
    ops.push_back(std::move(op));
    Result result = std::move(CallAll(std::move(ops)).front());
    EXPECT_TRUE(std::holds_alternative<R>(result));
    return std::get<R>(std::move(result));
  }

  // --- An account with devices
  // --------------------------------------------------------------------
  static ByteArray<32> HashOf(const std::string& account, uint32_t version) {
    ByteArray<32> hash{};
    std::copy(account.begin(), account.end(), hash.begin());
    hash[31] = static_cast<uint8_t>(version);
    return hash;
  }
  static ListRecord List(const std::string& account, uint32_t version,
                         std::vector<uint32_t> devices) {
    ListRecord list;
    list.account = account;
    list.account_key = HashOf(account, 0xA0);
    list.version = version;
    list.hash = HashOf(account, version);
    if (version > 1) list.previous = HashOf(account, version - 1);
    for (const uint32_t id : devices) {
      DeviceRow device;
      device.id = DeviceId(id);
      device.signing_key[0] = static_cast<uint8_t>(id);
      list.devices.push_back(device);
    }
    list.record = {static_cast<uint8_t>(version), 1, 2, 3};
    return list;
  }
  static EpochRow Epoch(uint32_t device, uint32_t epoch) {
    return {DeviceId(device), DeviceEpoch(epoch), {static_cast<uint8_t>(epoch), 0xEE}};
  }
  static RegisterAccount Registration(const std::string& account) {
    RegisterAccount registration;
    registration.list = List(account, 1, {1});
    registration.epoch = Epoch(1, 1);
    registration.now = kNow;
    return registration;
  }
  Attached AttachDevice(const std::string& account, uint32_t device = 1) {
    return Call<Attached>(Attach{account, DeviceId(device), kNow});
  }
  // Registers, puts the delivery key, and gives the mailbox of device 1.
  MailboxRef MakeAccount(const std::string& account) {
    EXPECT_EQ(Call<ListPut>(Registration(account)).code, Code::kOk);
    const MailboxRef mailbox = AttachDevice(account).mailbox;
    EXPECT_EQ(Call<Done>(PutDeliveryKey{mailbox, kDeliveryKey, kNow}).code, Code::kOk);
    return mailbox;
  }

  // --- Mail
  // -----------------------------------------------------------------------------------------
  static Append Mail(const std::string& account, uint32_t id, size_t size = 100) {
    Append append;
    append.account = account;
    append.device = DeviceId(1);
    ByteArray<16> bytes{};
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(id >> (8 * i));
    append.id = EnvelopeId(bytes);
    append.delivery_key = kDeliveryKey;
    append.received = kNow;
    append.expires = kNow + Days(30);
    append.envelope = Bytes(size, static_cast<uint8_t>(id));
    return append;
  }
  FetchedMail FetchAll(MailboxRef mailbox, MailboxCursor after = MailboxCursor(0),
                       Timestamp now = kNow) {
    return Call<FetchedMail>(FetchMail{mailbox, after, 1000, 1 << 24, now});
  }

  Quotas quotas_;
  WaitingSink sink_;
  std::unique_ptr<Engine> engine_;

 private:
  test::TempDir folder_;
  uint64_t last_id_ = 0;
};

}  // namespace pawl::relay::engine

#endif  // PAWL_TESTS_SUPPORT_ENGINE_CONFORMANCE_H_
