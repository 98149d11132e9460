#include "client/engine/outbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/compose.h"
#include "client/engine/conversation.h"
#include "client/engine/reducers.h"
#include "support/step_world.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;
using test::Must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr RequestId kRequest{4};

// We have an account, a session with Bob, who is a contact, and nothing with Carol.
class Outbound : public ::testing::Test {
 protected:
  Outbound() {
    world_.MakeAccount();
    world_.Know(bob_);
    world_.BeginSession(bob_);
  }
  ConversationId With(const identity::Address& peer) const { return ConversationOf(alice_, peer); }
  SendMessage Text(const identity::Address& to, const MessageId& id, uint32_t expires_in_s = 0) {
    return {.id = id,
            .to = to,
            .content = Must(Compose({.id = id,
                                     .sent_at = world_.clock.Now(),
                                     .conversation = With(to),
                                     .expires_in_s = expires_in_s,
                                     .body = TextView{"hello"}}))};
  }
  absl::Status Send(const SendMessage& command) {
    return world_.Step([&](Batch& batch) { return Reduce(batch, kRequest, command); });
  }
  absl::Status Check(const identity::Address& to) {
    return world_.Step([&](Batch& batch) { return CheckRecipient(batch, to); });
  }
  std::optional<store::MessageState> StateOf(const identity::Address& peer, const MessageId& id) {
    return world_.Read([&](auto& tx) {
      return Must(tx.messages().FindState({With(peer), "alice@example.org", id}));
    });
  }
  void Set(const identity::Address& whom, store::ContactState state) {
    ASSERT_THAT(world_.Step([&](Batch& batch) {
      batch.peers.Edit(whom, batch.now).state = state;
      return OkStatus();
    }),
                IsOk());
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::Address alice_ = *identity::Address::Parse("alice@example.org");
  const identity::Address to_bob_ = bob_.local.address.account;
  const identity::Address to_carol_ = *identity::Address::Parse("carol@example.org");
};

TEST_F(Outbound, WhoMayBeSentTo) {
  EXPECT_THAT(Check(to_bob_), IsOk());
  EXPECT_THAT(Check(to_carol_), IsOk()) << "a stranger is asked";
  Set(to_bob_, store::ContactState::kBlocked);
  EXPECT_THAT(Check(to_bob_), HasCode(Code::kBlocked));
  ASSERT_THAT(world_.Step([&](Batch& batch) {
    batch.peers.Edit(to_carol_, batch.now).pending = bob_.list;
    return OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Check(to_carol_), HasCode(Code::kIdentityChanged));
}

TEST_F(Outbound, NothingIsSentBeforeThereIsAnAccount) {
  test::StepWorld empty;
  EXPECT_THAT(empty.Step([&](Batch& batch) { return CheckRecipient(batch, to_bob_); }),
              HasCode(Code::kWrongState));
  for (const client::Setup setup : {Setup::kNone, Setup::kImporting}) {
    world_.state().setup = setup;
    EXPECT_THAT(Check(to_bob_), HasCode(Code::kWrongState));
  }
  for (const client::Setup setup : {Setup::kRegistering, Setup::kListed}) {
    world_.state().setup = setup;
    EXPECT_THAT(Check(to_bob_), IsOk()) << "it goes as soon as it can";
  }
}

TEST_F(Outbound, AnOutboxThatIsFullTakesNoMore) {
  const identity::DeviceAddress first = bob_.local.address;
  for (int64_t i = 0; i < 50'000; ++i) {
    world_.state().outbox.Add(first, {.id = store::OutboxId(1000 + i)});
  }
  EXPECT_THAT(Check(to_bob_), IsOk());
  world_.state().outbox.Add(first, {.id = store::OutboxId(100'000)});
  EXPECT_THAT(Check(to_bob_), HasCode(Code::kQuotaExceeded));
}

TEST_F(Outbound, AMessageIsARowAnEventAndAnEnvelopeForEachDevice) {
  ASSERT_THAT(Send(Text(to_bob_, MessageId({1}))), IsOk());
  EXPECT_EQ(StateOf(to_bob_, MessageId({1})), store::MessageState::kQueued);
  ASSERT_THAT(world_.Told(), ElementsAre(EventKind::kMessageState));
  EXPECT_EQ(world_.Events()[0].state, MessageState::kQueued);
  EXPECT_EQ(world_.Events()[0].peer, to_bob_);
  ASSERT_THAT(world_.effects.events, SizeIs(1));
  EXPECT_EQ(world_.effects.events[0].request, kRequest);
  EXPECT_EQ(world_.effects.events[0].code, Code::kOk);
  ASSERT_NE(world_.state().outbox.Find(bob_.local.address), nullptr);
  EXPECT_TRUE(world_.state().outbox.Find(bob_.local.address)->items.front().urgent);
  const auto row =
      world_.Read([&](auto& tx) { return Must(tx.conversations().Find(With(to_bob_))); });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->last_activity_at, world_.clock.Now());
  EXPECT_EQ(row->unread, 0u);
}

TEST_F(Outbound, AStrangerIsAskedFirst) {
  ASSERT_THAT(Send(Text(to_carol_, MessageId({1}))), IsOk());
  const auto rows = world_.Read(
      [](auto& tx) { return Must(tx.pending().LoadFor("carol@example.org", DeviceId(0), 10)); });
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_NE(Must(wire::VerifyContent(rows[0].content.Expose()))->body_as_ContactRequest(), nullptr);
  EXPECT_EQ(rows[1].message, MessageId({1}));
  EXPECT_EQ(world_.state().peers.at(to_carol_)->state, store::ContactState::kRequested);
  EXPECT_TRUE(world_.state().fetches.contains(WholeAccount(to_carol_)));
}

TEST_F(Outbound, ANoteToOneselfIsWhereItShallBeAtOnce) {
  ASSERT_THAT(Send(Text(alice_, MessageId({1}))), IsOk());
  EXPECT_EQ(StateOf(alice_, MessageId({1})), store::MessageState::kConfirmed);
  EXPECT_EQ(world_.Events().at(0).state, MessageState::kConfirmed);
  EXPECT_EQ(world_.state().outbox.size(), 0u);
  EXPECT_TRUE(world_.state().pending.all().empty());
}

TEST_F(Outbound, ContentThatIsNotOfThisMessageIsRefusedAndLeavesNothing) {
  SendMessage command = Text(to_bob_, MessageId({1}));
  command.id = MessageId({2});
  EXPECT_THAT(Send(command), HasCode(Code::kInvalidArgument));
  command = Text(to_bob_, MessageId({1}));
  command.to = to_carol_;
  EXPECT_THAT(Send(command), HasCode(Code::kInvalidArgument)) << "of another conversation";
  command.content = wire::CopyContent(Bytes(100, 0xff));
  EXPECT_THAT(Send(command), HasCode(Code::kMalformed));
  command.content = wire::CopyContent(Bytes(wire::kMaxContentSize));
  EXPECT_THAT(Send(command), HasCode(Code::kTooLarge));
  EXPECT_THAT(world_.Told(), IsEmpty());
  EXPECT_EQ(world_.state().outbox.size(), 0u);
}

TEST_F(Outbound, AnIdServesOnce) {
  ASSERT_THAT(Send(Text(to_bob_, MessageId({1}))), IsOk());
  EXPECT_THAT(Send(Text(to_bob_, MessageId({1}))), HasCode(Code::kAlreadyExists));
  EXPECT_EQ(world_.state().outbox.size(), 1u);
  EXPECT_THAT(world_.Told(), SizeIs(1));
}

TEST_F(Outbound, ATimerRunsFromTheSending) {
  world_.state().next_expiry = kNever;
  ASSERT_THAT(Send(Text(to_bob_, MessageId({1}))), IsOk());
  EXPECT_EQ(world_.state().next_expiry, kNever);
  ASSERT_THAT(Send(Text(to_bob_, MessageId({2}), 60)), IsOk());
  EXPECT_EQ(world_.state().next_expiry, world_.clock.Now() + Minutes(1));
  ASSERT_THAT(Send(Text(to_bob_, MessageId({3}), 600)), IsOk());
  EXPECT_EQ(world_.state().next_expiry, world_.clock.Now() + Minutes(1)) << "the earlier one";
}

TEST_F(Outbound, ADeletionErasesWhatWeSaidHereToo) {
  ASSERT_THAT(Send(Text(to_bob_, MessageId({1}))), IsOk());
  SendMessage deletion = Text(to_bob_, MessageId({2}));
  deletion.content = Must(Compose({.id = MessageId({2}),
                                   .sent_at = world_.clock.Now(),
                                   .conversation = With(to_bob_),
                                   .body = DeleteView{MessageId({1})}}));
  ASSERT_THAT(Send(deletion), IsOk());
  EXPECT_EQ(StateOf(to_bob_, MessageId({1})), store::MessageState::kDeleted);
}

class OutboundTyping : public Outbound {
 protected:
  OutboundTyping() {
    world_.state().anonymous_up = true;
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      batch.peers.Edit(to_bob_, batch.now).delivery_key = DeliveryKey{7};
      return OkStatus();
    }),
                IsOk());
  }
  // The envelopes that leave; whatever those are, the request is done.
  std::vector<SendEnvelope> Type(const identity::Address& to) {
    std::vector<SendEnvelope> sent;
    EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      PAWL_TRY(Reduce(batch, kRequest, SendTyping{.peer = to}));
      for (auto& frame : batch.ephemeral) sent.push_back(std::move(frame.send));
      return OkStatus();
    }),
                IsOk());
    EXPECT_THAT(world_.effects.events, SizeIs(1));
    EXPECT_EQ(world_.effects.events.at(0).code, Code::kOk);
    EXPECT_EQ(world_.state().outbox.size(), 0u);
    return sent;
  }
};

TEST_F(OutboundTyping, GoesToEachDeviceOfAContactAndIsKeptNowhere) {
  const auto sent = Type(to_bob_);
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].to, bob_.local.address);
  EXPECT_TRUE(sent[0].ephemeral);
  EXPECT_FALSE(sent[0].urgent);
  EXPECT_EQ(sent[0].delivery_key, DeliveryKey{7});
}

TEST_F(OutboundTyping, NobodyElseHearsOfIt) {
  EXPECT_THAT(Type(to_carol_), IsEmpty());
  Set(to_bob_, store::ContactState::kRequested);
  EXPECT_THAT(Type(to_bob_), IsEmpty());
  Set(to_bob_, store::ContactState::kAccepted);
  world_.state().anonymous_up = false;
  EXPECT_THAT(Type(to_bob_), IsEmpty()) << "it is worth nothing later";
}

TEST_F(OutboundTyping, OvertakesNothingThatWaitsForTheDevice) {
  world_.state().pending.Add(bob_.local.address, 1);
  EXPECT_THAT(Type(to_bob_), IsEmpty());
}

}  // namespace
}  // namespace pawl::client
