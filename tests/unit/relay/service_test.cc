#include "relay/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "support/raw_websocket.h"
#include "support/relay_people.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"
#include "wire/frames.h"

namespace pawl::relay {
namespace {

using test::HasCode;
using test::IsOk;
using test::RawSocket;
using test::RawWebSocket;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using wire::fb::FrameBody;

std::string Get(uint16_t port, const std::string& path) {
  RawSocket socket(port);
  socket.Send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return socket.ReceiveUntil("");
}

// A relay at work on a thread of its own, until it is told to stop as an operator tells it.
class Running {
 public:
  explicit Running(const Options& options) : log_(&Note, this, LogLevel::kInfo, 1) {
    auto service = Service::Create(options, clock_, log_);
    EXPECT_THAT(service, IsOk());
    service_ = *std::move(service);
    thread_ = std::thread([this] { service_->Run(); });
    // Once it answers, its loop runs and takes signals.
    EXPECT_THAT(Get(port(), "/health"), StartsWith("HTTP/1.1 200"));
  }
  ~Running() { Stop(); }
  void Stop() {
    if (!thread_.joinable()) return;
    kill(getpid(), SIGTERM);
    thread_.join();
  }
  uint16_t port() const { return service_->port(); }
  uint16_t metrics_port() const { return service_->metrics_port(); }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  static void Note(void* self, LogLevel, const char* line) {
    auto& running = *static_cast<Running*>(self);
    const std::lock_guard lock(running.mutex_);
    running.lines_.push_back(line);
  }
  const test::FakeClock clock_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  const Log log_;
  std::unique_ptr<Service> service_;
  std::thread thread_;
};

// A peer that speaks frames.
class Peer {
 public:
  explicit Peer(uint16_t port) : socket_(port) {}
  template <typename Frame>
  void Say(const Frame& frame) {
    wire::FrameWriter writer;
    ASSERT_TRUE(Append(writer, frame));
    ASSERT_TRUE(socket_.Send(AsText(writer.message())));
  }
  // The type of the next frame; its bytes are kept for last().
  FrameBody Hear() {
    if (!rest_) {
      const auto received = socket_.Receive();
      if (!received || received->opcode != RawWebSocket::kBinary) return FrameBody::NONE;
      message_ = ToBytes(AsBytes(received->payload));
      rest_.emplace(message_);
    }
    last_ = rest_->Next();
    if (last_) return last_->type();
    rest_.reset();
    return Hear();
  }
  const wire::FrameView& last() const { return *last_; }
  void ComeInAnonymously() {
    EXPECT_EQ(Hear(), FrameBody::Challenge);
    wire::Hello hello;
    hello.mode = wire::fb::Mode::Anonymous;
    Say(hello);
    EXPECT_EQ(Hear(), FrameBody::Ready);
  }
  RawWebSocket& socket() { return socket_; }

 private:
  RawWebSocket socket_;
  Bytes message_;
  std::optional<wire::FrameReader> rest_;
  std::optional<wire::FrameView> last_;
};

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    EXPECT_THAT(crypto::Init(), IsOk());
    options_.host = "127.0.0.1";
    options_.plain = true;
    options_.domain = test::RelayPerson::kDomain;
    options_.data = folder_.File("relay");
  }
  absl::Status Create() { return Service::Create(options_, clock_, log_).status(); }
  test::TempDir folder_;
  test::FakeClock clock_;
  Log log_;
  Options options_;
};

