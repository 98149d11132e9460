#include "client/runner/host.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "support/matchers.h"
#include "test_store.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;

class HostTest : public WithStore {
 protected:
  absl::Status Start(Host& host) {
    return host.Start(store_.get(), {.endpoint = *transport::Endpoint::Parse("ws://127.0.0.1:9"),
                                     .tls = {},
                                     .engine = {},
                                     .transfer_folder = dir_.File("transfers"),
                                     .log = {},
                                     .online = true});
  }

  EventQueue events_{16, *EventFd::Create()};
  Gate gate_{16, 1000};
  AccountBoard board_;
};

TEST_F(HostTest, RunsWhatIsPostedInOrderOnOneOtherThread) {
  Host host({.events = &events_, .gate = &gate_, .board = &board_});
  EXPECT_THAT(host.Post([](Core&, Timestamp) {}), HasCode(Code::kClosed)) << "not started yet";
  ASSERT_THAT(Start(host), IsOk());
  std::vector<int> order;
  std::promise<std::thread::id> done;
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(host.Post([&order, i](Core&, Timestamp) { order.push_back(i); }), IsOk());
  }
  ASSERT_THAT(host.Post([&](Core&, Timestamp now) {
    EXPECT_GT(now.ms, 0);
    done.set_value(std::this_thread::get_id());
  }),
              IsOk());
  EXPECT_NE(done.get_future().get(), std::this_thread::get_id());
  host.Stop();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(HostTest, StopRunsWhatWasPostedBeforeAndRefusesTheRest) {
  Host host({.events = &events_, .gate = &gate_, .board = &board_});
  ASSERT_THAT(Start(host), IsOk());
  std::atomic<int> ran{0};
  for (int i = 0; i < 50; ++i) {
    ASSERT_THAT(host.Post([&](Core&, Timestamp) { ++ran; }), IsOk());
  }
  host.Stop();
  EXPECT_EQ(ran, 50);
  EXPECT_THAT(host.Post([&](Core&, Timestamp) { ++ran; }), HasCode(Code::kClosed));
}

TEST_F(HostTest, ATlsPolicyThatCannotBeIsRefusedAtTheStart) {
  Host host({.events = &events_, .gate = &gate_, .board = &board_});
  transport::TlsPolicy policy;
  policy.roots = transport::TlsPolicy::Roots::kPemFile;
  policy.pem_file = dir_.File("none.pem");
  EXPECT_FALSE(host.Start(store_.get(), {.endpoint = *transport::Endpoint::Parse("wss://localhost"),
                                         .tls = policy,
                                         .engine = {},
                                         .transfer_folder = dir_.File("transfers"),
                                         .log = {},
                                         .online = true})
                   .ok());
}

TEST_F(HostTest, StartsAgainAfterStop) {
  Host host({.events = &events_, .gate = &gate_, .board = &board_});
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Start(host), IsOk());
    std::promise<void> ran;
    ASSERT_THAT(host.Post([&](Core&, Timestamp) { ran.set_value(); }), IsOk());
    ran.get_future().get();
    const CoreRest rest = host.Stop();
    EXPECT_TRUE(rest.orders.empty() && rest.lost.empty());
    EXPECT_THAT(host.Post([](Core&, Timestamp) {}), HasCode(Code::kClosed));
  }
}

}  // namespace
}  // namespace pawl::runner
