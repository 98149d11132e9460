#include <chrono>
#include <future>

#include "unit/transport/ws/loop_harness.h"
#include "unit/transport/ws/test_server.h"

// A server that does not behave.

namespace pawl::transport::ws {
namespace {

using test::LoopbackEndpoint;
using test::Peer;
using test::Recorder;
using test::RunningLoop;
using test::TestServer;

// What becomes of a socket opened to a server with that script.
SocketEnd EndWith(TestServer::Script script, LoopOptions options = {}) {
  TestServer server(std::move(script));
  RunningLoop loop(std::move(options));
  loop.Open(LoopbackEndpoint(server.port()));
  return loop.AwaitEnd();
}

// The close code that the server is told. The socket ends for its owner before that: the loop has
// to run on until the server has it.
class CloseCode {
 public:
  void Set(std::optional<uint16_t> code) { promise_.set_value(code); }
  std::optional<uint16_t> Await() {
    const bool told = told_.wait_for(test::kPatience) == std::future_status::ready;
    return told ? told_.get() : std::nullopt;
  }

 private:
  std::promise<std::optional<uint16_t>> promise_;
  std::future<std::optional<uint16_t>> told_ = promise_.get_future();
};

TEST(HostileServer, HugeAnnouncedMessageIsRefusedAtItsFirstPiece) {
  for (uint64_t size : {uint64_t{256 * 1024 + 1}, uint64_t{1} << 40, uint64_t{1} << 62}) {
    CloseCode close_code;
    TestServer server([&](Peer& peer) {
      if (!peer.Upgrade()) return;
      peer.WriteHeader(test::kBinary, size);
      peer.Write(Bytes(16 * 1024));  // what the library collects before it hands anything out
      close_code.Set(peer.AwaitClose());
    });
    RunningLoop loop(test::PatientInClosing());
    loop.Open(LoopbackEndpoint(server.port()));
    EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kTooLarge);
    EXPECT_EQ(close_code.Await(), kCloseTooLarge);
  }
}

TEST(HostileServer, AMessageThatGrowsByFragmentsIsCutOff) {
  CloseCode close_code;
  TestServer server([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    std::thread reader([&] { close_code.Set(peer.AwaitClose()); });
    peer.WriteFrame(test::kBinary, Bytes(1000), /*is_final=*/false);
    while (peer.WriteFrame(test::kContinuation, Bytes(1000), /*is_final=*/false)) {
    }
    reader.join();
  });
  RunningLoop loop(test::PatientInClosing());
  loop.Open(LoopbackEndpoint(server.port()));
  EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kTooLarge);
  EXPECT_TRUE(loop.recorder().Read(&Recorder::messages_).empty());
  EXPECT_EQ(close_code.Await(), kCloseTooLarge);
}

// With the receive buffer exactly full when we refuse: libwebsockets 4.1.6 would write the rest
// behind it. A megabyte more makes a crash of that.
TEST(HostileServer, WhatFollowsARefusedMessageIsHarmless) {
  TestServer server([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    peer.WriteHeader(test::kBinary, uint64_t{1} << 32);
    const Bytes filler(16 * 1024, 0x41);
    for (int n = 0; n < 64 && peer.Write(filler); ++n) {
    }
    peer.AwaitClose();
    for (int n = 0; n < 1024 && peer.Write(filler); ++n) {
    }
    peer.Drain();
  });
  LoopOptions options;
  options.close_timeout = Milliseconds(500);
  RunningLoop loop(options);
  for (size_t n = 1; n <= 3; ++n) {
    loop.Open(LoopbackEndpoint(server.port()));
    EXPECT_TRUE(loop.recorder().AwaitClosed(n));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
}

TEST(HostileServer, TextIsRefused) {
  CloseCode close_code;
  TestServer server([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    peer.WriteFrame(test::kText, AsBytes("hello"));
    close_code.Set(peer.AwaitClose());
  });
  RunningLoop loop(test::PatientInClosing());
  loop.Open(LoopbackEndpoint(server.port()));
  EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kMalformed);
  EXPECT_EQ(close_code.Await(), kCloseUnsupportedData);
}

