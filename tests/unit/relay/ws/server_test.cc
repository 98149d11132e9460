#include "relay/ws/server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "test_server.h"

namespace pawl::relay::ws {
namespace {

using test::RawSocket;
using test::RawWebSocket;
using namespace std::chrono_literals;

template <typename Condition>
bool Eventually(const Condition& condition) {
  for (int i = 0; i < 2000; ++i) {
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
  EXPECT_EQ(peer.Receive()->opcode, RawWebSocket::kPong);
  EXPECT_EQ(peer.Receive()->payload, "one two three");
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
  options.dead_after = Seconds(4);
  TestServer server(options);
  RawWebSocket dead(server.port());  // answers no ping
  EXPECT_EQ(dead.Receive()->opcode, RawWebSocket::kPing);
  EXPECT_TRUE(dead.socket().IsClosed());
}

TEST(Server, APeerThatAnswersPingsStays) {
  ServerOptions options;
  options.ping_after = Seconds(1);
  options.dead_after = Seconds(6);
  TestServer server(options);
  RawWebSocket alive(server.port());
  for (int i = 0; i < 9; ++i) {
    const auto ping = alive.Receive();
    ASSERT_TRUE(ping);
    ASSERT_EQ(ping->opcode, RawWebSocket::kPing);
    alive.Send("", RawWebSocket::kPong);
  }
  alive.Send("still here");
  EXPECT_EQ(alive.Receive()->payload, "still here");
}

TEST(Server, ReadingCanBeHeldAndGoesOn) {
  TestServer server;
  RawWebSocket peer(server.port());
  peer.Send("a");
  peer.Receive();
  server.server().Post([&] { server.server().SetReading(ConnectionId(1), false); });
  std::this_thread::sleep_for(100ms);
  peer.Send("b");
  EXPECT_FALSE(peer.Receive(300));
  server.server().Post([&] { server.server().SetReading(ConnectionId(1), true); });
  EXPECT_EQ(peer.Receive()->payload, "b");
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
  peer.Receive();
  server.server().Post([&] {
    for (int i = 0; i < 50; ++i)
      server.server().Send(ConnectionId(1), Bytes(Server::kHeadroom + 100, 'x'));
    server.server().Close(ConnectionId(1), CloseCode::kReplaced);
    server.server().Send(ConnectionId(1), Bytes(Server::kHeadroom + 100, 'y'));
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(peer.Receive()->payload, std::string(100, 'x'));
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
  struct Nobody : ServerHandler {
    bool OnAccept(const PeerNetwork&) override { return false; }
    void OnLeft(const PeerNetwork&) override {}
    void OnOpened(ConnectionId, const PeerInfo&) override {}
    void OnMessage(ConnectionId, ByteView) override {}
    void OnText(ConnectionId) override {}
    void OnClosed(ConnectionId) override {}
    void OnTick() override {}
    void OnSignal() override {}
    HttpAnswer OnHttp(std::string_view) override { return {}; }
  } nobody;
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
