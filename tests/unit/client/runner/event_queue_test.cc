#include "client/runner/event_queue.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <thread>

#include "support/matchers.h"

namespace pawl::runner {
namespace {

using test::HasCode;

class EventQueueTest : public ::testing::Test {
 protected:
  static Event Durable(uint64_t seq) {
    Event event;
    event.kind = EventKind::kMessage;
    event.seq = InboxSeq(seq);
    return event;
  }
  static Event Completed(uint64_t request) {
    Event event;
    event.kind = EventKind::kCompleted;
    event.request = RequestId(request);
    return event;
  }
  static Event Progress(uint8_t message, uint64_t done) {
    Event event;
    event.kind = EventKind::kProgress;
    event.message = MessageId(ByteArray<16>{message});
    event.done = done;
    return event;
  }
  static Event Typing(const std::string& name, bool active) {
    Event event;
    event.kind = EventKind::kTyping;
    event.peer = *identity::Address::Create(name, "example.org");
    event.active = active;
    return event;
  }
  void PushDurable(uint64_t first, uint64_t last) {
    std::vector<Event> events;
    for (uint64_t seq = first; seq <= last; ++seq) events.push_back(Durable(seq));
    queue_.PushDurable(std::move(events));
  }
  bool IsReadable() const {
    pollfd entry{.fd = queue_.fd(), .events = POLLIN, .revents = 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  EventQueue queue_{10, *EventFd::Create()};
};

TEST_F(EventQueueTest, KeepsOneOrder) {
  PushDurable(1, 2);
  queue_.Push(Completed(7));
  PushDurable(3, 3);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(10, 0));
  ASSERT_EQ(taken.events.size(), 4u);
  EXPECT_EQ(*taken.events[1].seq, 2u);
  EXPECT_EQ(*taken.events[2].request, 7u);
  EXPECT_EQ(*taken.events[3].seq, 3u);
}

TEST_F(EventQueueTest, GivesAtMostWhatIsAskedForAndTheRestNextTime) {
  PushDurable(1, 5);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto first, queue_.Take(3, 0));
  EXPECT_EQ(first.events.size(), 3u);
  EXPECT_TRUE(IsReadable());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto second, queue_.Take(3, 0));
  EXPECT_EQ(second.events.size(), 2u);
  EXPECT_FALSE(IsReadable());
}

TEST_F(EventQueueTest, TheWindowFillsAndAsksForMore) {
  EXPECT_EQ(queue_.Room(), 10u);
  PushDurable(1, 10);
  EXPECT_EQ(queue_.Room(), 0u);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto few, queue_.Take(4, 0));
  EXPECT_FALSE(few.refill);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto more, queue_.Take(1, 0));
  EXPECT_TRUE(more.refill);
  EXPECT_EQ(queue_.Room(), 5u);
}

TEST_F(EventQueueTest, TheWindowIsFullOfBytesToo) {
  std::vector<Event> events;
  events.push_back(Durable(1));
  events.back().content = crypto::SecretBytes(size_t{5} << 20);
  queue_.PushDurable(std::move(events));
  EXPECT_EQ(queue_.Room(), 0u);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(1, 0));
  EXPECT_TRUE(taken.refill);
  EXPECT_EQ(queue_.Room(), 10u);
}

TEST_F(EventQueueTest, EphemeralEventsDoNotTakeTheWindowsRoom) {
  for (uint64_t i = 0; i < 50; ++i) queue_.Push(Completed(i));
  EXPECT_EQ(queue_.Room(), 10u);
}

TEST_F(EventQueueTest, OfProgressOnlyTheNewestOfEachMessageStands) {
  queue_.Push(Progress(1, 10));
  queue_.Push(Progress(2, 11));
  queue_.Push(Progress(1, 12));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(10, 0));
  ASSERT_EQ(taken.events.size(), 2u);
  EXPECT_EQ(taken.events[0].done, 12u);
  EXPECT_EQ(taken.events[1].done, 11u);
  queue_.Push(Progress(1, 13));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto again, queue_.Take(10, 0));
  EXPECT_EQ(again.events.at(0).done, 13u);
}

TEST_F(EventQueueTest, TypingOfAThousandPeopleStaysBounded) {
  for (int i = 0; i < 1000; ++i) queue_.Push(Typing("p" + std::to_string(i), true));
  queue_.Push(Typing("p0", false));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(5000, 0));
  EXPECT_EQ(taken.events.size(), 256u);
  EXPECT_FALSE(taken.events[0].active);
  queue_.Push(Typing("p999", true));
  EXPECT_THAT(queue_.Take(1, 0), test::IsOk());
}

TEST_F(EventQueueTest, CompletionsAreNeverMerged) {
  for (uint64_t i = 0; i < 100; ++i) queue_.Push(Completed(1));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(1000, 0));
  EXPECT_EQ(taken.events.size(), 100u);
}

TEST_F(EventQueueTest, WaitsNoLongerThanAsked) {
  EXPECT_THAT(queue_.Take(1, 0), HasCode(Code::kTimeout));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(queue_.Take(1, 20), HasCode(Code::kTimeout));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(20));
}

TEST_F(EventQueueTest, AWaiterWakesForAnEvent) {
  std::thread pusher([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    queue_.Push(Completed(1));
  });
  PAWL_ASSERT_OK_AND_ASSIGN(const auto taken, queue_.Take(1, -1));
  EXPECT_EQ(taken.events.size(), 1u);
  pusher.join();
}

TEST_F(EventQueueTest, ClosingWakesAllWaitersAndStaysReadable) {
  PushDurable(1, 1);
  ASSERT_THAT(queue_.Take(1, 0), test::IsOk());
  std::vector<std::thread> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] { EXPECT_THAT(queue_.Take(1, -1), HasCode(Code::kClosed)); });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  queue_.Close();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_TRUE(IsReadable());
  queue_.Push(Completed(1));
  EXPECT_THAT(queue_.Take(1, 0), HasCode(Code::kClosed));
}

TEST_F(EventQueueTest, KnowsWhichNumbersAnAppCanHaveSeen) {
  EXPECT_EQ(*queue_.highest_known(), 0u);
  queue_.SetKnown(InboxSeq(5));
  PushDurable(6, 8);
  EXPECT_EQ(*queue_.highest_known(), 5u);
  ASSERT_THAT(queue_.Take(2, 0), test::IsOk());
  EXPECT_EQ(*queue_.highest_known(), 7u);
}

}  // namespace
}  // namespace pawl::runner