TEST_F(ServiceTest, SaysThatItIsWellAndToWhomElseItSpeaks) {
  Running relay(options_);
  EXPECT_THAT(Get(relay.port(), "/health"), HasSubstr("\r\n\r\nok\n"));
  EXPECT_THAT(Get(relay.port(), "/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Get(relay.port(), "/"), HasSubstr("subprotocol pawl.1"));
  EXPECT_THAT(Get(relay.port(), "/healthy"), StartsWith("HTTP/1.1 404"));
}

TEST_F(ServiceTest, WhatItAcknowledgedIsThereWhenItComesBack) {
  test::SeededRng rng(3);
  test::RelayPerson bob("bob", rng);
  const std::string account = bob.account();
  const Bytes list = bob.NextList({1}), epoch = bob.Epoch(1);
  {
    Running relay(options_);
    Peer peer(relay.port());
    peer.ComeInAnonymously();
    peer.Say(wire::DirGet{1, account});
    ASSERT_EQ(peer.Hear(), FrameBody::Error);
    EXPECT_EQ(static_cast<Code>(peer.last().header->body_as_Error()->code()), Code::kNotFound);
    peer.Say(wire::Register{2, "", list, epoch});
    EXPECT_EQ(peer.Hear(), FrameBody::Ok);
  }
  Running again(options_);
  Peer peer(again.port());
  peer.ComeInAnonymously();
  peer.Say(wire::DirGet{1, account});
  ASSERT_EQ(peer.Hear(), FrameBody::DirResult);
  EXPECT_EQ(ToBytes(peer.last().payload), list);
}

TEST_F(ServiceTest, InvitationsAreAskedForWhereTheyAreNeeded) {
  options_.invitation_required = true;
  Running relay(options_);
  Peer peer(relay.port());
  peer.ComeInAnonymously();
  test::SeededRng rng(3);
  test::RelayPerson bob("bob", rng);
  const Bytes list = bob.NextList({1}), epoch = bob.Epoch(1);
  peer.Say(wire::Register{2, "", list, epoch});
  ASSERT_EQ(peer.Hear(), FrameBody::Error);
  EXPECT_EQ(static_cast<Code>(peer.last().header->body_as_Error()->code()),
            Code::kInvitationRequired);
}

TEST_F(ServiceTest, WhatItCountsIsForItsOperatorAlone) {
  {
    Running relay(options_);
    EXPECT_EQ(relay.metrics_port(), 0) << "off, unless it is asked for";
    EXPECT_THAT(Get(relay.port(), "/metrics"), StartsWith("HTTP/1.1 404"));
  }
  options_.metrics_host = "127.0.0.1";
  Running relay(options_);
  EXPECT_THAT(Get(relay.metrics_port(), "/metrics"), HasSubstr("pawl_relay_connections_total"));
  EXPECT_THAT(Get(relay.metrics_port(), "/health"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Get(relay.port(), "/metrics"), StartsWith("HTTP/1.1 404"));
}

TEST_F(ServiceTest, ThatPeersAreTurnedAwayIsSaidOnceAMinute) {
  Running relay(options_);
  const int many = static_cast<int>(kConnectBucket.burst) + 20;
  for (int i = 0; i < many; ++i) {
    RawSocket peer(relay.port());
    peer.Send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    peer.ReceiveUntil("");
  }
  const auto lines = relay.lines();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return line.find("turned away") != std::string::npos;
                          }),
            1);
}

TEST_F(ServiceTest, TextIsNotSpokenHere) {
  Running relay(options_);
  RawWebSocket peer(relay.port());
  peer.Send("hello", RawWebSocket::kText);
  EXPECT_EQ(peer.ReceiveClose(), 1003);
}

TEST_F(ServiceTest, AskedToStopItTellsItsPeersAndEnds) {
  Running relay(options_);
  Peer peer(relay.port());
  peer.ComeInAnonymously();
  relay.Stop();
  EXPECT_EQ(peer.Hear(), FrameBody::GoAway);
  EXPECT_NE(peer.socket().ReceiveClose(), 0);
  EXPECT_THAT(relay.lines(), Contains(HasSubstr("serving on port")));
  EXPECT_THAT(relay.lines(), Contains(HasSubstr("asked to stop")));
  EXPECT_THAT(relay.lines().back(), HasSubstr("stopped"));
}

TEST_F(ServiceTest, ItServesFromTheOneStorageThatItsKeyOpens) {
  options_.db_key_file = folder_.File("key");
  EXPECT_THAT(Create(), HasCode(Code::kIo)) << "no such key";
  EXPECT_FALSE(std::filesystem::exists(options_.data)) << "and nothing was made";
  std::ofstream(options_.db_key_file) << std::string(64, 'a');
  EXPECT_THAT(Create(), IsOk());
  std::ofstream(options_.db_key_file) << std::string(64, 'b');
  EXPECT_THAT(Create(), HasCode(Code::kWrongKey));
}

TEST_F(ServiceTest, AFolderThatIsNoneIsAnError) {
  options_.data = folder_.File("file");
  std::ofstream(options_.data) << "not a folder";
  EXPECT_FALSE(Create().ok());
}

TEST_F(ServiceTest, APortThatIsTakenIsAnError) {
  Running relay(options_);
  options_.port = relay.port();
  options_.data = folder_.File("another");
  EXPECT_FALSE(Create().ok());
}

TEST_F(ServiceTest, WithoutItsCertificateItDoesNotServe) {
  options_.plain = false;
  options_.tls_cert = folder_.File("absent.pem");
  options_.tls_key = folder_.File("absent.pem");
  EXPECT_FALSE(Create().ok());
}

}  // namespace
}  // namespace pawl::relay
