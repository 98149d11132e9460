#include "transport/connection.h"

#include <functional>
#include <map>

#include "unit/transport/harness.h"

namespace pawl::transport {
namespace {

using test::Harness;

// Every state, and how a test gets there.
const std::map<State, std::function<void(Harness&)>> kStates = {
    {State::kOffline, [](Harness&) {}},
    {State::kConnecting, [](Harness& h) { h.ToConnecting(); }},
    {State::kAuthenticating, [](Harness& h) { h.ToAuthenticating(); }},
    {State::kOnline, [](Harness& h) { h.ToOnline(); }},
    {State::kBackingOff, [](Harness& h) { h.ToBackingOff(); }},
    {State::kReplaced,
     [](Harness& h) {
       h.ToOnline();
       h.Relay(wire::Replaced{});
     }},
    {State::kRefused,
     [](Harness& h) {
       h.ToAuthenticating();
       h.Relay(wire::Error{.req = 0, .code = Code::kAuthFailed, .retry_after = {}});
     }},
};

struct Event {
  const char* name;
  std::function<void(Harness&)> happen;
  // Where it leads; a state that is not named is not left.
  std::map<State, State> leads;
};

const State kBack = State::kBackingOff;
const std::vector<Event> kEvents = {
    {"Start",
     [](Harness& h) { h->Start(h.turn()); },
     {{State::kOffline, State::kConnecting},
      {State::kBackingOff, State::kConnecting},
      {State::kReplaced, State::kConnecting},
      {State::kRefused, State::kConnecting}}},
    {"Stop",
     [](Harness& h) { h->Stop(h.turn()); },
     {{State::kConnecting, State::kOffline},
      {State::kAuthenticating, State::kOffline},
      {State::kOnline, State::kOffline},
      {State::kBackingOff, State::kOffline},
      {State::kReplaced, State::kOffline},
      {State::kRefused, State::kOffline}}},
    {"SocketOpened",
     [](Harness& h) { h->SocketOpened(h.attempt(), {}, h.turn()); },
     {{State::kConnecting, State::kAuthenticating}}},
    {"SocketOpened of another attempt",
     [](Harness& h) { h->SocketOpened(Attempt(*h.attempt() + 1), {}, h.turn()); },
     {}},
    {"SocketClosed",
     [](Harness& h) { h->SocketClosed(h.attempt(), {SocketFailure::kLost}, h.turn()); },
     {{State::kConnecting, kBack}, {State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"SocketClosed of another attempt",
     [](Harness& h) { h->SocketClosed(Attempt(*h.attempt() + 1), {}, h.turn()); },
     {}},
    {"SocketClosed 4409",
     [](Harness& h) {
       h->SocketClosed(h.attempt(), {SocketFailure::kNone, kCloseReplaced}, h.turn());
     },
     {{State::kConnecting, State::kReplaced},
      {State::kAuthenticating, State::kReplaced},
      {State::kOnline, State::kReplaced}}},
    {"SocketClosed 4403",
     [](Harness& h) {
       h->SocketClosed(h.attempt(), {SocketFailure::kNone, kCloseNotListed}, h.turn());
     },
     {{State::kConnecting, State::kRefused},
      {State::kAuthenticating, State::kRefused},
      {State::kOnline, State::kRefused}}},
    {"SocketSent", [](Harness& h) { h->SocketSent(h.attempt(), Bytes(100), h.turn()); }, {}},
    {"SocketPong", [](Harness& h) { h->SocketPong(h.attempt(), h.turn()); }, {}},
    {"garbage",
     [](Harness& h) { h->SocketMessage(h.attempt(), Bytes(24, 0xff), h.turn()); },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"empty message",
     [](Harness& h) { h->SocketMessage(h.attempt(), test::FromRelay(), h.turn()); },
     {}},
    {"CHALLENGE", [](Harness& h) { h.Relay(test::DefaultChallenge()); }, {{State::kOnline, kBack}}},
    {"READY",
     [](Harness& h) { h.Relay(wire::Ready{}); },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"answer to nothing",
     [](Harness& h) { h.Relay(wire::Ok{.req = 99, .value = 0}); },
     {{State::kAuthenticating, kBack}}},
    {"answer to request 0",
     [](Harness& h) { h.Relay(wire::Ok{.req = 0, .value = 0}); },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"MESSAGE",
     [](Harness& h) {
       h.Relay(wire::Message{MailboxCursor(1), {}, {}, {}});
     },
     {{State::kAuthenticating, kBack}}},
    {"EMPTY", [](Harness& h) { h.Relay(wire::Empty{}); }, {{State::kAuthenticating, kBack}}},
    {"GOAWAY",
     [](Harness& h) { h.Relay(wire::GoAway{}); },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"REPLACED",
     [](Harness& h) { h.Relay(wire::Replaced{}); },
     {{State::kAuthenticating, State::kReplaced}, {State::kOnline, State::kReplaced}}},
    {"ERROR 0, final",
     [](Harness& h) {
       h.Relay(wire::Error{0, Code::kAuthFailed, {}});
     },
     {{State::kAuthenticating, State::kRefused}, {State::kOnline, State::kRefused}}},
    {"ERROR 0, passing",
     [](Harness& h) {
       h.Relay(wire::Error{0, Code::kRateLimited, Seconds(3)});
     },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"a client's frame",
     [](Harness& h) { h.Relay(wire::Credit{1}); },
     {{State::kAuthenticating, kBack}, {State::kOnline, kBack}}},
    {"Signed unasked", [](Harness& h) { h->Signed(h.attempt(), {}, h.turn()); }, {}},
    {"Acknowledge",
     [](Harness& h) { h->Acknowledge(std::vector{MailboxCursor(1)}, h.turn()); },
     {}},
    {"Request",
     [](Harness& h) {
       const auto result = h->Request(wire::DirGet{0, "bob@example.org"}, Seconds(5), h.turn());
       EXPECT_EQ(result.ok(), h.state() == State::kOnline);
     },
     {}},
    {"Tick at once", [](Harness& h) { h->Tick(h.turn()); }, {}},
    {"a minute passes",
     [](Harness& h) { h.Pass(Minutes(1)); },
     {{State::kConnecting, kBack},
      {State::kAuthenticating, kBack},
      {State::kOnline, kBack},
      {State::kBackingOff, State::kConnecting}}},
};

TEST(Connection, TransitionTableOfEveryStateAndEvent) {
  for (const auto& [state, reach] : kStates) {
    for (const Event& event : kEvents) {
      SCOPED_TRACE(testing::Message() << event.name << " in state " << static_cast<int>(state));
      Harness h(Mode::kDevice);
      reach(h);
      ASSERT_EQ(h.state(), state);
      h.Clear();
      event.happen(h);
      h.Settle();
      const auto leads = event.leads.find(state);
      const State expected = leads == event.leads.end() ? state : leads->second;
      EXPECT_EQ(h.state(), expected);
      // A change is announced once, and nothing else is announced.
      const auto changes = h.All<StateChanged>();
      if (expected == state) {
        EXPECT_TRUE(changes.empty());
      } else {
        ASSERT_EQ(changes.size(), 1u);
        EXPECT_EQ(changes[0].status, h->status());
      }
      // A state that should not last has a deadline.
      const bool lasts = h.state() == State::kOffline || h.state() == State::kReplaced ||
                         h.state() == State::kRefused;
      EXPECT_EQ(h->NextDeadline() == kNever, lasts);
    }
  }
}

TEST(Connection, NothingHappensBeforeStart) {
  Harness h(Mode::kDevice);
  EXPECT_EQ(h->NextDeadline(), kNever);
  h.Pass(Days(1));
  EXPECT_TRUE(h.log().empty());
}

TEST(Connection, OpensTheConfiguredEndpointWithAFreshAttemptEachTime) {
  Harness h(Mode::kDevice);
  h.ToBackingOff();
  while (h.Count<OpenSocket>() < 3) {
    ASSERT_TRUE(h.PassToDeadline());
    if (h.state() == State::kConnecting) {
      h->SocketClosed(h.attempt(), {SocketFailure::kConnect}, h.turn());
      h.Settle();
    }
  }
  const auto opens = h.All<OpenSocket>();
  EXPECT_EQ(opens[0].endpoint, test::LocalEndpoint());
  EXPECT_LT(opens[0].attempt, opens[1].attempt);
  EXPECT_LT(opens[1].attempt, opens[2].attempt);
}

TEST(Connection, EachStageHasItsOwnTimeLimit) {
  Harness h(Mode::kDevice);
  h.ToConnecting();
  h.Pass(Milliseconds(19'999));
  EXPECT_EQ(h.state(), State::kConnecting);
  h.Pass(Milliseconds(1));
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_EQ(h->status().cause, Code::kTimeout);
  EXPECT_EQ(h.Count<CloseSocket>(), 1u);

  Harness slow(Mode::kDevice);
  slow.ToAuthenticating();
  slow.Relay(test::DefaultChallenge());
  EXPECT_EQ(slow.Count<NeedSignature>(), 1u);
  slow.Pass(Seconds(10));  // our own signature counts too
  EXPECT_EQ(slow.state(), State::kBackingOff);
}

TEST(Connection, SilenceIsPingedOnceThenDead) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  ASSERT_TRUE(h.PassToDeadline());
  EXPECT_EQ(h.Count<PingSocket>(), 1u);
  h.Pass(Seconds(10));
  EXPECT_EQ(h.Count<PingSocket>(), 1u);
  ASSERT_TRUE(h.PassToDeadline());
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_EQ(h->status().cause, Code::kTimeout);
}

TEST(Connection, APongKeepsItAlive) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(h.PassToDeadline());
    ASSERT_EQ(h.Count<PingSocket>(), static_cast<size_t>(round + 1));
    h->SocketPong(h.attempt(), h.turn());
    h.Settle();
  }
  EXPECT_EQ(h.state(), State::kOnline);
}

TEST(Connection, APeerThatTalksButTakesNothingIsDead) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  ASSERT_TRUE(h->Request(wire::DirGet{0, "bob@example.org"}, Hours(1), h.turn()).ok());
  h.Settle();
  for (int second = 0; second < 45; ++second) {
    ASSERT_EQ(h.state(), State::kOnline);
    h->SocketPong(h.attempt(), h.turn());
    h.Pass(Seconds(1));
  }
  EXPECT_EQ(h.state(), State::kBackingOff);
}

TEST(Connection, BackoffGrowsUntilAConnectionProvesStable) {
  ConnectionConfig config = test::ConfigFor(Mode::kDevice);
  Harness h(config);
  const auto fail_online_after = [&](Duration online) {
    if (h.state() != State::kConnecting) h->Start(h.turn());
    h.Settle();
    h->SocketOpened(h.attempt(), {}, h.turn());
    h.Settle();
    h.Relay(test::DefaultChallenge());
    h->Signed(h.attempt(), {}, h.turn());
    h.Settle();
    h.Relay(wire::Ready{});
    h.AcceptAllSent();
    h.clock().Advance(online);
    h->SocketClosed(h.attempt(), {SocketFailure::kLost}, h.turn());
    h.Settle();
    return h->status().until - h.clock().Now();
  };
  // Short-lived connections: the range of the wait goes on doubling although READY was reached.
  Duration longest{};
  for (int n = 0; n < 40; ++n) longest = std::max(longest, fail_online_after(Seconds(1)));
  EXPECT_GT(longest, Seconds(30));
  // A stable one starts anew, again and again.
  for (int n = 0; n < 40; ++n) {
    EXPECT_LE(fail_online_after(config.stable_after), config.backoff_base);
  }
}

TEST(Connection, CloseCodesOfRestartAndOverloadAreHonoured) {
  const auto wait_after = [](uint16_t code) {
    Harness h(Mode::kDevice);
    h.ToOnline();
    h->SocketClosed(h.attempt(), {SocketFailure::kNone, code}, h.turn());
    h.Settle();
    return h->status().until - h.clock().Now();
  };
  EXPECT_GE(wait_after(kCloseServiceRestart), Seconds(5));
  EXPECT_LE(wait_after(kCloseServiceRestart), Seconds(60));
  EXPECT_GE(wait_after(kCloseTryAgainLater), Seconds(10));
  EXPECT_GE(wait_after(kCloseRateLimited), Seconds(10));
  EXPECT_LE(wait_after(kCloseGoingAway), Seconds(1));
}

TEST(Connection, OnlyADeviceConnectionCanBeReplaced) {
  for (Mode mode : {Mode::kPeek, Mode::kAnonymous}) {
    Harness h(mode);
    h.ToOnline();
    h->SocketClosed(h.attempt(), {SocketFailure::kNone, kCloseReplaced}, h.turn());
    h.Settle();
    EXPECT_EQ(h.state(), State::kBackingOff);
  }
}

TEST(Connection, TheCauseOfTheLastEndStaysVisibleUntilOnline) {
  Harness h(Mode::kDevice);
  h.ToConnecting();
  h->SocketClosed(h.attempt(), {SocketFailure::kTls}, h.turn());
  h.Settle();
  EXPECT_EQ(h->status().cause, Code::kTlsFailed);
  ASSERT_TRUE(h.PassToDeadline());
  EXPECT_EQ(h->status(), (Status{State::kConnecting, Code::kTlsFailed, kNever}));
  h.ToOnline();
  EXPECT_EQ(h->status().cause, Code::kOk);
}

TEST(Connection, StopHandsOverWhatIsQueuedThenCloses) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  for (int n = 0; n < 100; ++n) {
    wire::Send send;
    send.account = "bob@example.org";
    const Bytes envelope(1024);
    send.envelope = envelope;
    ASSERT_TRUE(h->Request(send, Seconds(30), h.turn()).ok());
  }
  h->Stop(h.turn());
  h.Settle();
  EXPECT_EQ(h.SentFrames().size(), 100u);
  EXPECT_EQ(h.Count<RequestFailed>(), 100u);
  // Nothing is sent after the close.
  bool closed = false;
  for (const Effect& effect : h.log()) {
    EXPECT_FALSE(closed && std::holds_alternative<SendMessage>(effect));
    closed = closed || std::holds_alternative<CloseSocket>(effect);
  }
  EXPECT_TRUE(closed);
}

TEST(Connection, AClockSetBackDelaysNothing) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.clock().Set(h.clock().Now() - Days(30));
  h->Tick(h.turn());
  h.Settle();
  EXPECT_LE(h->NextDeadline(), h.clock().Now() + Seconds(25));
  h.Pass(Seconds(25));
  EXPECT_EQ(h.Count<PingSocket>(), 1u);
}

TEST(Connection, WakingFromSleepReconnectsAtOnce) {
  Harness h(Mode::kDevice);
  h.ToOnline();
  h.Pass(Hours(8));
  EXPECT_EQ(h.state(), State::kBackingOff);
  EXPECT_LE(h->status().until, h.clock().Now() + Milliseconds(500));
}

TEST(Connection, TwoSeedsDoNotComeBackTogether) {
  std::set<Timestamp> times;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Harness h(test::ConfigFor(Mode::kDevice), seed);
    h.ToBackingOff();
    times.insert(h->status().until);
  }
  EXPECT_GT(times.size(), 10u);
}

}  // namespace
}  // namespace pawl::transport
