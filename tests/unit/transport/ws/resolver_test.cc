#include "transport/ws/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pawl::transport::ws {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kPatience = std::chrono::seconds(60);  // only excludes hanging

// A name service that answers when it is told to.
struct SlowService {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_answer = false;
  int asked = 0;
  int answered = 0;

  void Let() {
    const std::lock_guard lock(mutex);
    may_answer = true;
    changed.notify_all();
  }
  bool Await(int SlowService::*counter, int count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kPatience, [&] { return this->*counter >= count; });
  }
};
SlowService* service = nullptr;

Addresses SlowLookup(const std::string& host) {
  SlowService* mine = service;
  std::unique_lock lock(mine->mutex);
  ++mine->asked;
  mine->changed.notify_all();
  mine->changed.wait(lock, [&] { return mine->may_answer; });
  ++mine->answered;
  mine->changed.notify_all();
  return {"192.0.2.1", host};
}

class ResolverTest : public testing::Test {
 protected:
  ResolverTest() { service = &service_; }
  SlowService service_;
};

TEST(KnownAddresses, NumbersAreThemselvesAndLocalhostIsHere) {
  EXPECT_THAT(KnownAddresses("192.0.2.7"), ElementsAre("192.0.2.7"));
  EXPECT_THAT(KnownAddresses("2001:db8::1"), ElementsAre("2001:db8::1"));
  EXPECT_THAT(KnownAddresses("localhost"), ElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(KnownAddresses("relay.example.org"), IsEmpty());
  EXPECT_THAT(KnownAddresses("127.1"), IsEmpty());
  EXPECT_THAT(KnownAddresses(""), IsEmpty());
}

TEST_F(ResolverTest, AnswersEachQuestionOnAnotherThread) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Addresses> answers;
  std::thread::id thread;
  Resolver resolver(&SlowLookup);  // the last: it calls back until it is gone
  for (const char* host : {"a.example", "b.example"}) {
    ASSERT_TRUE(resolver.Resolve(host, [&](Addresses found) {
      const std::lock_guard lock(mutex);
      answers.push_back(std::move(found));
      thread = std::this_thread::get_id();
      changed.notify_all();
    }));
  }
  service_.Let();
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, kPatience, [&] { return answers.size() == 2; }));
  EXPECT_THAT(answers, ElementsAre(ElementsAre("192.0.2.1", "a.example"),
                                   ElementsAre("192.0.2.1", "b.example")));
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_F(ResolverTest, GoesAwayWithoutWaitingAndWithoutCallingBack) {
  std::atomic<bool> called = false;
  {
    Resolver resolver(&SlowLookup);
    resolver.Resolve("a.example", [&](Addresses) { called = true; });
    resolver.Resolve("b.example", [&](Addresses) { called = true; });
    ASSERT_TRUE(service_.Await(&SlowService::asked, 1));
  }
  service_.Let();
  ASSERT_TRUE(service_.Await(&SlowService::answered, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(called);
  EXPECT_EQ(service_.asked, 1) << "a question of nobody was asked";
}

TEST(Resolver, SystemFindsNumbersAndNoNonsense) {
  EXPECT_THAT(Resolver::System("127.0.0.1"), ElementsAre("127.0.0.1"));
  EXPECT_THAT(Resolver::System("no..such..host"), IsEmpty());
}

}  // namespace
}  // namespace pawl::transport::ws
