#include "client/engine/relay_port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/transport/harness.h"

namespace pawl::client {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using transport::Mode;
using transport::test::Harness;
using wire::fb::FrameBody;

constexpr uint64_t kCall = 41;

// A port over a connection whose relay the test plays.
struct Wired {
  explicit Wired(Channel which)
      : channel(which),
        harness(which == Channel::kDevice ? Mode::kDevice : Mode::kAnonymous),
        port(which, &harness.connection()) {}

  // Everything that happened since the last time, as inputs.
  std::vector<Input> Inputs() {
    std::vector<Input> inputs;
    for (const transport::Effect& effect : harness.log()) {
      if (auto input = port.Convert(effect)) inputs.push_back(std::move(*input));
    }
    harness.Clear();
    return inputs;
  }
  // Takes the call; the frame that it became.
  template <typename Body>
  wire::FrameView Submit(Body body) {
    harness.Clear();
    EXPECT_FALSE(
        port.Submit({.channel = channel, .id = kCall, .body = std::move(body)}, harness.turn()));
    harness.Settle();
    harness.AcceptAllSent();
    if (harness.SentFrames().empty()) harness.PassToDeadline();  // anonymous ones take their time
    const auto frames = harness.SentFrames();
    EXPECT_EQ(frames.size(), 1u);
    return frames.at(0);
  }
  const Channel channel;
  Harness harness;
  RelayPort port;
};

class RelayPortTest : public ::testing::Test {
 protected:
  // What the relay's answer to a GetDirectory on the device channel becomes.
  template <typename Frame>
  std::optional<Reply> Answer(Frame frame) {
    device_.Submit(GetDirectory{bob_.account});
    device_.Inputs();
    frame.req = ++requests_;
    device_.harness.Relay(frame);
    auto inputs = device_.Inputs();
    if (inputs.size() != 1 || !std::holds_alternative<Reply>(inputs[0])) return std::nullopt;
    Reply reply = std::get<Reply>(inputs[0]);
    EXPECT_EQ(reply.channel, Channel::kDevice);
    EXPECT_EQ(reply.call, kCall);
    return reply;
  }
  RelayPortTest() {
    device_.harness.ToOnline();
    anonymous_.harness.ToOnline();
  }
  const identity::DeviceAddress bob_ = *identity::DeviceAddress::Parse("bob@example.org/3");
  Wired device_{Channel::kDevice}, anonymous_{Channel::kAnonymous};
  uint64_t requests_ = 0;
};

TEST_F(RelayPortTest, AnEnvelopeIsASend) {
  const Bytes envelope(256, 9);
  const auto frame = anonymous_.Submit(SendEnvelope{.to = bob_,
                                                    .id = EnvelopeId({5}),
                                                    .envelope = envelope,
                                                    .ttl = Minutes(2),
                                                    .urgent = false,
                                                    .follows = true,
                                                    .delivery_key = DeliveryKey{7}});
  const auto* send = frame.header->body_as_Send();
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(send->account()->str(), "bob@example.org");
  EXPECT_EQ(send->device(), 3u);
  EXPECT_EQ(wire::ToArray(*send->id()), (ByteArray<16>{5}));
  EXPECT_EQ(send->ttl_s(), 120u);
  EXPECT_FALSE(send->urgent());
  EXPECT_TRUE(send->follows());
  EXPECT_FALSE(send->request());
  ASSERT_NE(send->delivery_key(), nullptr);
  EXPECT_EQ(wire::ToArray(*send->delivery_key()), (ByteArray<32>{7}));
  EXPECT_EQ(ToBytes(frame.payload), envelope);
}

TEST_F(RelayPortTest, WithoutADeliveryKeyItIsTheStrangersPath) {
  const auto frame = anonymous_.Submit(SendEnvelope{.to = bob_, .envelope = Bytes(256)});
  const auto* send = frame.header->body_as_Send();
  ASSERT_NE(send, nullptr);
  EXPECT_TRUE(send->request());
  EXPECT_EQ(send->delivery_key(), nullptr);
}

TEST_F(RelayPortTest, TokensAreAskedForOnOneChannelAndTheirKeysOnTheOther) {
  EXPECT_EQ(anonymous_.Submit(GetTokenKeys{}).type(), FrameBody::TokenKeysGet);
  const auto asked =
      device_.Submit(IssueTokens{.id = {4}, .period = 6, .large = true, .blinded = Bytes(64, 3)});
  const auto* issue = asked.header->body_as_TokenIssue();
  ASSERT_NE(issue, nullptr);
  EXPECT_EQ(wire::ToArray(*issue->id()), (ByteArray<16>{4}));
  EXPECT_EQ(issue->period(), 6u);
  EXPECT_TRUE(issue->large());
  EXPECT_EQ(ToBytes(asked.payload), Bytes(64, 3));
}

TEST_F(RelayPortTest, AnswersAboutTokensAreWhatTheySay) {
  const auto keys =
      Answer(wire::TokenKeys{.period = 6, .until = Timestamp{9}, .small = {1}, .large = {2}});
  ASSERT_TRUE(keys && std::holds_alternative<TokenKeysRecord>(keys->body));
  const auto& record = std::get<TokenKeysRecord>(keys->body);
  EXPECT_EQ(record.period, 6u);
  EXPECT_EQ(record.until, Timestamp{9});
  EXPECT_EQ(record.small, (ByteArray<32>{1}));
  EXPECT_EQ(record.large, (ByteArray<32>{2}));
  const Bytes evaluated(96, 8);
  const auto issued = Answer(wire::TokensIssued{.proof = {3}, .evaluated = evaluated});
  ASSERT_TRUE(issued && std::holds_alternative<TokensRecord>(issued->body));
  EXPECT_EQ(std::get<TokensRecord>(issued->body).proof, (ByteArray<64>{3}));
  EXPECT_EQ(std::get<TokensRecord>(issued->body).evaluated.size(), evaluated.size());
}

TEST_F(RelayPortTest, EveryOtherCallIsTheFrameOfItsName) {
  EXPECT_EQ(anonymous_.Submit(RegisterAccount{{1}, {2}, "invited"}).type(), FrameBody::Register);
  const auto asked = anonymous_.Submit(GetDirectory{bob_.account});
  ASSERT_EQ(asked.type(), FrameBody::DirGet);
  EXPECT_EQ(asked.header->body_as_DirGet()->account()->str(), "bob@example.org");
  const auto taken = anonymous_.Submit(TakePrekeys{bob_});
  ASSERT_EQ(taken.type(), FrameBody::PrekeyTake);
  EXPECT_EQ(taken.header->body_as_PrekeyTake()->device(), 3u);

  const auto list = device_.Submit(PutDirectory{{1, 2}});
  EXPECT_EQ(list.type(), FrameBody::DirPut);
  EXPECT_EQ(ToBytes(list.payload), (Bytes{1, 2}));
  const auto epoch = device_.Submit(PutEpoch{DeviceEpoch(6), {1}});
  ASSERT_EQ(epoch.type(), FrameBody::EpochPut);
  EXPECT_EQ(epoch.header->body_as_EpochPut()->expected(), 6u);
  EXPECT_EQ(device_.Submit(PutPrekeys{{1}, {{2}, {3}}}).type(), FrameBody::PrekeyPut);
  EXPECT_EQ(device_.Submit(PutDeliveryKey{{7}}).type(), FrameBody::DeliveryKeyPut);
}

TEST_F(RelayPortTest, ACallThatCannotLeaveEndsAtOnce) {
  Wired offline(Channel::kAnonymous);
  const auto reply = offline.port.Submit(
      {.channel = Channel::kAnonymous, .id = kCall, .body = GetDirectory{bob_.account}},
      offline.harness.turn());
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->call, kCall);
  EXPECT_EQ(reply->channel, Channel::kAnonymous);
  ASSERT_TRUE(std::holds_alternative<Refused>(reply->body));
  EXPECT_EQ(std::get<Refused>(reply->body).code, Code::kDisconnected);
}

