#include "session/session.h"

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::Conversation;
using test::HasCode;
using test::IsOkAndHolds;
using test::Must;
using test::Receive;
using test::Send;
using test::StateOf;
using testing::Eq;

TEST(Session, TwoPeopleTalk) {
  Conversation talk;
  for (int round = 0; round < 20; ++round) {
    const std::string from_alice = "a" + std::to_string(round);
    const Bytes first = Must(Send(talk.at_alice, from_alice, talk.alice.rng));
    const Bytes second = Must(Send(talk.at_alice, from_alice + "'", talk.alice.rng));
    EXPECT_THAT(Receive(talk.at_bob, first), IsOkAndHolds(Eq(from_alice)));
    EXPECT_THAT(Receive(talk.at_bob, second), IsOkAndHolds(Eq(from_alice + "'")));
    const std::string from_bob(static_cast<size_t>(round) * 100, 'b');
    EXPECT_THAT(Receive(talk.at_alice, Must(Send(talk.at_bob, from_bob, talk.bob.rng))),
                IsOkAndHolds(Eq(from_bob)));
  }
}

}  // namespace
}  // namespace pawl::session
