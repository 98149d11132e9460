#include <set>

#include "unit/transport/harness.h"

namespace pawl::transport {
namespace {

using test::Harness;
using test::MessageAt;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::fb::FrameBody;

TEST(ConnectionReceive, DeviceLogsInWithASignatureOverTheChannel) {
  Harness h(Mode::kDevice);
  h.channel = {.exporter = ByteArray<32>{1}, .server_spki = ByteArray<32>{2}};
  h.ToAuthenticating();
  EXPECT_THAT(h.SentTypes(), IsEmpty()) << "the relay speaks first";
  h.Relay(test::DefaultChallenge());
  ASSERT_EQ(h.Count<NeedSignature>(), 1u);
  EXPECT_EQ(h->relay().domain, "example.org");
  EXPECT_EQ(h->relay().max_envelope, 64u * 1024);

  h->Signed(h.attempt(), ByteArray<64>{9}, h.turn());
  h.Settle();
  h.AcceptAllSent();
  ASSERT_THAT(h.SentTypes(), ElementsAre(FrameBody::Hello, FrameBody::Auth));
  const auto* hello = h.SentFrames()[0].header->body_as_Hello();
  EXPECT_EQ(hello->mode(), wire::fb::Mode::Device);
  EXPECT_EQ(wire::ToText(hello->account()), "alice@example.org");
  EXPECT_EQ(hello->device(), 1u);
  EXPECT_EQ(hello->resume_after(), 0);
  EXPECT_EQ(wire::ToArray(*h.SentFrames()[1].header->body_as_Auth()->signature()),
            ByteArray<64>{9});
  EXPECT_EQ(h.All<NeedSignature>()[0].message,
            wire::AuthMessage({.relay_key_hash = h.channel.server_spki,
                               .channel_binding = h.channel.exporter,
                               .relay_nonce = test::DefaultChallenge().nonce,
                               .client_nonce = wire::ToArray(*hello->nonce()),
                               .mode = wire::fb::Mode::Device,
                               .device_address = Bytes{1, 2, 3}}));
}

TEST(ConnectionReceive, AnonymousLogsInWithoutAName) {
  Harness h(Mode::kAnonymous);
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  EXPECT_EQ(h.Count<NeedSignature>(), 0u);
  ASSERT_THAT(h.SentTypes(), ElementsAre(FrameBody::Hello));
  EXPECT_EQ(wire::ToText(h.SentFrames()[0].header->body_as_Hello()->account()), "");
  h.Relay(wire::Ready{});
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionReceive, ReadyComesBeforeOnlineAndCarriesTheAnchor) {
  Harness h(Mode::kDevice);
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  h->Signed(h.attempt(), {}, h.turn());
  h.Settle();
  h.Clear();
  const Bytes anchor = {1, 2, 3, 4};
  const Bytes record = {5, 6};
  h.Relay(wire::Ready{MailboxCursor(77), 5, 90, 3, DeviceEpoch(2), anchor, record});
  ASSERT_EQ(h.log().size(), 2u);
  const auto& ready = std::get<Ready>(h.log()[0]);
  EXPECT_EQ(ready.cursor, MailboxCursor(77));
  EXPECT_EQ(ready.queued, 5u);
  EXPECT_EQ(ready.one_time_left, 90u);
  EXPECT_EQ(ready.list_version, 3u);
  EXPECT_EQ(ready.epoch, DeviceEpoch(2));
  EXPECT_EQ(ToBytes(ready.anchor), anchor);
  EXPECT_EQ(ToBytes(ready.epoch_record), record);
  EXPECT_EQ(std::get<StateChanged>(h.log()[1]).status.state, State::kOnline);
}

TEST(ConnectionReceive, ASignatureOfAnEarlierSocketIsIgnored) {
  Harness h(Mode::kDevice);
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  const Attempt old = h.attempt();
  h->SocketClosed(old, {SocketFailure::kLost}, h.turn());
  h.Settle();
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  h.Clear();
  h->Signed(old, {}, h.turn());
  h.Settle();
  EXPECT_THAT(h.SentTypes(), IsEmpty());
}

TEST(ConnectionReceive, ReadyBeforeTheSignatureIsNotBelieved) {
  Harness h(Mode::kDevice);
  h.ToAuthenticating();
  h.Relay(test::DefaultChallenge());
  h.Relay(wire::Ready{});
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_EQ(h->status().cause, Code::kMalformed);
  EXPECT_EQ(h.All<CloseSocket>()[0].ws_code, kCloseProtocolError);
}

TEST(ConnectionReceive, ARelayThatTakesNoOrdinaryMessageIsNotUsable) {
  Harness h(Mode::kDevice);
  h.ToAuthenticating();
  wire::Challenge challenge = test::DefaultChallenge();
  challenge.max_message = 1000;
  h.Relay(challenge);
  EXPECT_EQ(h.state(), State::kBackingOff);
}

TEST(ConnectionReceive, FinalRefusalsEndThereOthersAreRetried) {
  for (Code code :
       {Code::kAuthFailed, Code::kNotFound, Code::kDeviceNotListed, Code::kUnsupportedVersion}) {
    Harness h(Mode::kDevice);
    h.ToAuthenticating();
    h.Relay(wire::Error{0, code, Seconds(9)});
    EXPECT_EQ(h->status(), (Status{State::kRefused, code, kNever}));
  }
  for (Code code : {Code::kRateLimited, Code::kWouldBlock, Code::kInternal, Code::kTimeout}) {
    Harness h(Mode::kDevice);
    h.ToAuthenticating();
    h.Relay(wire::Error{0, code, Seconds(9)});
    EXPECT_EQ(h.state(), State::kBackingOff);
    EXPECT_EQ(h->status().cause, code);
    EXPECT_GE(h->status().until, h.clock().Now() + Seconds(9));
  }
}

TEST(ConnectionReceive, GoAwayIsHonouredWithinReason) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(wire::GoAway{Code::kOk, Seconds(12)});
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_GE(h->status().until, h.clock().Now() + Seconds(12));
  EXPECT_LE(h->status().until, h.clock().Now() + Seconds(24)) << "and as much again at most";

