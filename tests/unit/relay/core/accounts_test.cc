#include "relay/core/accounts.h"

#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/flip.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Accounts : public ::testing::Test {
 protected:
  Code Register(const RelayPerson&, ByteView list, ByteView epoch,
                std::string_view invitation = "") {
    const ConnectionId id = world_.ConnectAnonymously();
    world_.Say(id, wire::Register{7, invitation, list, epoch});
    const auto heard = world_.Hear(id);
    if (!heard) return Code::kInternal;
    if (const auto* error = heard->As<fb::Error>()) return static_cast<Code>(error->code());
    EXPECT_NE(heard->As<fb::Ok>(), nullptr);
    return Code::kOk;
  }
  Bytes StoredList(const RelayPerson& person) {
    const ConnectionId id = world_.ConnectAnonymously();
    const std::string account = person.account();
    world_.Say(id, wire::DirGet{1, account});
    const auto heard = world_.Hear(id);
    return heard && heard->As<fb::DirResult>() != nullptr ? heard->payload() : Bytes();
  }
  // The answer to one request on a device connection.
  template <typename Frame>
  Code Put(ConnectionId id, const Frame& frame) {
    world_.Say(id, frame);
    const auto heard = world_.Hear(id);
    if (!heard) return Code::kInternal;
    if (const auto* error = heard->As<fb::Error>()) return static_cast<Code>(error->code());
    EXPECT_NE(heard->As<fb::Ok>(), nullptr);
    return Code::kOk;
  }

  RelayWorld world_;
};

TEST_F(Accounts, ANewAccountIsFoundByItsName) {
  RelayPerson bob("bob", world_.rng());
  const Bytes list = bob.NextList({1});
  EXPECT_EQ(Register(bob, list, bob.Epoch(1)), Code::kOk);
  EXPECT_EQ(StoredList(bob), list);
  EXPECT_EQ(world_.stats().registrations, 1u);
}

TEST_F(Accounts, ANameThatIsTakenStaysItsOwners) {
  RelayPerson bob("bob", world_.rng());
  RelayPerson other("bob", world_.rng());
  const Bytes list = bob.NextList({1});
  Register(bob, list, bob.Epoch(1));
  EXPECT_EQ(Register(other, other.NextList({1}), other.Epoch(1)), Code::kNameTaken);
  EXPECT_EQ(Register(bob, list, bob.Epoch(1)), Code::kOk) << "its owner asks again";
  EXPECT_EQ(StoredList(bob), list);
}

TEST_F(Accounts, AnImportedAccountGetsItsFirstDeviceBack) {
  RelayPerson bob("bob", world_.rng());
  Register(bob, bob.NextList({1}), bob.Epoch(1));
  bob.AddDevice();
  const Bytes next = bob.NextList({2});
  EXPECT_EQ(Register(bob, next, bob.Epoch(1, 2)), Code::kOk);
  EXPECT_EQ(StoredList(bob), next);
  world_.Expect<fb::Ready>(world_.Login(bob, 2));
}

TEST_F(Accounts, ARegistrationMustFitTogether) {
  RelayPerson bob("bob", world_.rng());
  RelayPerson carol("carol", world_.rng());
  bob.AddDevice();
  EXPECT_EQ(Register(bob, bob.NextList({1, 2}), bob.Epoch(1)), Code::kInvalidArgument)
      << "two devices at once";
  RelayPerson dave("dave", world_.rng());
  const Bytes list = dave.NextList({1});
  EXPECT_EQ(Register(dave, list, carol.Epoch(1)), Code::kAuthFailed) << "another's epoch";
  EXPECT_EQ(Register(dave, list, bob.Epoch(1, 2)), Code::kDeviceNotListed);
  EXPECT_EQ(Register(dave, {}, dave.Epoch(1)), Code::kMalformed);
  EXPECT_EQ(StoredList(dave), Bytes());
}

