#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "client/engine/devices.h"
#include "support/world.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;
using ::testing::ElementsAre;

class Initiate : public ::testing::Test {
 protected:
  Initiate() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {}
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
};

TEST_F(Initiate, AnExpiredBundleHoldsTheMessageUntilThePeerComesBack) {
  world_.Kill(bob_);
  world_.Run(Days(100));
  const MessageId message = alice_.SendText(bob_.address(), "long time", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kQueued);
  EXPECT_EQ(alice_.Last(EventKind::kMessageState)->code, Code::kPeerBundleExpired);
  world_.Restart(bob_);
  world_.Run(Hours(7));
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("long time"));
}

TEST_F(Initiate, WithoutOneTimePairsTheLastResortServes) {
  alice_.faults.on_input = [](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (!reply) return true;
    if (auto* records = std::get_if<PrekeyRecords>(&reply->body)) records->one_time = {};
    return true;
  };
  alice_.SendText(bob_.address(), "hello", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello"));
}

TEST_F(Initiate, TamperedRecordsMakeNoSession) {
  std::deque<Bytes> kept;
  bool tamper = true;
  alice_.faults.on_input = [&](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (!reply || !tamper) return true;
    if (auto* records = std::get_if<PrekeyRecords>(&reply->body)) {
      kept.push_back(ToBytes(records->bundle));
      kept.back()[60] ^= 1;
      records->bundle = kept.back();
    }
    return true;
  };
  const MessageId message = alice_.SendText(bob_.address(), "hello", world_.now());
  world_.Run(Minutes(1));
  EXPECT_EQ(alice_.StateOf(message), MessageState::kQueued);
  tamper = false;
  world_.Run(Minutes(20));
  EXPECT_EQ(alice_.StateOf(message), MessageState::kAtRelay);
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("hello"));
}

TEST_F(Initiate, DevicesOfDifferentSuitesUnderstandEachOther) {
  Config config = World::DefaultClient();
  config.suites = {crypto::Suite::kAegis256, crypto::Suite::kXChaCha20Poly1305};
  WorldClient& carol = world_.AddRegistered("carol", config);
  carol.SendText(bob_.address(), "from AEGIS", world_.now());
  world_.Settle();
  bob_.SendText(carol.address(), "to AEGIS", world_.now());
  world_.Settle();
  EXPECT_THAT(bob_.Texts(carol.address()), ElementsAre("from AEGIS"));
  EXPECT_THAT(carol.Texts(bob_.address()), ElementsAre("to AEGIS"));
}

TEST_F(Initiate, WithoutACommonSuiteTheMessageWaitsAndSaysWhy) {
  Config config = World::DefaultClient();
  config.suites = {crypto::Suite::kAegis256};
  WorldClient& carol = world_.AddRegistered("carol", config);
  const MessageId message = carol.SendText(bob_.address(), "hello?", world_.now());
  world_.Settle();
  EXPECT_EQ(carol.StateOf(message), MessageState::kQueued);
}

TEST_F(Initiate, ClocksMayBeDaysApart) {
  WorldClient& carol = world_.Add("carol");
  carol.skew = Days(5);
  const RequestId registered = carol.Do(Register{.address = carol.address()});
  world_.Settle();
  ASSERT_EQ(carol.Completed(registered), Code::kOk);
  WorldClient& dave = world_.Add("dave");
  dave.skew = Days(-1);
  dave.Do(Register{.address = dave.address()});
  world_.Settle();
  carol.SendText(dave.address(), "from the future", world_.now());
  world_.Settle();
  dave.SendText(carol.address(), "from the past", world_.now());
  world_.Settle();
  EXPECT_THAT(dave.Texts(carol.address()), ElementsAre("from the future"));
  EXPECT_THAT(carol.Texts(dave.address()), ElementsAre("from the past"));
}

TEST_F(Initiate, ThoseWhoBeginAtTheSameTimeComeTogether) {
  alice_.SendText(bob_.address(), "a1", world_.now());
  bob_.SendText(alice_.address(), "b1", world_.now());
  world_.Settle();
  for (int i = 2; i < 5; ++i) {
    alice_.SendText(bob_.address(), "a" + std::to_string(i), world_.now());
    bob_.SendText(alice_.address(), "b" + std::to_string(i), world_.now());
    world_.Settle();
  }
  EXPECT_THAT(bob_.Texts(alice_.address()), ElementsAre("a1", "a2", "a3", "a4"));
  EXPECT_THAT(alice_.Texts(bob_.address()), ElementsAre("b1", "b2", "b3", "b4"));
  EXPECT_EQ(alice_.Count(EventKind::kSessionReset) + bob_.Count(EventKind::kSessionReset), 0u);
}

}  // namespace
}  // namespace pawl::client