  Harness forever(Mode::kDevice);
  forever.ToOnline();
  forever.Relay(wire::GoAway{Code::kOk, Days(40)});
  EXPECT_LE(forever->status().until, forever.clock().Now() + Hours(2));
}

TEST(ConnectionReceive, ThoseWhoAreToldTheSameTimeToComeBackDoNotComeAtOnce) {
  std::set<Duration> waits;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Harness h(test::ConfigFor(Mode::kDevice), seed);
    h.ToOnline();
    h.Relay(wire::GoAway{Code::kOk, Seconds(12)});
    waits.insert(h->status().until - h.clock().Now());
  }
  EXPECT_GT(waits.size(), 45u);
  EXPECT_LT(*waits.begin(), Seconds(14));
  EXPECT_GT(*waits.rbegin(), Seconds(20));
}

TEST(ConnectionReceive, AnOlderRelayThatDoesNotKnowAFrameKeepsTheConnection) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(wire::Error{0, Code::kUnsupported, {}});
  EXPECT_EQ(h.state(), State::kOnline);
  EXPECT_EQ(h.Count<CloseSocket>(), 0u);
  EXPECT_EQ(h.Count<Noted>(), 1u) << "it stands in the log";
  h.Relay(MessageAt(1));
  EXPECT_EQ(h.Count<Delivered>(), 1u);

  Harness opening(Mode::kDevice);
  opening.ToAuthenticating();
  opening.Relay(wire::Error{0, Code::kUnsupported, {}});
  EXPECT_EQ(opening.state(), State::kRefused) << "what it will not open with is final";
}

TEST(ConnectionReceive, NothingAfterTheLastFrameOfASocketCounts) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Relay(MessageAt(1), wire::GoAway{}, MessageAt(2), wire::Replaced{});
  EXPECT_EQ(h.Count<Delivered>(), 1u);
  EXPECT_EQ(h.state(), State::kBackingOff);
}

TEST(ConnectionReceive, FramesBeforeABrokenOneHaveTakenEffect) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  Bytes message = test::FromRelay(MessageAt(1), MessageAt(2));
  message.resize(message.size() - 8);
  h.RelayBytes(std::move(message));
  EXPECT_EQ(h.Count<Delivered>(), 1u);
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_EQ(h->status().cause, Code::kMalformed);
}

TEST(ConnectionReceive, AnswersFindTheirRequestsInAnyOrder) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const auto a = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn());
  const auto b = h->Request(wire::DirGet{0, "eve@example.org"}, Seconds(30), h.turn());
  h.Settle();
  const Bytes list = {1, 2, 3};
  h.Relay(wire::DirResult{**b, list}, wire::Error{**a, Code::kNotFound, Seconds(4)});
  ASSERT_EQ(h.Count<Answered>(), 1u);
  EXPECT_EQ(h.All<Answered>()[0].request, *b);
  EXPECT_EQ(ToBytes(h.All<Answered>()[0].frame.payload), list);
  ASSERT_EQ(h.Count<RequestFailed>(), 1u);
  EXPECT_EQ(h.All<RequestFailed>()[0].request, *a);
  EXPECT_EQ(h.All<RequestFailed>()[0].code, Code::kNotFound);
  EXPECT_EQ(h.All<RequestFailed>()[0].retry_after, Seconds(4));
}

