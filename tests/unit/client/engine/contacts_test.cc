#include "client/engine/contacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/step_world.h"
#include "support/world.h"
#include "wire/content.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Contacts : public ::testing::Test {
 protected:
  Contacts() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {}
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Contacts, ARequestIsAskedOnceAndAnswered) {
  alice_.Do(RequestContact{.peer = bob_.address(), .name = "Alice of the hills"});
  world_.Settle();
  ASSERT_EQ(bob_.Count(EventKind::kContactRequest), 1u);
  EXPECT_EQ(bob_.Last(EventKind::kContactRequest)->peer, alice_.address());
  EXPECT_EQ(bob_.Last(EventKind::kContactRequest)->text, "Alice of the hills");
  EXPECT_EQ(alice_.Count(EventKind::kContactAnswer), 0u);
  const RequestId answer = bob_.Do(AnswerContact{.peer = alice_.address()});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(answer), Code::kOk);
  ASSERT_EQ(alice_.Count(EventKind::kContactAnswer), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kContactAnswer)->contact, ContactState::kAccepted);
}

TEST_F(Contacts, AskingAgainReachesWhoRegisteredLater) {
  const auto carols = *identity::Address::Create("carol", bob_.address().domain());
  const RequestId early = alice_.Do(RequestContact{.peer = carols});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(early), Code::kOk);
  WorldClient& carol = world_.AddRegistered("carol");
  ASSERT_EQ(carol.address(), carols);
  world_.Settle();
  EXPECT_EQ(carol.Count(EventKind::kContactRequest), 0u);
  for (int i = 0; i < 2; ++i) alice_.Do(RequestContact{.peer = carols});
  world_.Settle();
  EXPECT_EQ(carol.Count(EventKind::kContactRequest), 1u);
}

TEST_F(Contacts, WritingAgainToWhoRegisteredLaterAsksAgain) {
  const auto carols = *identity::Address::Create("carol", bob_.address().domain());
  alice_.Do(RequestContact{.peer = bob_.address(), .name = "Alice of the hills"});
  const MessageId early = alice_.SendText(carols, "too early", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(early), MessageState::kFailed);
  WorldClient& carol = world_.AddRegistered("carol");
  alice_.SendText(carols, "now?", world_.now());
  world_.Settle();
  ASSERT_EQ(carol.Count(EventKind::kContactRequest), 1u);
  EXPECT_EQ(carol.Last(EventKind::kContactRequest)->text, "Alice of the hills");
  EXPECT_THAT(carol.Texts(alice_.address()), ElementsAre("now?"));
}

TEST_F(Contacts, AMessageToAStrangerAsksAndAMessageBackAnswers) {
  alice_.SendText(bob_.address(), "may I?", world_.now());
  world_.Settle();
  EXPECT_EQ(bob_.Count(EventKind::kContactRequest), 1u);
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("may I?"));
  bob_.SendText(alice_.address(), "you may", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.Count(EventKind::kContactAnswer), 1u);
  EXPECT_THAT(alice_.Texts(bob_.address()), ElementsAre("you may"));
}

TEST_F(Contacts, NoAnswerOfAnyKindGoesToSomebodyNotAccepted) {
  const MessageId question = alice_.SendText(bob_.address(), "hello?", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(question), MessageState::kAtRelay) << "a confirmation came";
  EXPECT_EQ(alice_.Count(EventKind::kReceipt), 0u);
  bob_.Do(AnswerContact{.peer = alice_.address(), .accept = false});
  world_.Settle();
  EXPECT_EQ(alice_.Count(EventKind::kContactAnswer), 0u);
}

TEST_F(Contacts, BothAskingAtOnceIsBothAccepting) {
  alice_.Do(RequestContact{.peer = bob_.address()});
  bob_.Do(RequestContact{.peer = alice_.address()});
  world_.Settle();
  EXPECT_EQ(alice_.Count(EventKind::kContactRequest) + bob_.Count(EventKind::kContactRequest), 0u);
  EXPECT_EQ(alice_.Count(EventKind::kContactAnswer), 1u);
  EXPECT_EQ(bob_.Count(EventKind::kContactAnswer), 1u);
  const MessageId message = alice_.SendText(bob_.address(), "at last", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kConfirmed);
}

