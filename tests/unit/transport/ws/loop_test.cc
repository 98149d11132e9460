#include "transport/ws/loop.h"

#include <libwebsockets.h>

#include <csignal>
#include <cstdlib>

#include "unit/transport/ws/loop_harness.h"
#include "unit/transport/ws/test_server.h"

namespace pawl::transport::ws {
namespace {

using pawl::test::HasCode;
using test::EchoScript;
using test::LoopbackEndpoint;
using test::Peer;
using test::Recorder;
using test::RunningLoop;
using test::TestServer;

TEST(WsLoop, TasksRunInOrderOnTheLoopsThread) {
  RunningLoop loop;
  std::vector<int> order;
  std::set<std::thread::id> threads;
  for (int n = 0; n < 1000; ++n) {
    ASSERT_TRUE(loop->Post([&, n] {
      order.push_back(n);
      threads.insert(std::this_thread::get_id());
    }));
  }
  loop.Do([](WsLoop&) {});
  std::vector<int> expected(1000);
  for (int n = 0; n < 1000; ++n) expected[static_cast<size_t>(n)] = n;
  EXPECT_EQ(order, expected);
  EXPECT_EQ(threads.size(), 1u);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(WsLoop, WhatIsPostedBeforeRunWaitsAndAfterStopIsRefused) {
  Recorder recorder;
  auto loop = *WsLoop::Create({}, &recorder);
  int ran = 0;
  EXPECT_TRUE(loop->Post([&] { ++ran; }));
  EXPECT_EQ(ran, 0);
  loop->Stop();
  loop->Stop();
  EXPECT_FALSE(loop->Post([&] { ran += 100; }));
  loop->Run();
  EXPECT_EQ(ran, 1);
}

TEST(WsLoop, ATaskMayPostAndStop) {
  Recorder recorder;
  auto loop = *WsLoop::Create({}, &recorder);
  int depth = 0;
  std::function<void()> again = [&] {
    if (++depth < 50) {
      loop->Post([&] { again(); });
    } else {
      loop->Stop();
    }
  };
  loop->Post([&] { again(); });
  loop->Run();
  EXPECT_EQ(depth, 50);
}

TEST(WsLoop, WakesAtTheLastWishOnly) {
  RunningLoop loop;
  const auto start = std::chrono::steady_clock::now();
  loop.Do([](WsLoop& self) {
    self.WakeAfter(Seconds(100));
    self.WakeAfter(Milliseconds(50));
  });
  EXPECT_TRUE(loop.recorder().Await([&] { return loop.recorder().wakes_ == 1; }));
  const auto slept = std::chrono::steady_clock::now() - start;
  EXPECT_GE(slept, std::chrono::milliseconds(49));
  EXPECT_LT(slept, std::chrono::seconds(100));
  loop.Do([](WsLoop& self) {
    self.WakeAfter(Milliseconds(20));
    self.WakeAfter(Milliseconds(-1));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(loop.recorder().Read(&Recorder::wakes_), 1u);
  loop.Do([](WsLoop& self) { self.WakeAfter(Milliseconds(0)); });
  EXPECT_TRUE(loop.recorder().Await([&] { return loop.recorder().wakes_ == 2; }));
}

TEST(WsLoop, APolicyThatBelievesAnybodyIsRefused) {
  LoopOptions options;
  options.tls.roots = TlsPolicy::Roots::kNone;
  Recorder recorder;
  EXPECT_THAT(WsLoop::Create(options, &recorder), HasCode(Code::kInvalidArgument));
}

TEST(WsLoop, LeavesTheHostsSigpipeAsItWas) {
  struct sigaction mine {};
  mine.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGPIPE, &mine, &before);
  {
    RunningLoop loop;
    struct sigaction now {};
    sigaction(SIGPIPE, nullptr, &now);
    EXPECT_EQ(now.sa_handler, mine.sa_handler);
    loop.Do([](WsLoop&) {
      sigset_t mask;
      pthread_sigmask(SIG_BLOCK, nullptr, &mask);
      EXPECT_EQ(sigismember(&mask, SIGPIPE), 1);
    });
  }
  sigaction(SIGPIPE, &before, nullptr);
}

TEST(WsLoop, PrintsNothing) {
  RunningLoop loop;
  EXPECT_EQ(lwsl_visible(LLL_ERR), 0);
  EXPECT_EQ(lwsl_visible(LLL_WARN), 0);
}

TEST(WsLoop, KeepsALogLevelThatTheHostChose) {
  lws_set_log_level(LLL_ERR | LLL_INFO, [](int, const char*) {});
  { RunningLoop loop; }
  EXPECT_NE(lwsl_visible(LLL_INFO), 0);
  lws_set_log_level(0, nullptr);
}

TEST(WsLoop, IgnoresTheProxyOfTheEnvironment) {
  setenv("http_proxy", "127.0.0.1:1", 1);
  TestServer server(EchoScript);
  RunningLoop loop;
  loop.Open(LoopbackEndpoint(server.port()));
  EXPECT_TRUE(loop.recorder().AwaitOpened());
  unsetenv("http_proxy");
}

TEST(WsLoop, CanBeDestroyedInTheMiddleOfEverything) {
  TestServer silent([](Peer& peer) { peer.Drain(); });
  TestServer server(EchoScript);
  for (int n = 0; n < 20; ++n) {
    RunningLoop loop;
    loop.Open(LoopbackEndpoint(silent.port()));
    const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
    loop.Open(LoopbackEndpoint(443, /*tls=*/true, "no..such..host"));
    if (n % 2 == 0) {
      ASSERT_TRUE(loop.recorder().AwaitOpened());
    }
    loop.Send(socket, Bytes(100'000));
    loop.Finish();
    const size_t closed = loop.recorder().Read(&Recorder::closed_).size();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_EQ(loop.recorder().Read(&Recorder::closed_).size(), closed);
  }
}

TEST(WsLoop, TwoLoopsDoNotDisturbEachOther) {
  test::TestCertificate certificate;
  TestServer server(EchoScript, {.certificate = &certificate});
  LoopOptions options;
  options.tls.roots = TlsPolicy::Roots::kNone;
  options.tls.spki_pins = {certificate.SpkiHash()};
  RunningLoop first(options);
  // Contexts are created while handshakes of the first are under way.
  for (size_t n = 1; n <= 30; ++n) {
    const SocketId socket = first.Open(LoopbackEndpoint(server.port(), /*tls=*/true));
    { RunningLoop second(options); }
    ASSERT_TRUE(first.recorder().AwaitOpened(n)) << n;
    first.Close(socket);
    ASSERT_TRUE(first.recorder().AwaitClosed(n));
  }
}

// P9: many threads, one loop, sockets that come and go underneath. Run under ThreadSanitizer in CI.
TEST(WsLoop, ForeignThreadsHammerIt) {
  TestServer server(EchoScript);
  LoopOptions options;
  options.max_sockets = 4;
  RunningLoop loop(options);
  std::mutex mutex;
  std::vector<SocketId> known(4);
  std::atomic<size_t> ran = 0;
  constexpr int kThreads = 6;
  constexpr int kPosts = 400;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = 0; n < kPosts; ++n) {
        const size_t which = static_cast<size_t>(thread + n) % 4;
        ASSERT_TRUE(loop->Post([&, n, which] {
          ++ran;
          SocketId socket;
          {
            const std::lock_guard lock(mutex);
            socket = known[which];
          }
          if (n % 10 == 0) {
            loop->Close(socket, kCloseNormal);
            if (const auto opened = loop->Open(LoopbackEndpoint(server.port())); opened.ok()) {
              const std::lock_guard lock(mutex);
              known[which] = *opened;
            }
          } else if (n % 3 == 0) {
            loop->Ping(socket);
          } else {
            loop->Send(socket, test::WithHeadroom(Bytes(200)));
          }
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  loop.Do([](WsLoop&) {});
  EXPECT_EQ(ran, static_cast<size_t>(kThreads * kPosts));
  loop.Finish();
}

}  // namespace
}  // namespace pawl::transport::ws
