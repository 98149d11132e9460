#include "relay/ws/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <future>
#include <vector>

#include "test_server.h"

namespace pawl::relay::ws {
namespace {

using test::RawSocket;
using test::RawWebSocket;
using namespace std::chrono_literals;

// The next frame, which has to come; an empty one, and a failure, when none does.
RawWebSocket::Received Next(RawWebSocket& peer) {
  const auto frame = peer.Receive();
  EXPECT_TRUE(frame) << "nothing came";
  return frame.value_or(RawWebSocket::Received{});
}

template <typename Condition>
bool Eventually(const Condition& condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(Server, SaysBackWhatItHears) {
  TestServer server;
  RawWebSocket peer(server.port());
  for (const size_t size : {1u, 125u, 126u, 4096u, 65'536u, 262'144u}) {
    const std::string message(size, 'x');
    ASSERT_TRUE(peer.Send(message));
    const auto answer = peer.Receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->opcode, RawWebSocket::kBinary);
    EXPECT_EQ(answer->payload, message);
  }
}

TEST(Server, PutsFragmentsTogetherWithControlFramesBetween) {
  TestServer server;
  RawWebSocket peer(server.port());
  peer.socket().Send(RawWebSocket::Frame(RawWebSocket::kBinary, "one ", false) +
                     RawWebSocket::Frame(RawWebSocket::kPing, "!") +
                     RawWebSocket::Frame(RawWebSocket::kContinue, "two ", false) +
                     RawWebSocket::Frame(RawWebSocket::kContinue, "three", true));
  EXPECT_EQ(Next(peer).opcode, RawWebSocket::kPong);
  EXPECT_EQ(Next(peer).payload, "one two three");
  EXPECT_EQ(server.messages, 1);
}

TEST(Server, AMessageAboveTheLimitIsClosedBeforeItIsHeld) {
  TestServer server;
  {
    RawWebSocket announced(server.port());
    announced.socket().Send(
        RawWebSocket::Frame(RawWebSocket::kBinary, "x", true, uint64_t{1} << 62));
    EXPECT_EQ(announced.ReceiveClose(), 1009);
  }
  {
    RawWebSocket fragmented(server.port());
    const std::string piece(100 * 1024, 'x');
    fragmented.socket().Send(RawWebSocket::Frame(RawWebSocket::kBinary, piece, false));
    fragmented.socket().Send(RawWebSocket::Frame(RawWebSocket::kContinue, piece, false));
    fragmented.socket().Send(RawWebSocket::Frame(RawWebSocket::kContinue, piece, false));
    EXPECT_EQ(fragmented.ReceiveClose(), 1009);
  }
  EXPECT_EQ(server.messages, 0);
}

TEST(Server, ATextMessageIsHandedToNobody) {
  TestServer server;
  RawWebSocket peer(server.port());
  peer.Send("hello", RawWebSocket::kText);
  EXPECT_EQ(peer.ReceiveClose(), 1003);
  EXPECT_EQ(server.messages, 0);
  EXPECT_EQ(server.texts, 1);
}

TEST(Server, APeerThatDoesNotReadIsNotListenedToAndLosesNothing) {
  ServerOptions options;
  options.max_queued = 64 << 20;
  TestServer server(options);
  RawWebSocket peer(server.port(), 16 * 1024);
  const std::string frame = RawWebSocket::Frame(RawWebSocket::kBinary, std::string(65'536, 'x'));
  // 16 MiB of questions: far more than the queue and the kernel take.
  constexpr int kQuestions = 256;
  std::string all;
  for (int i = 0; i < kQuestions; ++i) all += frame;
  size_t sent = 0;
  int idle = 0;
  while (idle < 100 && sent < all.size()) {
    const size_t more = peer.socket().SendWithoutWaiting(std::string_view(all).substr(sent));
    idle = more == 0 ? idle + 1 : 0;
    sent += more;
    if (more == 0) std::this_thread::sleep_for(10ms);
  }
  EXPECT_LT(sent, all.size()) << "the server stopped reading";
  EXPECT_LT(server.messages, kQuestions);
  // Now it reads, and everything comes.
  std::thread rest([&] { peer.socket().Send(std::string_view(all).substr(sent)); });
  for (int i = 0; i < kQuestions; ++i) {
    const auto answer = peer.Receive();
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->payload.size(), 65'536u);
  }
  rest.join();
}

TEST(Server, APeerThatLetsTooMuchPileUpIsClosed) {
  ServerOptions options;
  options.max_queued = 1 << 20;
  TestServer server(options);
  server.echoes = 1000;
  RawWebSocket peer(server.port(), 16 * 1024);
  peer.Send(std::string(65'536, 'x'));
  EXPECT_TRUE(peer.socket().IsClosed());
  EXPECT_TRUE(Eventually([&] { return server.open == 0; }));
}

TEST(Server, APeerThatTakesNothingForTooLongIsClosed) {
  ServerOptions options;
  options.max_stall = Seconds(1);
  options.max_queued = 64 << 20;
  TestServer server(options);
  server.echoes = 100;
  RawWebSocket peer(server.port(), 16 * 1024);
  peer.Send(std::string(65'536, 'x'));
  EXPECT_TRUE(Eventually([&] { return server.messages == 1 && server.open == 0; }));
}

TEST(Server, ASilentPeerIsPingedAndADeadOneDropped) {
  ServerOptions options;
  options.ping_after = Seconds(1);
  options.dead_after = Seconds(8);  // a server that was asleep until then would not ping first
  TestServer server(options);
  RawWebSocket dead(server.port());  // answers no ping
  EXPECT_EQ(Next(dead).opcode, RawWebSocket::kPing);
  EXPECT_TRUE(dead.socket().IsClosed());
}

TEST(Server, APeerThatAnswersPingsStays) {
  ServerOptions options;
  options.ping_after = Seconds(1);
  options.dead_after = Seconds(6);
  TestServer server(options);
  RawWebSocket alive(server.port());
  // Well past its end, had it not answered. However late a busy machine lets a ping come, who
  // answers it stays.
  const auto end = std::chrono::steady_clock::now() + 9s;
  int pings = 0;
  while (std::chrono::steady_clock::now() < end) {
    const auto ping = alive.Receive(2000);
    if (!ping) continue;
    ASSERT_EQ(ping->opcode, RawWebSocket::kPing);
    ++pings;
    alive.Send(ping->payload, RawWebSocket::kPong);
  }
  EXPECT_GT(pings, 0);
  alive.Send("still here");
  auto answer = alive.Receive();
  while (answer && answer->opcode == RawWebSocket::kPing) answer = alive.Receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->payload, "still here");
}

TEST(Server, AFloodOfPongsEndsTheConnection) {
  TestServer server;
  RawWebSocket peer(server.port());
  std::string pongs;
  for (int i = 0; i < 1000; ++i) pongs += RawWebSocket::Frame(RawWebSocket::kPong, "!");
  peer.socket().Send(pongs);
  EXPECT_EQ(peer.ReceiveClose(), 1013);
}

TEST(Server, AMessageThatIsBegunAndNotFinishedEndsTheConnection) {
  ServerOptions options;
  options.max_assembly = Seconds(1);
  TestServer server(options);
  RawWebSocket slow(server.port());
  slow.socket().Send(RawWebSocket::Frame(RawWebSocket::kBinary, "half", false));
  RawWebSocket other(server.port());
  EXPECT_EQ(slow.ReceiveClose(), 1013);
  other.Send("whole");
  EXPECT_EQ(Next(other).payload, "whole") << "nobody else is touched";
  EXPECT_EQ(server.messages, 1);
}

TEST(Server, WhoHoldsTheMostOfUnfinishedMessagesGoesNotWhoSpeaksNext) {
  ServerOptions options;
  options.max_partial_per_peer = options.max_partial_in_all = 100'000;
  TestServer server(options);
  RawWebSocket hog(server.port());
  hog.socket().Send(RawWebSocket::Frame(RawWebSocket::kBinary, std::string(90'000, 'x'), false));
  hog.socket().Send(RawWebSocket::Frame(RawWebSocket::kPing, ""));
  EXPECT_EQ(Next(hog).opcode, RawWebSocket::kPong) << "what came before is there";
  RawWebSocket next(server.port());
  next.Send(std::string(30'000, 'y'));
  EXPECT_EQ(hog.ReceiveClose(), 1013);
  EXPECT_EQ(Next(next).payload, std::string(30'000, 'y'));
}

TEST(Server, AMessageThatComesWholeNeedsNoRoomAmongTheUnfinished) {
  ServerOptions options;
  options.max_partial_per_peer = options.max_partial_in_all = 0;
  TestServer server(options);
  RawWebSocket peer(server.port());
  peer.Send("small");
  EXPECT_EQ(Next(peer).payload, "small");
}

TEST(Server, WhatWaitsForAllOfOneNetworkIsBoundedAndWhoHoldsTheMostGoes) {
  ServerOptions options;
  options.max_queued = 64 << 20;
  options.max_queued_per_peer = 2 << 20;
  TestServer server(options);
  RawWebSocket reads(server.port());
  RawWebSocket does_not(server.port(), 16 * 1024);
  server.echoes = 100;
  does_not.Send(std::string(65'536, 'x'));
  EXPECT_TRUE(does_not.socket().IsClosed());
  server.echoes = 1;
  reads.Send("still served");
  EXPECT_EQ(Next(reads).payload, "still served");
}

TEST(Server, ItSaysWhoIsBusyTakingWhatItWasSentAndWhenThatIsOver) {
  TestServer server;
  RawWebSocket peer(server.port(), 16 * 1024);
  server.echoes = 20;
  peer.Send(std::string(65'536, 'x'));
  EXPECT_TRUE(Eventually([&] { return server.busy.load(); }));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(peer.Receive());
  EXPECT_TRUE(Eventually([&] { return !server.busy; }));
}

TEST(Server, APeerThatTakesWhatItWasSentSlowlyIsNotTakenForDead) {
  ServerOptions options;
  options.dead_after = Seconds(5);
  TestServer server(options);
  RawWebSocket slow(server.port(), 16 * 1024);
  server.echoes = 40;
  slow.Send(std::string(65'536, 'x'));
  // Well past its end, had taking not counted. Then in haste: what the kernel holds by then is no
  // sign of life any more, and a busy machine would stretch the pauses.
  const auto end = std::chrono::steady_clock::now() + 8s;
  for (int i = 0; i < 40; ++i) {
    if (std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(200ms);
    ASSERT_TRUE(slow.Receive()) << i;
  }
  EXPECT_EQ(server.open, 1);
}

TEST(Server, MetricsAreServedInPlainHttpWhereTheyAreToldToAndNowhereElse) {
  ServerOptions options;
  options.metrics_host = "127.0.0.1";
  TestServer server(options);
  const auto get = [](uint16_t port, std::string_view request) {
    RawSocket socket(port);
    socket.Send(request);
    return socket.ReceiveUntil("all is well\n");
  };
  constexpr std::string_view kGet = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_NE(server.server().metrics_port(), 0);
  EXPECT_EQ(get(server.server().metrics_port(), kGet).rfind("HTTP/1.1 200", 0), 0u);
  EXPECT_EQ(get(server.port(), kGet).find("all is well"), std::string::npos);
  const std::string upgraded = get(server.server().metrics_port(), RawWebSocket::UpgradeRequest());
  EXPECT_EQ(upgraded.find("101"), std::string::npos) << upgraded;
}

TEST(Server, ItTakesAllTheDescriptorsItMayHave) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = std::min<rlim_t>(1024, before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const uint32_t small = Server::Capacity();
  Server::RaiseCapacity();
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  EXPECT_GE(Server::Capacity(), small);
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Server, ReadingCanBeHeldAndGoesOn) {
  TestServer server;
  RawWebSocket peer(server.port());
  peer.Send("a");
  Next(peer);
  std::promise<void> held;
  server.server().Post([&] {
    server.server().SetReading(ConnectionId(1), false);
    held.set_value();
  });
  held.get_future().wait();
  peer.Send("b");
  EXPECT_FALSE(peer.Receive(300));
  server.server().Post([&] { server.server().SetReading(ConnectionId(1), true); });
  EXPECT_EQ(Next(peer).payload, "b");
}

TEST(Server, WhoIsNotAdmittedIsTurnedAway) {
  TestServer server;
  server.accepting = false;
  RawSocket peer(server.port());
  EXPECT_TRUE(peer.IsClosed());
  server.accepting = true;
  EXPECT_TRUE(RawWebSocket(server.port()).is_open());
}

TEST(Server, AClosedPeerHasHeardWhatWasSaidBefore) {
  TestServer server;
  RawWebSocket peer(server.port());
  peer.Send("a");
  Next(peer);
  server.server().Post([&] {
    for (int i = 0; i < 50; ++i)
      server.server().Send(ConnectionId(1), Bytes(Server::kHeadroom + 100, 'x'));
    server.server().Close(ConnectionId(1), CloseCode::kReplaced);
    server.server().Send(ConnectionId(1), Bytes(Server::kHeadroom + 100, 'y'));
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Next(peer).payload, std::string(100, 'x'));
  EXPECT_EQ(peer.ReceiveClose(), 4409);
}

TEST(Server, DrainingSaysGoodbyeToEverybodyAndEnds) {
  TestServer server;
  std::vector<std::unique_ptr<RawWebSocket>> peers;
  for (int i = 0; i < 20; ++i) peers.push_back(std::make_unique<RawWebSocket>(server.port()));
  RawSocket half_open(server.port());
  EXPECT_TRUE(Eventually([&] { return server.open == 20; }));
  server.Stop();
  for (auto& peer : peers) EXPECT_EQ(peer->ReceiveClose(), 1001);
  EXPECT_EQ(server.open, 0);
}

TEST(Server, ASignalIsHeardFromItsCreationOn) {
  struct Stopping : Nobody {
    void OnSignal() override { server->Drain(); }
    Server* server = nullptr;
  } stopping;
  for (const int signal : {SIGTERM, SIGINT}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto server, Server::Create({}, &stopping));
    stopping.server = server.get();
    raise(signal);
    server->Run();
  }
}

TEST(Server, TasksComeFromManyThreadsAndRunOnOne) {
  TestServer server;
  std::atomic<int> run{0};
  std::vector<std::thread> threads;
  int on_loop = 0;  // not atomic: the loop's alone
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        server.server().Post([&] {
          ++on_loop;
          ++run;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Eventually([&] { return run == 4000; }));
  server.Stop();
  EXPECT_EQ(on_loop, 4000);
}

TEST(Server, ItTicks) {
  TestServer server;
  EXPECT_TRUE(Eventually([&] { return server.ticks > 3; }));
}

TEST(Server, WhatCannotBeServedIsATypedError) {
  TestServer server;
  Nobody nobody;
  ServerOptions options;
  options.port = server.port();
  EXPECT_THAT(Server::Create(options, &nobody), test::HasCode(Code::kIo));
  options.port = 0;
  options.host = "no.such.host.invalid";
  EXPECT_THAT(Server::Create(options, &nobody), test::HasCode(Code::kInvalidArgument));
  options.host = "127.0.0.1";
  options.certificate_file = "/no/such/file";
  EXPECT_THAT(Server::Create(options, &nobody), test::HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::relay::ws
