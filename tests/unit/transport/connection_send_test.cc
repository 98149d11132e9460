#include <numeric>

#include "unit/transport/harness.h"

namespace pawl::transport {
namespace {

using pawl::test::HasCode;
using test::Harness;
using test::MessageAt;
using ::testing::ElementsAre;
using wire::fb::FrameBody;

wire::Send SendOf(ByteView envelope) {
  wire::Send send;
  send.account = "bob@example.org";
  send.device = DeviceId(1);
  send.envelope = envelope;
  return send;
}

TEST(ConnectionSend, OneRequestLeavesAtOnceTheRestTogether) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const Bytes envelope(256);
  for (int n = 0; n < 10; ++n) {
    ASSERT_TRUE(h->Request(SendOf(envelope), Seconds(30), h.turn()).ok());
  }
  h.Settle();
  EXPECT_EQ(h.Count<SendMessage>(), 1u);
  EXPECT_EQ(h.SentFrames().size(), 1u);
  h.AcceptAllSent();
  EXPECT_EQ(h.Count<SendMessage>(), 2u);
  EXPECT_EQ(h.SentFrames().size(), 10u);
}

TEST(ConnectionSend, NumbersInTheFramesAreTheOnesReturned) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  std::vector<uint64_t> numbers;
  for (int n = 0; n < 5; ++n) {
    numbers.push_back(**h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn()));
  }
  h.Settle();
  h.AcceptAllSent();
  std::vector<uint64_t> sent;
  for (const auto& frame : h.SentFrames()) sent.push_back(frame.header->body_as_DirGet()->req());
  EXPECT_EQ(sent, numbers);
  EXPECT_NE(numbers[0], 0u);
}

TEST(ConnectionSend, ABusySocketIsGivenNoMoreThanItsShare) {
  ConnectionConfig config = test::ConfigFor(Mode::kDevice);
  Harness h(config);
  h.ToOnline();
  const Bytes envelope(4096);
  for (int n = 0; n < 100; ++n) {
    ASSERT_TRUE(h->Request(SendOf(envelope), Seconds(30), h.turn()).ok());
  }
  h.Settle();
  size_t handed = 0;
  for (const SendMessage& message : h.All<SendMessage>()) handed += message.buffer.size();
  EXPECT_GE(handed, config.socket_bytes);
  EXPECT_LE(handed, config.socket_bytes + SendQueue::kCoalescedSize + kSocketHeadroom);
  h.AcceptAllSent();
  EXPECT_EQ(h.SentFrames().size(), 100u);
}

TEST(ConnectionSend, AFullQueueWouldBlockAndDrainsOnce) {
  ConnectionConfig config = test::ConfigFor(Mode::kDevice);
  Harness h(config);
  h.ToOnline();
  const Bytes envelope(8192);
  size_t accepted = 0;
  absl::Status refused;
  while (refused.ok()) {
    const size_t room = h->Room();
    const auto request = h->Request(SendOf(envelope), Seconds(30), h.turn());
    refused = request.status();
    if (refused.ok()) {
      ++accepted;
    } else {
      EXPECT_EQ(h->Room(), room) << "a refusal changes nothing";
      EXPECT_LT(room, envelope.size() + 256);
    }
  }
  h.Settle();
  EXPECT_THAT(refused, HasCode(Code::kWouldBlock));
  EXPECT_GE(accepted * envelope.size(), config.queue_bytes);
  EXPECT_EQ(h.Count<Drained>(), 0u);
  while (h.Count<Drained>() == 0) h.AcceptOneSent();
  EXPECT_GE(h->Room(), config.queue_bytes - config.drained_below);
  h.AcceptAllSent();
  EXPECT_EQ(h.Count<Drained>(), 1u);
  EXPECT_EQ(h.SentFrames().size(), accepted);
}

TEST(ConnectionSend, AFullRequestTableWouldBlockUntilSomethingEnds) {
  ConnectionConfig config = test::ConfigFor(Mode::kDevice);
  config.max_requests = 2;
  Harness h(config);
  h.ToOnline();
  const wire::DirGet get{0, "bob@example.org"};
  const auto first = h->Request(get, Seconds(30), h.turn());
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(h->Request(get, Seconds(30), h.turn()).ok());
  EXPECT_THAT(h->Request(get, Seconds(30), h.turn()), HasCode(Code::kWouldBlock));
  h.Settle();
  h.AcceptAllSent();
  EXPECT_EQ(h.Count<Drained>(), 0u);
  h.Relay(wire::Ok{**first, 0});
  EXPECT_EQ(h.Count<Drained>(), 1u);
  EXPECT_TRUE(h->Request(get, Seconds(30), h.turn()).ok());
}