TEST(HostileServer, BrokenFramesEndTheSocket) {
  const Bytes broken[] = {
      {0xc2, 0x01, 0x00},                       // RSV1 without an extension
      {0x83, 0x01, 0x00},                       // reserved opcode
      {0x8b, 0x00},                             // reserved control opcode
      {0x80, 0x01, 0x00},                       // continuation of nothing
      {0x09, 0x00},                             // fragmented ping
      {0x89, 0x7e, 0x00, 0x7e},                 // ping of 126 bytes
      {0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 1},  // length with the top bit set
  };
  for (const Bytes& bytes : broken) {
    const SocketEnd end = EndWith([&](Peer& peer) {
      if (!peer.Upgrade()) return;
      peer.Write(bytes);
      peer.Drain();
    });
    EXPECT_NE(end.failure, SocketFailure::kNone) << "first byte " << int{bytes[0]};
  }
}

TEST(HostileServer, NoiseAfterTheUpgradeEndsTheSocket) {
  const SocketEnd end = EndWith([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    Bytes noise(64 * 1024);
    uint32_t state = 1;
    for (uint8_t& byte : noise) byte = static_cast<uint8_t>((state = state * 1664525 + 7) >> 24);
    peer.Write(noise);
    peer.Drain();
  });
  EXPECT_NE(end.failure, SocketFailure::kNone);
}

TEST(HostileServer, OneThatNeverAnswersTimesOut) {
  LoopOptions options;
  options.connect_timeout = Milliseconds(200);
  EXPECT_EQ(EndWith([](Peer& peer) { peer.Drain(); }, options).failure, SocketFailure::kConnect);
}

TEST(HostileServer, AnswerInDropsTimesOut) {
  LoopOptions options;
  options.connect_timeout = Milliseconds(300);
  const SocketEnd end = EndWith(
      [](Peer& peer) {
        peer.ReadRequest();
        while (peer.Write("HTTP/1.1 101 Switching Protocols\r\nX: ") && peer.Write("y\r\n")) {
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
      },
      options);
  EXPECT_NE(end.failure, SocketFailure::kNone);
}

TEST(HostileServer, AnythingButAPawlRelayIsRefused) {
  const std::function<void(Peer&, const std::string&)> answers[] = {
      [](Peer& p, const std::string&) { p.Write("HTTP/1.1 404 Not Found\r\n\r\n"); },
      [](Peer& p, const std::string&) {
        p.Write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
      },
      [](Peer& p, const std::string&) { p.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); },
      [](Peer& p, const std::string& request) { p.Answer(request, ""); },  // no subprotocol
      [](Peer& p, const std::string& request) {
        p.Answer(request, "Sec-WebSocket-Protocol: chat\r\n");
      },
      [](Peer& p, const std::string& request) {
        p.Answer(request, "Sec-WebSocket-Protocol: pawl\r\n");
      },
      [](Peer& p, const std::string&) {
        p.Answer("Sec-WebSocket-Key: wrong\r\n", "Sec-WebSocket-Protocol: pawl.1\r\n");
      },
      [](Peer& p, const std::string& request) {
        p.Answer(request,
                 "Sec-WebSocket-Protocol: pawl.1\r\n"
                 "Sec-WebSocket-Extensions: permessage-deflate\r\n");
      },
  };
  int which = 0;
  for (const auto& answer : answers) {
    const SocketEnd end = EndWith([&](Peer& peer) {
      answer(peer, peer.ReadRequest());
      peer.Drain();
    });
    EXPECT_EQ(end.failure, SocketFailure::kUpgradeRefused) << "answer " << which;
    ++which;
  }
}

