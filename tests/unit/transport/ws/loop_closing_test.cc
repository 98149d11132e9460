#include "unit/transport/ws/loop_harness.h"
#include "unit/transport/ws/test_server.h"

// How a socket ends that its owner closes.

namespace pawl::transport::ws {
namespace {

using test::LoopbackEndpoint;
using test::Peer;
using test::Recorder;
using test::RunningLoop;
using test::TestServer;

TEST(ClosingSockets, CloseFlushesThenSaysTheCode) {
  std::vector<size_t> sizes;
  std::optional<uint16_t> code;
  {
    TestServer server([&](Peer& peer) {
      if (!peer.Upgrade()) return;
      while (auto frame = peer.ReadFrame()) {
        if (frame->opcode == test::kBinary) sizes.push_back(frame->payload.size());
        if (frame->opcode != test::kCloseFrame) continue;
        code = static_cast<uint16_t>(frame->payload[0] << 8 | frame->payload[1]);
        peer.WriteFrame(test::kCloseFrame, frame->payload);
        return;
      }
    });
    RunningLoop loop(test::PatientInClosing());
    const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
    ASSERT_TRUE(loop.recorder().AwaitOpened());
    loop.Do([&](WsLoop& self) {
      for (int n = 0; n < 40; ++n) self.Send(socket, test::WithHeadroom(Bytes(50'000)));
      self.Close(socket, 4001);
      self.Send(socket, test::WithHeadroom(Bytes(7)));  // too late
    });
    EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kNone);
  }
  EXPECT_EQ(sizes, std::vector<size_t>(40, 50'000));
  EXPECT_EQ(code, 4001);
}

TEST(ClosingSockets, ClosingDoesNotWaitForAPeerThatIgnoresIt) {
  TestServer server([](Peer& peer) {
    if (peer.Upgrade()) peer.Drain();
  });
  LoopOptions options;
  options.close_timeout = Milliseconds(200);
  RunningLoop loop(options);
  const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
  ASSERT_TRUE(loop.recorder().AwaitOpened());
  loop.Close(socket);
  EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kNone);
}

// Such a one never hears the goodbye, so nothing but close_timeout ends it.
TEST(ClosingSockets, ClosingDoesNotWaitForAPeerThatDoesNotRead) {
  TestServer server([](Peer& peer) {
    if (peer.Upgrade()) peer.IsCutWithin(-1);
  });
  LoopOptions options;
  options.close_timeout = Milliseconds(200);
  RunningLoop loop(options);
  const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
  ASSERT_TRUE(loop.recorder().AwaitOpened());
  // More than the kernel buffers.
  for (int n = 0; n < 400; ++n) loop.Send(socket, Bytes(64 * 1024));
  loop.Close(socket);
  EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kNone);
  EXPECT_LT(loop.recorder().Read(&Recorder::sent_), 400u);
}

TEST(ClosingSockets, ClosingAnUnfinishedOneEndsIt) {
  TestServer server([](Peer& peer) { peer.Drain(); });
  RunningLoop loop;
  const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
  loop.Close(socket);
  EXPECT_EQ(loop.AwaitEnd().failure, SocketFailure::kNone);
  loop.Do([&](WsLoop& self) {  // before anything of it has happened
    const auto other = self.Open(LoopbackEndpoint(server.port()));
    self.Close(*other, kCloseNormal);
  });
  EXPECT_TRUE(loop.recorder().AwaitClosed(2));
}

TEST(ClosingSockets, NothingIsDeliveredAfterClose) {
  TestServer server([](Peer& peer) {
    if (!peer.Upgrade()) return;
    while (peer.WriteFrame(test::kBinary, Bytes(1000))) {
    }
  });
  LoopOptions options;
  options.close_timeout = Milliseconds(300);
  RunningLoop loop(options);
  const SocketId socket = loop.Open(LoopbackEndpoint(server.port()));
  ASSERT_TRUE(loop.recorder().AwaitMessages(10));
  size_t at_close = 0;
  loop.Do([&](WsLoop& self) {
    self.Close(socket, kCloseNormal);
    at_close = loop.recorder().Read(&Recorder::messages_).size();
  });
  EXPECT_TRUE(loop.recorder().AwaitClosed());
  EXPECT_EQ(loop.recorder().Read(&Recorder::messages_).size(), at_close);
}

}  // namespace
}  // namespace pawl::transport::ws