TEST(ConnectionSend, WhatNoMessageCanHoldIsTooLarge) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const Bytes envelope(wire::kMaxMessageSize);
  EXPECT_THAT(h->Request(SendOf(envelope), Seconds(1), h.turn()), HasCode(Code::kTooLarge));
  EXPECT_TRUE(h->Request(SendOf(Bytes(60'000)), Seconds(1), h.turn()).ok());
}

TEST(ConnectionSend, TheRelaysOwnLimitIsKept) {
  Harness h(Mode::kDevice);
  h.ToAuthenticating();
  wire::Challenge challenge = test::DefaultChallenge();
  challenge.max_message = 20'000;
  h.Relay(challenge);
  h->Signed(h.attempt(), {}, h.turn());
  h.Settle();
  h.Relay(wire::Ready{});
  EXPECT_THAT(h->Request(SendOf(Bytes(20'000)), Seconds(1), h.turn()), HasCode(Code::kTooLarge));
  EXPECT_TRUE(h->Request(SendOf(Bytes(19'000)), Seconds(1), h.turn()).ok());
}

TEST(ConnectionSend, EveryRequestTimesOutByItself) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const auto fast = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(2), h.turn());
  const auto slow = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(4), h.turn());
  h.Settle();
  h.AcceptAllSent();
  h.Pass(Milliseconds(1'999));
  EXPECT_EQ(h.Count<RequestFailed>(), 0u);
  h.Pass(Milliseconds(1));
  ASSERT_EQ(h.Count<RequestFailed>(), 1u);
  EXPECT_EQ(h.All<RequestFailed>()[0].request, *fast);
  EXPECT_EQ(h.All<RequestFailed>()[0].code, Code::kTimeout);
  h.Pass(Seconds(2));
  EXPECT_EQ(h.All<RequestFailed>()[1].request, *slow);
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionSend, RequestsEndWithTheConnection) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const auto request = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn());
  h->SocketClosed(h.attempt(), {SocketFailure::kLost}, h.turn());
  h.Settle();
  ASSERT_EQ(h.Count<RequestFailed>(), 1u);
  EXPECT_EQ(h.All<RequestFailed>()[0].request, *request);
  EXPECT_EQ(h.All<RequestFailed>()[0].code, Code::kDisconnected);
  EXPECT_THAT(h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn()),
              HasCode(Code::kDisconnected));
}

TEST(ConnectionSend, NothingOfTheOldSocketGoesToTheNewOne) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const Bytes envelope(4096);
  for (int n = 0; n < 100; ++n) {
    ASSERT_TRUE(h->Request(SendOf(envelope), Seconds(30), h.turn()).ok());
  }
  h.Settle();
  const Attempt old = h.attempt();
  h->SocketClosed(old, {SocketFailure::kLost}, h.turn());
  h.Settle();
  h.ToOnline();
  EXPECT_TRUE(h.SentFrames().empty());
  // What comes late from the old one does not count for the new one.
  ASSERT_TRUE(h->Request(SendOf(envelope), Seconds(30), h.turn()).ok());
  ASSERT_TRUE(h->Request(SendOf(envelope), Seconds(30), h.turn()).ok());
  h->SocketSent(old, Bytes(100'000), h.turn());
  h.Settle();
  EXPECT_EQ(h.SentFrames().size(), 1u);
}

TEST(ConnectionSend, AcknowledgementsTravelTogether) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(MessageAt(1), MessageAt(2), MessageAt(5));
  h.Clear();
  h->Acknowledge(std::vector{MailboxCursor(1)}, h.turn());
  h->Acknowledge(std::vector{MailboxCursor(2), MailboxCursor(4)}, h.turn());
  h->Acknowledge(std::vector{MailboxCursor(5)}, h.turn());
  h.Settle();
  EXPECT_THAT(h.SentTypes(), ElementsAre(FrameBody::Ack));
  h.AcceptAllSent();
  ASSERT_THAT(h.SentTypes(), ElementsAre(FrameBody::Ack, FrameBody::Ack));
  const auto* cursors = h.SentFrames()[1].header->body_as_Ack()->cursors();
  ASSERT_EQ(cursors->size(), 2u);
  EXPECT_EQ(cursors->Get(0), 2);
  EXPECT_EQ(cursors->Get(1), 5);
}

TEST(ConnectionSend, CursorsOfAnEarlierSocketAreNotAcknowledged) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(MessageAt(1));
  h->SocketClosed(h.attempt(), {SocketFailure::kLost}, h.turn());
  h.Settle();
  h.ToOnline();
  h->Acknowledge(std::vector{MailboxCursor(1)}, h.turn());
  h.Settle();
  EXPECT_TRUE(h.SentFrames().empty());
}

TEST(ConnectionSend, StopStillAcknowledges) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(MessageAt(1), MessageAt(2));
  h.Clear();
  h->Acknowledge(std::vector{MailboxCursor(1)}, h.turn());
  h->Acknowledge(std::vector{MailboxCursor(2)}, h.turn());
  h->Stop(h.turn());
  h.Settle();
  EXPECT_THAT(h.SentTypes(), ElementsAre(FrameBody::Ack, FrameBody::Ack));
}

TEST(ConnectionSend, AnonymousFramesLeaveAtARandomTime) {
  std::vector<int64_t> delays;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Harness h(test::ConfigFor(Mode::kAnonymous), seed);
    h.ToOnline();
    const Timestamp asked = h.clock().Now();
    ASSERT_TRUE(h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn()).ok());
    h.Settle();
    while (h.Count<SendMessage>() == 0) ASSERT_TRUE(h.PassToDeadline());
    delays.push_back((h.clock().Now() - asked).ms);
  }
  EXPECT_LE(*std::max_element(delays.begin(), delays.end()), 20);
  EXPECT_GT(std::set(delays.begin(), delays.end()).size(), 15u);
}

TEST(ConnectionSend, ASmallerWindowIsAskedForWithCredit) {
  ConnectionConfig config = test::ConfigFor(Mode::kDevice);
  config.receive_window = 8;
  Harness h(config);
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  h->Signed(h.attempt(), {}, h.turn());
  h.Settle();
  h.AcceptAllSent();
  h.Clear();
  h.Relay(wire::Ready{});
  ASSERT_THAT(h.SentTypes(), ElementsAre(FrameBody::Credit));
  EXPECT_EQ(h.SentFrames()[0].header->body_as_Credit()->messages(), 8u);
}

}  // namespace
}  // namespace pawl::transport
