#include "client/runner/relay_link.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "wire/frames.h"

namespace pawl::runner {
namespace {

using client::Channel;
using test::HasCode;
using test::IsOk;
using test::kNow;

class FakeSockets final : public SocketPort {
 public:
  absl::StatusOr<SocketId> Open(const transport::Endpoint&) override {
    if (refuse) return Fail(Code::kWouldBlock, "no socket");
    return SocketId{++opened, 1};
  }
  void Send(SocketId, Bytes buffer) override { sent.push_back(std::move(buffer)); }
  void Ping(SocketId) override { ++pings; }
  void Close(SocketId, uint16_t code) override { closed.push_back(code); }

  bool refuse = false;
  uint32_t opened = 0;
  int pings = 0;
  std::vector<Bytes> sent;
  std::vector<uint16_t> closed;
};

class RelayLinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(
        link_.Configure(transport::ConnectionConfig::For(
            transport::Mode::kAnonymous, *transport::Endpoint::Parse("ws://127.0.0.1:1"), {})),
        IsOk());
  }
  void Handle(Timestamp now = kNow) {
    link_.Handle(
        now,
        [&](ByteView) -> absl::StatusOr<ByteArray<64>> {
          return Fail(Code::kWrongState, "nobody signs here");
        },
        [&](const transport::Effect& effect) {
          if (auto input = link_.Convert(effect)) inputs_.push_back(std::move(*input));
          if (const auto* changed = std::get_if<transport::StateChanged>(&effect)) {
            states_.push_back(changed->status.state);
          }
        });
  }
  template <typename Frame>
  void Hear(const Frame& frame) {
    wire::FrameWriter writer;
    ASSERT_TRUE(Append(writer, frame));
    const Bytes message = ToBytes(writer.message());
    link_.Message({sockets_.opened, 1}, message, kNow);
    Handle();
  }
  void GoOnline() {
    link_.Start(kNow);
    Handle();
    link_.Opened({sockets_.opened, 1}, {}, kNow);
    Handle();
    Hear(wire::Challenge{.nonce = {1},
                         .time = kNow,
                         .max_message = 256 * 1024,
                         .max_envelope = 64 * 1024,
                         .domain = "example.org"});
    Hear(wire::Ready{});
    // One buffer is under way at a time.
    link_.Sent({sockets_.opened, 1}, sockets_.sent.back(), kNow);
    Handle();
  }

  FakeSockets sockets_;
  test::SeededRng rng_{12};
  RelayLink link_{Channel::kAnonymous, &sockets_, &rng_};
  std::vector<client::Input> inputs_;
  std::vector<transport::State> states_;
};

TEST_F(RelayLinkTest, ComesOnlineAndSaysSo) {
  EXPECT_FALSE(link_.online());
  GoOnline();
  EXPECT_TRUE(link_.online());
  EXPECT_EQ(sockets_.opened, 1u);
  ASSERT_FALSE(inputs_.empty());
  EXPECT_TRUE(std::holds_alternative<client::ChannelUp>(inputs_.back()));
  EXPECT_GT(link_.Room(), 0u);
}

TEST_F(RelayLinkTest, ASocketThatCannotBeHadIsAFailedAttempt) {
  sockets_.refuse = true;
  link_.Start(kNow);
  Handle();
  ASSERT_FALSE(states_.empty());
  EXPECT_EQ(states_.back(), transport::State::kBackingOff);
  EXPECT_NE(link_.NextDeadline(), kNever);
}

TEST_F(RelayLinkTest, StopSaysGoodbyeAndForgetsTheSocket) {
  GoOnline();
  link_.Stop(kNow);
  Handle();
  EXPECT_EQ(sockets_.closed.size(), 1u);
  EXPECT_FALSE(link_.owns({1, 1}));
  EXPECT_FALSE(link_.started());
  EXPECT_TRUE(std::holds_alternative<client::ChannelDown>(inputs_.back()));
  link_.Closed({1, 1}, {}, kNow);  // the loop's last word about it
  Handle();
  EXPECT_FALSE(link_.started());
}

TEST_F(RelayLinkTest, OnlyItsOwnSocketIsHeard) {
  GoOnline();
  inputs_.clear();
  link_.Closed({7, 1}, {}, kNow);
  link_.Closed({1, 2}, {}, kNow);
  Handle();
  EXPECT_TRUE(link_.online());
  link_.Closed({1, 1}, {.failure = transport::SocketFailure::kLost}, kNow);
  Handle();
  EXPECT_FALSE(link_.online());
}

TEST_F(RelayLinkTest, ACallWithoutAConnectionEndsAtOnce) {
  client::Call call{.channel = Channel::kAnonymous, .id = 5, .body = client::PutDirectory{}};
  const auto reply = link_.Submit(call, kNow);
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->call, 5u);
  EXPECT_TRUE(std::holds_alternative<client::Refused>(reply->body));
  EXPECT_THAT(link_.Request(wire::BlobGet{}, Seconds(1), kNow), HasCode(Code::kDisconnected));
  RelayLink bare(Channel::kDevice, &sockets_, &rng_);
  EXPECT_TRUE(bare.Submit(call, kNow).has_value());
  EXPECT_THAT(bare.Request(wire::BlobGet{}, Seconds(1), kNow), HasCode(Code::kDisconnected));
  EXPECT_EQ(bare.NextDeadline(), kNever);
}

TEST_F(RelayLinkTest, ACallIsSentAndItsAnswerComesBackUnderItsId) {
  GoOnline();
  const size_t sent = sockets_.sent.size();
  client::Call call{.channel = Channel::kAnonymous,
                    .id = 5,
                    .body = client::GetDirectory{*identity::Address::Parse("bob@example.org")}};
  EXPECT_FALSE(link_.Submit(call, kNow).has_value());
  Handle();
  link_.Tick(kNow + Milliseconds(50));  // anonymous frames leave at a random time within 20 ms
  Handle(kNow + Milliseconds(50));
  ASSERT_EQ(sockets_.sent.size(), sent + 1);
  inputs_.clear();
  Hear(wire::Error{.req = 1, .code = Code::kNotFound, .retry_after = {}});
  ASSERT_EQ(inputs_.size(), 1u);
  const auto* reply = std::get_if<client::Reply>(&inputs_[0]);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->call, 5u);
}

TEST_F(RelayLinkTest, IsNotReconfiguredInUse) {
  GoOnline();
  EXPECT_THAT(
      link_.Configure(transport::ConnectionConfig::For(
          transport::Mode::kAnonymous, *transport::Endpoint::Parse("ws://127.0.0.1:2"), {})),
      HasCode(Code::kWrongState));
}

}  // namespace
}  // namespace pawl::runner