TEST(ConnectionReceive, EveryKindOfAnswerEndsItsRequest) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  std::vector<uint64_t> reqs;
  for (int n = 0; n < 6; ++n) {
    reqs.push_back(**h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(30), h.turn()));
  }
  h.Settle();
  h.Relay(wire::Ok{reqs[0], 1}, wire::Sent{reqs[1], true, 2}, wire::DirResult{reqs[2], {}},
          wire::PrekeyResult{reqs[3], {}, {}, {}}, wire::BlobBegun{reqs[4], 5},
          wire::BlobData{reqs[5], 0, 9, {}});
  EXPECT_EQ(h.Count<Answered>(), 6u);
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionReceive, LateAndInventedAnswersAreIgnored) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const auto request = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(1), h.turn());
  h.Settle();
  h.AcceptAllSent();
  h.Pass(Seconds(1));
  EXPECT_EQ(h.Count<RequestFailed>(), 1u);
  h.Relay(wire::Ok{**request, 0}, wire::Ok{999, 0}, wire::Ok{**request, 0});
  EXPECT_EQ(h.Count<Answered>(), 0u);
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionReceive, MailBorrowsTheSocketsBytes) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  const Bytes envelope(300, 0x42);
  const Bytes message = test::FromRelay(MessageAt(5, envelope), wire::Empty{MailboxCursor(5)});
  h->SocketMessage(h.attempt(), message, h.turn());
  h.Settle();
  const auto delivered = h.All<Delivered>();
  ASSERT_EQ(delivered.size(), 2u);
  const ByteView payload = delivered[0].frame.payload;
  EXPECT_TRUE(SameBytes(payload, envelope));
  EXPECT_GE(payload.data(), message.data());
  EXPECT_LT(payload.data(), message.data() + message.size());
  EXPECT_EQ(delivered[1].frame.type(), FrameBody::Empty);
}

TEST(ConnectionReceive, ARelayThatOverrunsTheWindowIsCutOff) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  for (int64_t n = 1; n <= 256; ++n) h.Relay(MessageAt(n));
  EXPECT_EQ(h.Count<Delivered>(), 256u);
  EXPECT_EQ(h.state(), State::kOnline);
  h.Relay(MessageAt(257));
  EXPECT_EQ(h.Count<Delivered>(), 256u);
  EXPECT_EQ(h.state(), State::kBackingOff);
}

TEST(ConnectionReceive, AcknowledgingKeepsTheWindowOpen) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  for (int64_t n = 1; n <= 2000; ++n) {
    h.Relay(MessageAt(n));
    h->Acknowledge(std::vector{MailboxCursor(n)}, h.turn());
    h.Settle();
    h.AcceptAllSent();
  }
  EXPECT_EQ(h.Count<Delivered>(), 2000u);
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionReceive, NoMailOnAnAnonymousConnection) {
  Harness h(Mode::kAnonymous);
  h.ToOnline();
  h.Relay(MessageAt(1));
  EXPECT_EQ(h.Count<Delivered>(), 0u);
  EXPECT_EQ(h.state(), State::kBackingOff);
}

TEST(ConnectionReceive, PeekFetchesWithoutAcknowledging) {
  Harness h(Mode::kPeek);
  h.ToOnline();
  const auto fetch = h->Request(wire::Fetch{0, MailboxCursor(0), 2}, Seconds(5), h.turn());
  h.Settle();
  h.AcceptAllSent();
  h.Clear();
  h.Relay(MessageAt(3), MessageAt(4), wire::Ok{**fetch, 2});
  EXPECT_EQ(h.Count<Delivered>(), 2u);
  EXPECT_EQ(h.Count<Answered>(), 1u);
  h->Acknowledge(std::vector{MailboxCursor(3)}, h.turn());
  h.Settle();
  EXPECT_THAT(h.SentTypes(), IsEmpty());
  // The same again: cursors are the fetch's business, there is no window.
  h.Relay(MessageAt(3));
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(ConnectionReceive, FramesOfALaterReleaseAreSkipped) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  Bytes message = test::FromRelay(wire::Empty{MailboxCursor(1)}, MessageAt(2));
  // An unknown type in place of the first one.
  const auto known = static_cast<uint8_t>(FrameBody::Empty);
  for (size_t at = 16; at < 80; ++at) {
    if (message[at] != known) continue;
    Bytes changed = message;
    changed[at] = 120;
    wire::FrameReader reader(changed);
    const auto first = reader.Next();
    if (!first || static_cast<uint8_t>(first->type()) != 120) continue;
    h.RelayBytes(std::move(changed));
    EXPECT_EQ(h.Count<Delivered>(), 1u);
    EXPECT_EQ(h.state(), State::kOnline);
    return;
  }
  FAIL() << "the type byte was not found";
}

}  // namespace
}  // namespace pawl::transport
