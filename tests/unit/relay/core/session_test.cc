#include "relay/core/session.h"

#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Session : public ::testing::Test {
 protected:
  // HELLO and AUTH with one thing changed about what is signed.
  ConnectionId LoginWith(const RelayPerson& person,
                         const std::function<void(wire::Hello&, wire::AuthInput&)>& change) {
    const ConnectionId id = world_.Connect();
    const auto* challenge = world_.Expect<fb::Challenge>(id);
    const std::string account = person.account();
    wire::Hello hello;
    hello.account = account;
    hello.device = DeviceId(1);
    wire::AuthInput input;
    input.relay_key_hash = RelayWorld::DefaultConfig().key_hash;
    input.channel_binding[0] = static_cast<uint8_t>(*id);
    input.relay_nonce = wire::ToArray(*challenge->nonce());
    change(hello, input);
    world_.Say(id, hello, person.Answer(input));
    return id;
  }
  void ExpectRefused(ConnectionId id) {
    EXPECT_EQ(world_.ExpectError(id, 0), Code::kAuthFailed);
    EXPECT_EQ(world_.ClosedWith(id), CloseCode::kNotAuthenticated);
  }

  RelayWorld world_;
};

TEST_F(Session, ChallengeComesFirstAndIsFresh) {
  const ConnectionId first = world_.Connect();
  const ConnectionId second = world_.Connect();
  const auto* a = world_.Expect<fb::Challenge>(first);
  const auto* b = world_.Expect<fb::Challenge>(second);
  EXPECT_NE(wire::ToArray(*a->nonce()), wire::ToArray(*b->nonce()));
  EXPECT_EQ(wire::ToText(a->domain()), RelayPerson::kDomain);
  EXPECT_EQ(a->max_envelope(), wire::kMaxEnvelopeSize);
  EXPECT_FALSE(a->invitation_required());
}

TEST_F(Session, ADeviceLogsInAndLearnsWhereItStands) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId id = world_.Login(bob);
  const auto* ready = world_.Expect<fb::Ready>(id);
  EXPECT_EQ(ready->epoch(), 1u);
  EXPECT_EQ(ready->list_version(), 1u);
  EXPECT_EQ(ready->queue(), 0u);
  EXPECT_EQ(world_.stats().device_connections, 1u);
  world_.Disconnect(id);
  EXPECT_EQ(world_.stats().device_connections, 0u);
}

TEST_F(Session, ASignatureIsGoodForItsOwnConnectionAlone) {
  RelayPerson bob = world_.MakePerson("bob");
  const auto nothing = [](wire::Hello&, wire::AuthInput&) {};
  world_.Expect<fb::Ready>(LoginWith(bob, nothing));
  ExpectRefused(LoginWith(bob, [](auto&, auto& input) { input.relay_nonce[0] ^= 1; }));
  ExpectRefused(LoginWith(bob, [](auto&, auto& input) { input.client_nonce[0] ^= 1; }));
  ExpectRefused(LoginWith(bob, [](auto&, auto& input) { input.relay_key_hash[0] ^= 1; }));
  ExpectRefused(LoginWith(bob, [](auto&, auto& input) { input.channel_binding[0] ^= 1; }));
  ExpectRefused(LoginWith(bob, [](auto&, auto& input) { input.mode = fb::Mode::Peek; }));
  ExpectRefused(LoginWith(bob, [](auto& hello, auto&) { hello.mode = fb::Mode::Peek; }));
  EXPECT_EQ(world_.stats().authentications_failed, 6u);
}

TEST_F(Session, EverythingWrongAboutALoginHasOneAnswer) {
  RelayPerson bob = world_.MakePerson("bob");
  RelayPerson nobody("nobody", world_.rng());
  ExpectRefused(world_.Login(nobody));
  for (const char* account : {"", "bob", "bob@elsewhere.org", "Bob@example.org"}) {
    ExpectRefused(LoginWith(bob, [&](auto& hello, auto&) { hello.account = account; }));
  }
  ExpectRefused(LoginWith(bob, [](auto& hello, auto&) { hello.device = DeviceId(0); }));
  ExpectRefused(LoginWith(bob, [](auto& hello, auto&) { hello.device = DeviceId(2); }));
}

TEST_F(Session, AStorageThatCannotBeAskedIsNotARefusal) {
  RelayPerson bob = world_.MakePerson("bob");
  world_.FailEngine(Code::kIo);
  const ConnectionId id = world_.Login(bob);
  EXPECT_EQ(world_.ExpectError(id, 0), Code::kStorage);
  EXPECT_GT(world_.last_retry_after().ms, 0);
  EXPECT_EQ(world_.ClosedWith(id), CloseCode::kTryAgainLater);
}

