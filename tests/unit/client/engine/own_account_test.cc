#include "client/engine/own_account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class OwnAccount : public ::testing::Test {
 protected:
  OwnAccount() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  Code Result(WorldClient& client, decltype(Command::body) command) {
    const RequestId request = client.Do(std::move(command));
    world_.Settle();
    return client.Completed(request).value_or(Code::kInternal);
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(OwnAccount, AnImportedAccountIsTheSamePerson) {
  AccountBackup backup = test::BackUp(world_, alice_);
  world_.Kill(alice_);
  WorldClient& phone = world_.Add("alice");
  ASSERT_EQ(Result(phone, ImportAccount{std::move(backup)}), Code::kOk);
  EXPECT_EQ(phone.engine().self()->device, DeviceId(2));
  bob_.SendText(alice_.address(), "are you back?", world_.now());
  world_.Settle();
  bob_.SendText(alice_.address(), "hello?", world_.now());
  world_.Settle();
  EXPECT_EQ(bob_.Count(EventKind::kIdentityChanged), 0u);
  EXPECT_EQ(bob_.Count(EventKind::kDeviceAdded), 1u);
  EXPECT_THAT(phone.Texts(bob_.address()), ::testing::Contains("hello?"));
  const MessageId answer = phone.SendText(bob_.address(), "it is me", world_.now());
  world_.Settle();
  EXPECT_EQ(phone.StateOf(answer), MessageState::kConfirmed);
  // The lost device goes.
  EXPECT_EQ(Result(phone, RemoveDevice{DeviceId(1)}), Code::kOk);
  EXPECT_EQ(phone.Count(EventKind::kDeviceRemoved), 1u);
}

TEST_F(OwnAccount, ARelayThatForgotTheAccountGetsItAnew) {
  AccountBackup backup = test::BackUp(world_, alice_);
  World elsewhere;
  WorldClient& phone = elsewhere.Add("alice");
  const RequestId import = phone.Do(ImportAccount{std::move(backup)});
  elsewhere.Settle();
  EXPECT_EQ(phone.Completed(import), Code::kOk);
}

TEST_F(OwnAccount, ANameThatSomebodyElseHasNowIsNotOursAnyMore) {
  AccountBackup backup = test::BackUp(world_, alice_);
  World elsewhere(World::Options{.seed = 2});
  elsewhere.AddRegistered("alice");
  WorldClient& phone = elsewhere.Add("alice");
  const RequestId import = phone.Do(ImportAccount{std::move(backup)});
  elsewhere.Settle();
  EXPECT_EQ(phone.Completed(import), Code::kNameTaken);
}

TEST_F(OwnAccount, ARemovedDeviceGetsNothingMore) {
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  bob_.SendText(alice_.address(), "one", world_.now());
  world_.Settle();
  bob_.SendText(alice_.address(), "two", world_.now());
  world_.Settle();
  ASSERT_THAT(laptop.Texts(bob_.address()), ElementsAre("two"));
  EXPECT_EQ(Result(alice_, RemoveDevice{DeviceId(2)}), Code::kOk);
  bob_.SendText(alice_.address(), "three", world_.now());
  world_.Settle();
  bob_.SendText(alice_.address(), "four", world_.now());
  world_.Settle();
  EXPECT_EQ(bob_.Count(EventKind::kDeviceRemoved), 1u);
  EXPECT_THAT(laptop.Texts(bob_.address()), ElementsAre("two"));
  EXPECT_THAT(alice_.Texts(bob_.address()), ElementsAre("one", "two", "three", "four"));
}

TEST_F(OwnAccount, IdsOfRemovedDevicesAreNotGivenAgain) {
  test::LinkDevice(world_, alice_);
  EXPECT_EQ(Result(alice_, RemoveDevice{DeviceId(2)}), Code::kOk);
  WorldClient& third = test::LinkDevice(world_, alice_);
  EXPECT_EQ(third.engine().self()->device, DeviceId(3));
}

TEST_F(OwnAccount, MistakesOfTheCallerHaveNames) {
  EXPECT_EQ(Result(alice_, RemoveDevice{DeviceId(1)}), Code::kInvalidArgument);
  EXPECT_EQ(Result(alice_, RemoveDevice{DeviceId(9)}), Code::kNotFound);
  EXPECT_EQ(Result(alice_, ImportAccount{test::BackUp(world_, bob_)}), Code::kWrongState);
  WorldClient& laptop = test::LinkDevice(world_, alice_);
  EXPECT_EQ(Result(laptop, RemoveDevice{DeviceId(1)}), Code::kUnsupported);
}

TEST_F(OwnAccount, AnImportDoesNotSignOnWhatTheRelayBringsBackOrMakesUp) {
  const AccountBackup first = test::BackUp(world_, alice_);
  test::LinkDevice(world_, alice_);
  const auto import = [&](const Bytes& shown) {
    WorldClient& phone = world_.Add("alice");
    phone.faults.on_input = [shown](Input& input) {
      auto* reply = std::get_if<Reply>(&input);
      if (!reply) return true;
      if (auto* record = std::get_if<DirectoryRecord>(&reply->body)) record->list = shown;
      return true;
    };
    int registered = 0;
    phone.faults.on_call = [&](Call& call) {
      registered += std::holds_alternative<RegisterAccount>(call.body);
      return true;
    };
    const Code result = Result(phone, ImportAccount{test::BackUp(world_, alice_)});
    EXPECT_EQ(registered, 0);
    phone.faults = {};
    return result;
  };
  EXPECT_EQ(import(first.device_list), Code::kDeviceListRolledBack);
  const auto key = crypto::Ed25519KeyPair::FromSeed(first.account_key.Clone());
  auto fields = identity::DeviceList::Parse(test::BackUp(world_, alice_).device_list)->fields();
  fields.issued_at = fields.issued_at + Milliseconds(1);
  const auto fork = identity::DeviceList::Sign(std::move(fields), key);
  ASSERT_THAT(fork, test::IsOk());
  EXPECT_EQ(import(fork->record()), Code::kDeviceListForked);
}

}  // namespace
}  // namespace pawl::client