TEST_F(RelayPortTest, AnswersComeBackToTheirCall) {
  auto reply = Answer(wire::Ok{});
  ASSERT_TRUE(reply);
  EXPECT_TRUE(std::holds_alternative<Done>(reply->body));
  reply = Answer(wire::Sent{.duplicate = true, .list_version = 4});
  ASSERT_TRUE(reply);
  EXPECT_TRUE(std::get<Sent>(reply->body).duplicate);
  EXPECT_EQ(std::get<Sent>(reply->body).list_version, 4u);
  const Bytes list = {1, 2, 3}, epoch = {4}, bundle = {5, 5};
  reply = Answer(wire::DirResult{.device_list = list});
  ASSERT_TRUE(reply);
  EXPECT_EQ(ToBytes(std::get<DirectoryRecord>(reply->body).list), list);
  reply = Answer(wire::PrekeyResult{.epoch_record = epoch, .bundle = bundle, .one_time = {}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(ToBytes(std::get<PrekeyRecords>(reply->body).epoch), epoch);
  EXPECT_EQ(ToBytes(std::get<PrekeyRecords>(reply->body).bundle), bundle);
  EXPECT_TRUE(std::get<PrekeyRecords>(reply->body).one_time.empty());
  reply = Answer(wire::Error{.code = Code::kRateLimited, .retry_after = Seconds(3)});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<Refused>(reply->body).code, Code::kRateLimited);
  EXPECT_EQ(std::get<Refused>(reply->body).retry_after, Seconds(3));
}

TEST_F(RelayPortTest, AnAnswerThatIsNoneOfAnEnginesIsMalformed) {
  auto reply = Answer(wire::BlobBegun{.offset = 1});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<Refused>(reply->body).code, Code::kMalformed);

  // Sizes in the header that the payload does not have.
  device_.Submit(TakePrekeys{bob_});
  device_.harness.Clear();
  const Bytes bundle(10);
  device_.harness.Relay(wire::PrekeyResult{++requests_, bundle, bundle, bundle});
  auto answers = device_.harness.All<transport::Answered>();
  ASSERT_THAT(answers, SizeIs(1));
  answers[0].frame.payload = answers[0].frame.payload.first(29);
  const auto input = device_.port.Convert(answers[0]);
  ASSERT_TRUE(input);
  EXPECT_EQ(std::get<Refused>(std::get<Reply>(*input).body).code, Code::kMalformed);
}