TEST_F(Accounts, AnAccountOfAnotherDomainIsNotOurs) {
  relay::Config config = RelayWorld::DefaultConfig();
  config.domain = "elsewhere.org";
  RelayWorld elsewhere(config);
  RelayPerson bob("bob", elsewhere.rng());
  const ConnectionId id = elsewhere.ConnectAnonymously();
  const Bytes list = bob.NextList({1});
  const Bytes epoch = bob.Epoch(1);
  elsewhere.Say(id, wire::Register{7, "", list, epoch});
  EXPECT_EQ(elsewhere.ExpectError(id, 7), Code::kWrongRecipient);
}

TEST_F(Accounts, ADamagedListIsNeverStored) {
  RelayPerson bob("bob", world_.rng());
  const Bytes list = bob.NextList({1});
  const Bytes epoch = bob.Epoch(1);
  int attempts = 0;
  test::ForEachBitFlip(
      list,
      [&](const Bytes& damaged) {
        if (++attempts % 9 == 0) world_.Tick(Hours(3));  // the limit is not what is tested here
        EXPECT_NE(Register(bob, damaged, epoch), Code::kOk);
      },
      41);
  EXPECT_GT(attempts, 20);
  EXPECT_EQ(StoredList(bob), Bytes());
}

TEST_F(Accounts, RegistrationsAreLimitedPerPeer) {
  RelayPerson bob("bob", world_.rng());
  const Bytes list = bob.NextList({1});
  const Bytes epoch = bob.Epoch(1);
  int answered = 0;
  while (Register(bob, list, epoch) == Code::kOk) ++answered;
  EXPECT_EQ(answered, static_cast<int>(kRegisterBucket.burst));
  EXPECT_EQ(Register(bob, list, epoch), Code::kRateLimited);
  world_.Tick(Hours(1));
  EXPECT_EQ(Register(bob, list, epoch), Code::kOk);
}

TEST_F(Accounts, InvitationsLetInMoreThanOneNetworkMayAskForAtOnce) {
  relay::Config config = RelayWorld::DefaultConfig();
  config.invitation_required = true;
  RelayWorld world(config);
  const ConnectionId office = world.ConnectAnonymously();
  const auto answers = [&](std::string_view invitation) {
    RelayPerson bob("bob", world.rng());
    const Bytes list = bob.NextList({1});
    const Bytes epoch = bob.Epoch(1);
    int count = 0;
    do {
      world.Say(office, wire::Register{7, invitation, list, epoch});
      ++count;
    } while (world.ExpectError(office, 7) == Code::kInvitationRequired);
    return count - 1;
  };
  EXPECT_EQ(answers(""), static_cast<int>(kRegisterBucket.burst));
  EXPECT_EQ(answers("a code"), static_cast<int>(kRegisterInvitedBucket.burst));
}

TEST_F(Accounts, WithoutInvitationsACodeMadeUpWinsNothing) {
  RelayPerson bob("bob", world_.rng());
  const Bytes list = bob.NextList({1});
  const Bytes epoch = bob.Epoch(1);
  int answered = 0;
  while (Register(bob, list, epoch, "made up") == Code::kOk) ++answered;
  EXPECT_EQ(answered, static_cast<int>(kRegisterBucket.burst));
}

TEST_F(Accounts, AListIsPutByADeviceOfItsOwnAccount) {
  RelayPerson bob = world_.MakePerson("bob");
  RelayPerson eve = world_.MakePerson("eve");
  bob.AddDevice();
  const Bytes next = bob.NextList({1, 2});
  const ConnectionId eves = world_.ConnectDevice(eve);
  EXPECT_EQ(Put(eves, wire::DirPut{1, next}), Code::kWrongRecipient);
  const ConnectionId bobs = world_.ConnectDevice(bob);
  EXPECT_EQ(Put(bobs, wire::DirPut{1, next}), Code::kOk);
  EXPECT_EQ(Put(bobs, wire::DirPut{2, next}), Code::kOk) << "a retry";
  EXPECT_EQ(StoredList(bob), next);
}

