// What is left on the part of the stack that was given back, after each step of a conversation. A
// compiler spills what it likes, so keys of one message may be there until the next call; nothing
// that opens more than that may.
#include <gmock/gmock.h>

#include "support/two_devices.h"
#include "wipe/secret_watch.h"

namespace pawl::wipe {
namespace {

using test::Must;

constexpr std::string_view kText =
    "Nobody but the harbour master knows which of 3 keys opens warehouse 19.";

// What `step` left, its result kept.
template <typename Step>
auto LeftBy(const char* name, const Step& step, std::string& left) {
  ClearDeadStack();
  auto result = step();
  left = SearchDeadStack();
  for (const char* lasting : {"content", "private key", "seed", "HKDF"}) {
    EXPECT_THAT(left, testing::Not(testing::HasSubstr(lasting))) << name;
  }
  return result;
}

TEST(StackResidue, OfAConversationIsNoContentAndNoLastingKey) {
  Plant(AsBytes(kText), "content");
  std::string left;
  for (int run = 0; run < 2; ++run) {
    test::TestDevice alice("alice@example.org/1", 2001);
    test::TestDevice bob("bob@example.org/1", 2002);
    auto at_alice = LeftBy(
        "initiating", [&] { return Must(test::Begin(alice, bob)); }, left);
    const auto first = LeftBy(
        "sealing a first message", [&] { return Must(test::Send(at_alice, kText, alice.rng)); },
        left);
    auto accepted = LeftBy(
        "accepting", [&] { return Must(test::AcceptFrom(bob, alice, first)); }, left);
    const auto answer = LeftBy(
        "sealing with a turn", [&] { return Must(test::Send(accepted.session, kText, bob.rng)); },
        left);
    const auto opened = LeftBy(
        "opening with a turn",
        [&] {
          session::Stage stage(at_alice);
          auto result = Must(stage.Open(answer, test::FakeClock::kStart));
          at_alice.Commit(std::move(stage));
          return result;
        },
        left);
    const auto again = LeftBy(
        "sealing without a turn",
        [&] { return Must(test::Send(accepted.session, kText, bob.rng)); }, left);
    const auto in_order = LeftBy(
        "opening without a turn",
        [&] {
          session::Stage stage(at_alice);
          auto result = Must(stage.Open(again, test::FakeClock::kStart));
          at_alice.Commit(std::move(stage));
          return result;
        },
        left);
  }
}

}  // namespace
}  // namespace pawl::wipe