TEST_F(Session, WhoDoesNotLogInIsGoneAfterFiveSeconds) {
  const ConnectionId silent = world_.Connect();
  const ConnectionId ready = world_.ConnectAnonymously();
  world_.Expect<fb::Challenge>(silent);
  world_.Tick(Milliseconds(kOpeningTimeout.ms - 1));
  EXPECT_FALSE(world_.ClosedWith(silent));
  world_.Tick(Milliseconds(1));
  EXPECT_EQ(world_.ExpectError(silent, 0), Code::kTimeout);
  EXPECT_EQ(world_.ClosedWith(silent), CloseCode::kNotAuthenticated);
  EXPECT_FALSE(world_.ClosedWith(ready));
}

TEST_F(Session, TheOrderOfFramesIsKept) {
  const ConnectionId early = world_.Connect();
  world_.Expect<fb::Challenge>(early);
  world_.Say(early, wire::DirGet{1, "bob@example.org"});
  EXPECT_EQ(world_.ExpectError(early, 0), Code::kWrongState);
  EXPECT_EQ(world_.ClosedWith(early), CloseCode::kWrongOrder);

  const ConnectionId lone = world_.Connect();
  world_.Expect<fb::Challenge>(lone);
  world_.Say(lone, wire::Auth{});
  EXPECT_EQ(world_.ExpectError(lone, 0), Code::kWrongState);

  const ConnectionId twice = world_.ConnectAnonymously();
  wire::Hello hello;
  hello.mode = fb::Mode::Anonymous;
  world_.Say(twice, hello);
  EXPECT_EQ(world_.ExpectError(twice, 0), Code::kWrongState);
}

TEST_F(Session, TheNewestConnectionOfADeviceDisplacesTheOneBefore) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId first = world_.ConnectDevice(bob);
  const ConnectionId second = world_.ConnectDevice(bob);
  EXPECT_NE(world_.Expect<fb::Replaced>(first), nullptr);
  EXPECT_EQ(world_.ClosedWith(first), CloseCode::kReplaced);
  // The end of the first must not cost the second its mail.
  world_.Disconnect(first);
  const ConnectionId sender = world_.ConnectAnonymously();
  world_.Say(sender, world_.Mail(bob, 1, Bytes(10, 1)));
  EXPECT_NE(world_.Expect<fb::Message>(second), nullptr);
}

TEST_F(Session, APeekDisplacesNobodyAndIsPushedNothing) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId device = world_.ConnectDevice(bob);
  const ConnectionId peek = world_.Login(bob, 1, fb::Mode::Peek);
  world_.Expect<fb::Ready>(peek);
  EXPECT_FALSE(world_.ClosedWith(device));
  const ConnectionId sender = world_.ConnectAnonymously();
  world_.Say(sender, world_.Mail(bob, 1, Bytes(10, 1)));
  EXPECT_TRUE(world_.HeardNothing(peek));
  EXPECT_NE(world_.Expect<fb::Message>(device), nullptr);
}

TEST_F(Session, APeerThatLeavesWhileTheStorageIsAskedIsForgotten) {
  RelayPerson bob = world_.MakePerson("bob");
  world_.HoldEngine();
  const ConnectionId id = world_.Login(bob);
  world_.Disconnect(id);
  world_.ReleaseEngine();
  EXPECT_TRUE(world_.HeardNothing(id));
  EXPECT_EQ(world_.stats().opening_connections, 0u);
  EXPECT_EQ(world_.stats().pending_requests, 0u);
}

TEST_F(Session, ADeviceThatLeavesTheListIsToldAndClosed) {
  RelayPerson bob = world_.MakePerson("bob");
  bob.AddDevice();
  const ConnectionId first = world_.ConnectDevice(bob);
  const Bytes both = bob.NextList({1, 2});
  world_.Say(first, wire::DirPut{1, both});
  world_.Expect<fb::Ok>(first);
  const ConnectionId second = world_.ConnectDevice(bob, 2);
  const Bytes alone = bob.NextList({1});
  world_.Say(first, wire::DirPut{2, alone});
  world_.Expect<fb::Ok>(first);
  EXPECT_EQ(world_.ExpectError(second, 0), Code::kDeviceNotListed);
  EXPECT_EQ(world_.ClosedWith(second), CloseCode::kNotListed);
  ExpectRefused(world_.Login(bob, 2));
}

}  // namespace
}  // namespace pawl::relay