TEST_F(Accounts, AnEpochIsSwappedOnceByItsOwnDevice) {
  RelayPerson bob = world_.MakePerson("bob");
  bob.AddDevice();
  const ConnectionId id = world_.ConnectDevice(bob);
  const Bytes second = bob.Epoch(2);
  EXPECT_EQ(Put(id, wire::EpochPut{1, DeviceEpoch(7), second}), Code::kWrongState);
  EXPECT_EQ(Put(id, wire::EpochPut{2, DeviceEpoch(1), second}), Code::kOk);
  EXPECT_EQ(Put(id, wire::EpochPut{3, DeviceEpoch(1), second}), Code::kOk) << "a retry";
  const Bytes another = bob.Epoch(2);
  EXPECT_EQ(Put(id, wire::EpochPut{4, DeviceEpoch(1), another}), Code::kWrongState)
      << "two stores of one device: the second learns it";
  EXPECT_EQ(Put(id, wire::EpochPut{5, DeviceEpoch(2), bob.Epoch(3, 2)}), Code::kAuthFailed)
      << "signed by another device";
}

TEST_F(Accounts, AnAnchorIsKeptForTheDeviceUpToItsLimit) {
  RelayPerson bob = world_.MakePerson("bob");
  const ConnectionId id = world_.ConnectDevice(bob);
  EXPECT_EQ(Put(id, wire::AnchorPut{1, Bytes(wire::kMaxAnchorSize + 1, 1)}), Code::kTooLarge);
  EXPECT_EQ(Put(id, wire::AnchorPut{2, Bytes(wire::kMaxAnchorSize, 7)}), Code::kOk);
  const auto* ready = world_.Expect<fb::Ready>(world_.Login(bob));
  ASSERT_NE(ready, nullptr);
  const Bytes payload = world_.last_payload();
  const auto parts = wire::Split(*ready, payload);
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(ToBytes(parts->anchor), Bytes(wire::kMaxAnchorSize, 7));
  EXPECT_TRUE(identity::EpochRecord::Parse(parts->epoch_record, bob.device_key(1).pub()).ok())
      << "and what the device put as its epoch";
}

TEST_F(Accounts, LookingUpIsLimitedPerPeerAndSaysWhenToComeBack) {
  const ConnectionId id = world_.ConnectAnonymously();
  for (int i = 0; i < static_cast<int>(kLookupBucket.burst); ++i) {
    world_.Say(id, wire::DirGet{1, "nobody@example.org"});
    EXPECT_EQ(world_.ExpectError(id, 1), Code::kNotFound);
  }
  world_.Say(id, wire::DirGet{1, "nobody@example.org"});
  EXPECT_EQ(world_.ExpectError(id, 1), Code::kRateLimited);
  EXPECT_EQ(world_.last_retry_after(), Seconds(1));
  const ConnectionId neighbour = world_.ConnectAnonymously(2);
  world_.Say(neighbour, wire::DirGet{1, "no such address"});
  EXPECT_EQ(world_.ExpectError(neighbour, 1), Code::kInvalidArgument);
}

TEST_F(Accounts, WithInvitationsANewNameNeedsOne) {
  relay::Config config = RelayWorld::DefaultConfig();
  config.invitation_required = true;
  RelayWorld closed(config);
  RelayPerson bob("bob", closed.rng());
  const Bytes list = bob.NextList({1});
  const Bytes epoch = bob.Epoch(1);
  const ConnectionId id = closed.ConnectAnonymously();
  closed.Say(id, wire::Register{1, "", list, epoch});
  EXPECT_EQ(closed.ExpectError(id, 1), Code::kInvitationRequired);
  closed.Say(id, wire::Register{2, "guess", list, epoch});
  EXPECT_EQ(closed.ExpectError(id, 2), Code::kInvitationRequired);
  const std::string endless(wire::kMaxInvitationSize + 1, 'x');
  closed.Say(id, wire::Register{3, endless, list, epoch});
  EXPECT_EQ(closed.ExpectError(id, 3), Code::kTooLarge);
}

}  // namespace
}  // namespace pawl::relay