TEST_F(RelayPortTest, WhatTheRunnerAsksForItselfIsNotTheEngines) {
  ASSERT_THAT(device_.harness->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30),
                                       device_.harness.turn()),
              pawl::test::IsOk());
  device_.harness.Settle();
  device_.Inputs();
  device_.harness.Relay(wire::Ok{.req = 1});
  ASSERT_EQ(device_.harness.Count<transport::Answered>(), 1u);
  EXPECT_THAT(device_.Inputs(), IsEmpty());
}

TEST_F(RelayPortTest, MailIsBorrowedAndTheEndOfTheBacklogIsSaid) {
  const Bytes envelope(256, 4);
  device_.harness.Relay(wire::Message{MailboxCursor(12), EnvelopeId({6}), Timestamp{99}, envelope},
                        wire::Empty{});
  const auto inputs = device_.Inputs();
  ASSERT_THAT(inputs, SizeIs(2));
  const auto& mail = std::get<EnvelopeArrived>(inputs[0]);
  EXPECT_EQ(mail.cursor, MailboxCursor(12));
  EXPECT_EQ(mail.id, EnvelopeId({6}));
  EXPECT_EQ(mail.received_at, Timestamp{99});
  EXPECT_EQ(ToBytes(mail.bytes), envelope);
  EXPECT_TRUE(std::holds_alternative<MailboxEmpty>(inputs[1]));
}

TEST(RelayPortLife, GoesUpWithWhatReadySaidAndDownWithAReason) {
  Wired device(Channel::kDevice);
  device.harness.ToAuthenticating();
  auto inputs = device.Inputs();
  ASSERT_THAT(inputs, SizeIs(1)) << "authenticating is a matter of the transport";
  EXPECT_EQ(std::get<ChannelConnecting>(inputs[0]).channel, Channel::kDevice);

  device.harness.Relay(transport::test::DefaultChallenge());
  device.harness->Signed(device.harness.attempt(), ByteArray<64>{9}, device.harness.turn());
  device.harness.Settle();
  device.harness.Relay(wire::Ready{MailboxCursor(0), 0, 17, 3, DeviceEpoch(2), {}, {}});
  inputs = device.Inputs();
  ASSERT_THAT(inputs, SizeIs(1));
  const auto& up = std::get<ChannelUp>(inputs[0]);
  EXPECT_EQ(up.channel, Channel::kDevice);
  EXPECT_EQ(up.one_time_left, 17u);
  EXPECT_EQ(up.list_version, 3u);
  EXPECT_EQ(up.epoch, DeviceEpoch(2));

  device.Submit(GetDirectory{*identity::Address::Parse("bob@example.org")});
  device.Inputs();
  device.harness->SocketClosed(device.harness.attempt(), {transport::SocketFailure::kLost},
                               device.harness.turn());
  device.harness.Settle();
  inputs = device.Inputs();
  ASSERT_THAT(inputs, SizeIs(2)) << "the call ends, then the channel";
  EXPECT_EQ(std::get<Reply>(inputs[0]).call, kCall);
  const auto& down = std::get<ChannelDown>(inputs[1]);
  EXPECT_EQ(down.channel, Channel::kDevice);
  EXPECT_EQ(down.code, Code::kDisconnected);
  EXPECT_LT(down.retry_at, kNever);

  device.harness.PassToDeadline();
  inputs = device.Inputs();
  ASSERT_THAT(inputs, SizeIs(1)) << "it tries again";
  EXPECT_TRUE(std::holds_alternative<ChannelConnecting>(inputs[0]));
}

TEST(RelayPortLife, GivenUpItHasNoTimeToComeBack) {
  Wired device(Channel::kDevice);
  device.harness.ToOnline();
  device.harness.Relay(wire::Replaced{});
  const auto inputs = device.Inputs();
  ASSERT_THAT(inputs, SizeIs(1));
  EXPECT_EQ(std::get<ChannelDown>(inputs[0]).code, Code::kReplacedElsewhere);
  EXPECT_EQ(std::get<ChannelDown>(inputs[0]).retry_at, kNever);
}

}  // namespace
}  // namespace pawl::client
