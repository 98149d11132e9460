#include "support/counting_allocator.h"
#include "support/replace_operator_new.h"
#include "unit/transport/harness.h"

namespace pawl::transport {
namespace {

constexpr size_t kMessageSized = 1024;

// A machine that is online, without the harness' copies of everything.
class Warm {
 public:
  Warm() : connection_(*Connection::Create(test::ConfigFor(Mode::kDevice))) {
    effects_.reserve(64);
    connection_.Start(turn());
    attempt_ = std::get<OpenSocket>(effects_.back()).attempt;
    connection_.SocketOpened(attempt_, {}, turn());
    Say(test::FromRelay(test::DefaultChallenge()));
    connection_.Signed(attempt_, {}, turn());
    GiveBack();
    Say(test::FromRelay(wire::Ready{}));
    GiveBack();
  }
  void Send(ByteView envelope) {
    wire::Send send;
    send.account = "bob@example.org";
    send.envelope = envelope;
    const auto request = connection_.Request(send, Seconds(1000), turn());
    ASSERT_TRUE(request.ok());
    last_ = *request;
  }
  void Say(const Bytes& message) { connection_.SocketMessage(attempt_, message, turn()); }
  // Everything handed over has been sent.
  void GiveBack() {
    while (!effects_.empty()) {
      Effect effect = std::move(effects_.back());
      effects_.pop_back();
      if (auto* send = std::get_if<SendMessage>(&effect)) {
        connection_.SocketSent(attempt_, std::move(send->buffer), turn());
      }
    }
  }
  RequestNumber last() const { return last_; }
  size_t Count() const { return effects_.size(); }

 private:
  Turn turn() { return {pawl::test::FakeClock::kStart, rng_, effects_}; }
  pawl::test::SeededRng rng_{1};
  Effects effects_;
  Connection connection_;
  Attempt attempt_;
  RequestNumber last_;
};

TEST(ConnectionAllocations, AWarmConnectionSendsWithoutAny) {
  Warm warm;
  const Bytes envelope(4096);
  for (int n = 0; n < 20; ++n) {
    warm.Send(envelope);
    warm.GiveBack();
    warm.Say(test::FromRelay(wire::Sent{*warm.last(), false, 1}));
    warm.GiveBack();
  }
  const pawl::test::AllocationCounter message_sized(kMessageSized);
  for (int n = 0; n < 20; ++n) {
    warm.Send(envelope);
    warm.GiveBack();
  }
  EXPECT_EQ(message_sized.count(), 0u);
}

TEST(ConnectionAllocations, ReceivingMakesNone) {
  Warm warm;
  const Bytes envelope(4096);
  const Bytes message = test::FromRelay(wire::Message{MailboxCursor(1), {}, {}, envelope},
                                        wire::Message{MailboxCursor(2), {}, {}, envelope});
  const pawl::test::AllocationCounter message_sized(kMessageSized);
  warm.Say(message);
  EXPECT_EQ(warm.Count(), 2u);
  EXPECT_EQ(message_sized.count(), 0u);
}

}  // namespace
}  // namespace pawl::transport
