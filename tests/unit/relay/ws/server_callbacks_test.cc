#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "test_server.h"

// What a hostile peer can say before and after the upgrade. After each of them the server still
// serves.
namespace pawl::relay::ws {
namespace {

using test::RawSocket;
using test::RawWebSocket;

class Hostile : public ::testing::Test {
 protected:
  void TearDown() override {
    RawWebSocket good(server_.port());
    good.Send("still there?");
    const auto answer = good.Receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->payload, "still there?");
  }
  // The first line of the answer; empty when the connection just ends.
  std::string Ask(std::string_view request) {
    RawSocket socket(server_.port());
    socket.Send(request);
    const std::string answer = socket.ReceiveUntil("\r\n");
    return answer.substr(0, answer.find("\r\n"));
  }
  void ExpectNoUpgrade(std::string_view request) {
    const std::string line = Ask(request);
    EXPECT_EQ(line.find("101"), line.npos) << line;
  }

  TestServer server_;
};

TEST_F(Hostile, PlainHttpIsAnsweredAndEnds) {
  RawSocket socket(server_.port());
  socket.Send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = socket.ReceiveUntil("ok\n");
  EXPECT_EQ(answer.rfind("HTTP/1.1 200", 0), 0u) << answer;
  EXPECT_NE(answer.find("ok\n"), answer.npos);
  EXPECT_NE(Ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").find("404"), std::string::npos);
}

TEST_F(Hostile, OtherMethodsAreNotServed) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"}) {
    const std::string line =
        Ask(std::string(method) + " /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(line.find("200"), line.npos) << method << ": " << line;
  }
  ExpectNoUpgrade("CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n");
}

TEST_F(Hostile, ABodyIsNotTaken) {
  const std::string line =
      Ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_EQ(line.find("200"), line.npos);
}

TEST_F(Hostile, OnlyOurSubprotocolIsUpgraded) {
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest(""));
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest("Sec-WebSocket-Protocol: chat\r\n"));
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest("Sec-WebSocket-Protocol: http\r\n"));
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest("Sec-WebSocket-Protocol: pawl.2\r\n"));
}

TEST_F(Hostile, OnlyVersion13IsUpgraded) {
  for (const char* version : {"12", "14", "0", "", "x", "131313131313131313"}) {
    ExpectNoUpgrade(RawWebSocket::UpgradeRequest("Sec-WebSocket-Protocol: pawl.1\r\n", version));
  }
}

TEST_F(Hostile, APageInABrowserIsNotUpgraded) {
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest(
      "Sec-WebSocket-Protocol: pawl.1\r\nOrigin: https://example.org\r\n"));
}

// RFC 7540 §3.2: an upgrade to HTTP/2 in the clear, and its preface sent right away.
TEST_F(Hostile, Http2IsNotSpoken) {
  ExpectNoUpgrade(
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
      "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
  ExpectNoUpgrade(RawWebSocket::UpgradeRequest("Sec-WebSocket-Protocol: pawl.1\r\n", "13", "h2c"));
  ExpectNoUpgrade("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

TEST_F(Hostile, HeadersHaveALimit) {
  ExpectNoUpgrade("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
  ExpectNoUpgrade("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 5000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  ExpectNoUpgrade(many + "\r\n");
}

TEST_F(Hostile, GarbageEndsTheConnection) {
  std::string all_bytes;
  for (int i = 0; i < 512; ++i) all_bytes += static_cast<char>(i);
  ExpectNoUpgrade(std::string(10'000, '\0'));
  ExpectNoUpgrade(std::string(10'000, '\xFF'));
  ExpectNoUpgrade(all_bytes);
  std::string client_hello("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11);
  client_hello.append(500, 'x');
  ExpectNoUpgrade(client_hello);
  for (std::string_view request :
       {"GET\r\n\r\n", "\r\n\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%00%ff%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"}) {
    ExpectNoUpgrade(request);
  }
}

// RFC 6455 §5.2: reserved bits and opcodes; §5.5: control frames are short and whole.
TEST_F(Hostile, FramesThatAreNoneEndTheConnection) {
  const std::vector<std::string> frames = {
      RawWebSocket::Frame(0x40 | RawWebSocket::kBinary, "x"),  // RSV1 without an extension
      RawWebSocket::Frame(0x20 | RawWebSocket::kBinary, "x"),
      RawWebSocket::Frame(0x10 | RawWebSocket::kBinary, "x"),
      RawWebSocket::Frame(3, "x"),
      RawWebSocket::Frame(7, "x"),
      RawWebSocket::Frame(11, "x"),
      RawWebSocket::Frame(15, "x"),
      RawWebSocket::Frame(RawWebSocket::kPing, std::string(126, 'x')),
      RawWebSocket::Frame(RawWebSocket::kPing, "x", false),
      RawWebSocket::Frame(RawWebSocket::kClose, std::string(126, 'x')),
      RawWebSocket::Frame(RawWebSocket::kContinue, "x"),
      RawWebSocket::Frame(RawWebSocket::kBinary, "x", true, UINT64_MAX),
  };
  // All at once: each end takes as long as the library waits for our goodbye.
  std::vector<std::unique_ptr<RawWebSocket>> peers;
  for (const std::string& frame : frames) {
    peers.push_back(std::make_unique<RawWebSocket>(server_.port()));
    peers.back()->socket().Send(frame);
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_TRUE(peers[i]->socket().IsClosed()) << "frame " << i;
  }
  EXPECT_EQ(server_.messages, 0);
}

TEST_F(Hostile, AByteAtATimeIsServedAllTheSame) {
  RawSocket socket(server_.port());
  const std::string request = RawWebSocket::UpgradeRequest();
  for (const char byte : request) socket.Send(std::string_view(&byte, 1));
  EXPECT_NE(socket.ReceiveUntil("\r\n\r\n").find("101"), std::string::npos);
  for (const char byte : RawWebSocket::Frame(RawWebSocket::kBinary, "slow")) {
    socket.Send(std::string_view(&byte, 1));
  }
  EXPECT_NE(socket.ReceiveUntil("slow").find("slow"), std::string::npos);
}

TEST_F(Hostile, WhoConnectsAndSaysNothingIsDropped) {
  RawSocket silent(server_.port());
  RawSocket halfway(server_.port());
  halfway.Send("GET / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_TRUE(silent.IsClosed());
  EXPECT_TRUE(halfway.IsClosed());
}

TEST_F(Hostile, PeersThatVanishLeaveNothingBehind) {
  for (int i = 0; i < 50; ++i) {
    RawSocket gone(server_.port());
    const std::string request = RawWebSocket::UpgradeRequest() +
                                RawWebSocket::Frame(RawWebSocket::kBinary, std::string(1000, 'x'));
    gone.Send(std::string_view(request).substr(0, request.size() * static_cast<size_t>(i) / 50));
  }
}

}  // namespace
}  // namespace pawl::relay::ws