TEST(HostileServer, ARedirectIsNotFollowed) {
  TestServer elsewhere([](Peer& peer) { peer.Upgrade(); });
  const SocketEnd end = EndWith([&](Peer& peer) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" +
               std::to_string(elsewhere.port()) + "/\r\nContent-Length: 0\r\n\r\n");
    peer.Drain();
  });
  EXPECT_NE(end.failure, SocketFailure::kNone);
  EXPECT_EQ(elsewhere.accepted(), 0);
}

TEST(HostileServer, HangingUpIsALoss) {
  EXPECT_EQ(EndWith([](Peer& peer) { peer.Upgrade(); }).failure, SocketFailure::kLost);
  const SocketEnd middle = EndWith([](Peer& peer) {
    peer.Upgrade();
    peer.WriteHeader(test::kBinary, 1000);
    peer.Write(Bytes(500));
  });
  EXPECT_EQ(middle.failure, SocketFailure::kLost);
}

TEST(HostileServer, HangingUpDuringTheUpgradeIsALoss) {
  const SocketEnd end = EndWith([](Peer& peer) { peer.ReadRequest(); });
  EXPECT_EQ(end.failure, SocketFailure::kLost);
}

TEST(Server, CloseCodesArrive) {
  for (uint16_t code : std::initializer_list<uint16_t>{1000, 1001, 1011, 4401, 4409, 4429}) {
    const SocketEnd end = EndWith([&](Peer& peer) {
      if (!peer.Upgrade()) return;
      peer.WriteClose(code);
      peer.Drain();
    });
    EXPECT_EQ(end.failure, SocketFailure::kNone);
    EXPECT_EQ(end.ws_code, code);
  }
}

// libwebsockets 4.1.6 turns these two into 1002 before anybody sees them.
TEST(Server, RestartAndOverloadArriveAtLeastAsAClose) {
  for (uint16_t code : std::initializer_list<uint16_t>{1012, 1013}) {
    const SocketEnd end = EndWith([&](Peer& peer) {
      if (!peer.Upgrade()) return;
      peer.WriteClose(code);
      peer.Drain();
    });
    EXPECT_EQ(end.failure, SocketFailure::kNone);
    EXPECT_TRUE(end.ws_code == code || end.ws_code == kCloseProtocolError) << end.ws_code;
  }
}

TEST(Server, ItsPingsAreAnsweredAndOursToo) {
  std::optional<test::Frame> pong;
  TestServer server([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    peer.WriteFrame(test::kPing, AsBytes("are you there"));
    pong = peer.Await(test::kPong);
    peer.WriteFrame(test::kBinary, AsBytes("yes"));
    peer.Echo();
  });
  RunningLoop loop;
  const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
  ASSERT_TRUE(loop.recorder().AwaitMessages(1));
  loop->Post([&] { loop->Ping(socket); });
  EXPECT_TRUE(loop.recorder().Await([&] { return loop.recorder().pongs_ == 1; }));
  ASSERT_TRUE(pong);
  EXPECT_TRUE(SameBytes(pong->payload, AsBytes("are you there")));
}

TEST(Server, FragmentsAndControlFramesBetweenThemMakeOneMessage) {
  const Bytes part(5000, 7);
  TestServer server([&](Peer& peer) {
    if (!peer.Upgrade()) return;
    peer.WriteFrame(test::kBinary, part, /*is_final=*/false);
    peer.WriteFrame(test::kPing, {});
    peer.WriteFrame(test::kContinuation, {}, /*is_final=*/false);
    peer.WriteFrame(test::kContinuation, part);
    peer.WriteFrame(test::kBinary, {});
    peer.WriteFrame(test::kBinary, part);
    peer.Drain();
  });
  RunningLoop loop;
  loop.Open(LoopbackEndpoint(server.port()));
  ASSERT_TRUE(loop.recorder().AwaitMessages(3));
  const auto messages = loop.recorder().Read(&Recorder::messages_);
  EXPECT_EQ(messages[0], Bytes(10'000, 7));
  EXPECT_EQ(messages[1], Bytes());
  EXPECT_EQ(messages[2], part);
}

}  // namespace
}  // namespace pawl::transport::ws
