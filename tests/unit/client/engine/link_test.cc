#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/engine/command.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Link : public ::testing::Test {
 protected:
  Link() : phone_(world_.AddRegistered("alice")) {}
  Code Result(WorldClient& client, decltype(Command::body) command) {
    const RequestId request = client.Do(std::move(command));
    world_.Settle();
    return client.Completed(request).value_or(Code::kInternal);
  }
  Bytes Begin(WorldClient& client) {
    const RequestId begin = client.Do(BeginLink{.address = phone_.address()});
    world_.Settle();
    return client.ResultOf(begin);
  }
  World world_;
  WorldClient& phone_;
};

TEST_F(Link, ASecondDeviceReceivesWhatTheFirstDoes) {
  WorldClient& bob = world_.AddRegistered("bob");
  world_.MakeContacts(phone_, bob);
  WorldClient& laptop = test::LinkDevice(world_, phone_);
  EXPECT_EQ(laptop.engine().self()->device, DeviceId(2));
  EXPECT_EQ(phone_.Count(EventKind::kDeviceAdded), 1u);
  // Bob hears of it from the relay's answer to his next message, or from Alice's.
  bob.SendText(phone_.address(), "first", world_.now());
  world_.Settle();
  bob.SendText(phone_.address(), "second", world_.now());
  world_.Settle();
  EXPECT_EQ(bob.Count(EventKind::kDeviceAdded), 1u);
  EXPECT_THAT(phone_.Texts(bob.address()), ElementsAre("first", "second"));
  EXPECT_THAT(laptop.Texts(bob.address()), ElementsAre("second"));
}

TEST_F(Link, OnlyTheHolderOfTheAccountKeyApproves) {
  WorldClient& laptop = test::LinkDevice(world_, phone_);
  WorldClient& tablet = world_.Add("alice");
  EXPECT_EQ(Result(laptop, ApproveLink{Begin(tablet)}), Code::kUnsupported);
}

TEST_F(Link, RequestsForOthersAndNonsenseAreRefused) {
  WorldClient& bob = world_.AddRegistered("bob");
  WorldClient& laptop = world_.Add("alice");
  const Bytes request = Begin(laptop);
  EXPECT_EQ(Result(bob, ApproveLink{request}), Code::kWrongRecipient);
  EXPECT_EQ(Result(phone_, ApproveLink{Bytes(10, 1)}), Code::kMalformed);
  EXPECT_EQ(Result(laptop, CompleteLink{Bytes(10, 1)}), Code::kMalformed);
  EXPECT_EQ(Result(phone_, CompleteLink{Bytes(10, 1)}), Code::kWrongState);
}

TEST_F(Link, AnAnswerToAnotherRequestDoesNotFit) {
  WorldClient& laptop = world_.Add("alice");
  WorldClient& tablet = world_.Add("alice");
  const Bytes request = Begin(laptop);
  Begin(tablet);
  const RequestId approve = phone_.Do(ApproveLink{request});
  world_.Settle();
  EXPECT_EQ(Result(tablet, CompleteLink{phone_.ResultOf(approve)}), Code::kAuthFailed);
  EXPECT_EQ(Result(laptop, CompleteLink{phone_.ResultOf(approve)}), Code::kOk);
}

TEST_F(Link, ApprovingTwiceIsTheSameDevice) {
  WorldClient& laptop = world_.Add("alice");
  const Bytes request = Begin(laptop);
  EXPECT_EQ(Result(phone_, ApproveLink{request}), Code::kOk);
  const RequestId again = phone_.Do(ApproveLink{request});
  world_.Settle();
  EXPECT_EQ(phone_.Completed(again), Code::kOk);
  EXPECT_EQ(Result(laptop, CompleteLink{phone_.ResultOf(again)}), Code::kOk);
  EXPECT_EQ(laptop.engine().self()->device, DeviceId(2));
}

TEST_F(Link, KilledBetweenTheHalvesTheLinkGoesOn) {
  WorldClient& laptop = world_.Add("alice");
  const Bytes request = Begin(laptop);
  world_.Restart(laptop);
  world_.Settle();
  const RequestId approve = phone_.Do(ApproveLink{request});
  world_.Settle();
  const Bytes response = phone_.ResultOf(approve);
  laptop.kill_after_steps = laptop.steps() + 1;
  laptop.Do(CompleteLink{response});
  world_.Settle();
  ASSERT_FALSE(laptop.alive());
  world_.Restart(laptop);
  world_.Run(Seconds(5));
  EXPECT_EQ(laptop.Count(EventKind::kRegistered), 1u);
}

TEST_F(Link, ContactsAndTheirKeysComeAlong) {
  WorldClient& bob = world_.AddRegistered("bob");
  world_.MakeContacts(phone_, bob);
  WorldClient& laptop = test::LinkDevice(world_, phone_);
  const MessageId message = laptop.SendText(bob.address(), "from the laptop", world_.now());
  world_.Settle();
  EXPECT_THAT(bob.Texts(phone_.address()), ElementsAre("from the laptop"));
  EXPECT_EQ(bob.Count(EventKind::kContactRequest), 1u) << "the laptop is nobody new";
  EXPECT_EQ(laptop.StateOf(message), MessageState::kConfirmed);
}

}  // namespace
}  // namespace pawl::client