TEST_F(Contacts, WhoIsBlockedIsNotHeardAndLosesTheKeyThatOthersKeep) {
  WorldClient& carol = world_.AddRegistered("carol");
  world_.MakeContacts(alice_, bob_);
  world_.MakeContacts(carol, bob_);
  const RequestId block = bob_.Do(BlockContact{.peer = alice_.address()});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(block), Code::kOk);
  alice_.SendText(bob_.address(), "still there?", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), IsEmpty());

  world_.Run(Days(8));  // the old delivery key is good for seven
  std::vector<Code> refusals;
  bool stranger = false;
  alice_.faults.on_input = [&](Input& input) {
    if (auto* reply = std::get_if<Reply>(&input)) {
      if (auto* refused = std::get_if<Refused>(&reply->body)) refusals.push_back(refused->code);
    }
    return true;
  };
  alice_.faults.on_call = [&](Call& call) {
    if (auto* send = std::get_if<SendEnvelope>(&call.body)) stranger = !send->delivery_key;
    return true;
  };
  alice_.SendText(bob_.address(), "hello?", world_.now());
  const MessageId from_carol = carol.SendText(bob_.address(), "it is me", world_.now());
  world_.Run(Minutes(1));
  EXPECT_THAT(refusals, ::testing::Contains(Code::kAuthFailed));
  EXPECT_TRUE(stranger);
  EXPECT_THAT(bob_.Texts(alice_.address()), IsEmpty());
  EXPECT_EQ(carol.StateOf(from_carol), MessageState::kConfirmed);
}

TEST_F(Contacts, NothingIsSentToWhomWeBlock) {
  world_.MakeContacts(alice_, bob_);
  alice_.Do(BlockContact{.peer = bob_.address()});
  world_.Settle();
  alice_.SendText(bob_.address(), "?", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.Completed(alice_.last_send()), Code::kBlocked);
  // Let in again.
  alice_.Do(AnswerContact{.peer = bob_.address()});
  world_.Settle();
  const MessageId again = alice_.SendText(bob_.address(), "sorry", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(again), MessageState::kConfirmed);
}

TEST_F(Contacts, MistakesOfTheCallerHaveNames) {
  const auto result = [&](auto command) {
    const RequestId request = alice_.Do(std::move(command));
    world_.Settle();
    return alice_.Completed(request);
  };
  EXPECT_EQ(result(AnswerContact{.peer = bob_.address()}), Code::kNotFound);
  EXPECT_EQ(result(SetVerified{.peer = bob_.address()}), Code::kNotFound);
  EXPECT_EQ(result(RequestContact{.peer = alice_.address()}), Code::kInvalidArgument);
  EXPECT_EQ(result(AcceptIdentity{.peer = bob_.address()}), Code::kNotFound);
}

TEST(ContactsAgain, AContactWhoAsksAgainAndAgainIsAnsweredNowAndThen) {
  test::StepWorld world;
  world.MakeAccount();
  test::TestDevice bob("bob@example.org/1", 7);
  world.Know(bob);
  world.BeginSession(bob);
  const auto ask = [&] {
    EXPECT_THAT(world.Step([&](Batch& batch) -> absl::Status {
      const identity::Address& from = bob.local.address.account;
      PAWL_ASSIGN(const auto content, wire::Build(ControlHeader(batch, from),
                                                  wire::ContactRequest{Bytes(32, 1), "Bob"}));
      PAWL_ASSIGN(const auto parsed, wire::VerifyContent(content.view()));
      PAWL_TRY(OnContactRequest(batch, from, *parsed->body_as_ContactRequest()));
      EXPECT_TRUE(batch.to_confirm.empty()) << "history is not gone through again";
      return OkStatus();
    }),
                test::IsOk());
  };
  for (int i = 0; i < 20; ++i) ask();
  EXPECT_EQ(world.state().outbox.size(), 1u);
  world.clock.Advance(Minutes(10));
  ask();
  EXPECT_EQ(world.state().outbox.size(), 2u);
}

}  // namespace
}  // namespace pawl::client
