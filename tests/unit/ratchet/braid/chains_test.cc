#include "ratchet/braid/chains.h"

#include <gmock/gmock.h>

#include "crypto/init.h"
#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

using test::HasCode;
using test::IsOk;

class ChainsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), IsOk()); }
  PqKeyId Send(Epoch epoch, PqKey* key = nullptr) {
    auto sending = PrepareSendingKey(scheme, a_, epoch);
    EXPECT_THAT(sending, IsOk());
    const PqKeyId id = sending->id;
    if (key != nullptr) *key = std::move(sending->key);
    SkippedPqDelta delta(a_skipped_);
    ApplySendingKey(scheme, *std::move(sending), a_, delta);
    std::move(delta).CommitTo(a_skipped_);
    return id;
  }
  absl::StatusOr<PqKey> Receive(const PqKeyId& id, Timestamp now = Timestamp{0}) {
    SkippedPqDelta delta(b_skipped_);
    auto key = PrepareReceivingKey(scheme, b_, delta, id, now, now + Seconds(100));
    if (!key.ok()) return key.status();
    PqKey out = std::move(key->key);
    ApplyReceivingKey(*std::move(key), b_, delta);
    std::move(delta).CommitTo(b_skipped_);
    return out;
  }
  Code CodeOfReceiving(const PqKeyId& id, Timestamp now = Timestamp{0}) {
    return CodeOf(Receive(id, now));
  }
  void NextEpoch() {
    a_.AddEpoch(scheme, EpochSecret::Zero());
    b_.AddEpoch(scheme, EpochSecret::Zero());
  }

  Chains a_ = Chains::Start(scheme, Role::kInitiator, SharedAuthKey());
  Chains b_ = Chains::Start(scheme, Role::kResponder, SharedAuthKey());
  SkippedPqMap a_skipped_, b_skipped_;
};

TEST_F(ChainsTest, EachDirectionAndEachEpochHasKeysOfItsOwn) {
  std::set<std::string> keys;
  for (uint64_t epoch = 0; epoch < 3; ++epoch) {
    PqKey sent = PqKey::Zero();
    const PqKeyId id = Send(Epoch(epoch), &sent);
    PAWL_ASSERT_OK_AND_ASSIGN(const PqKey received, Receive(id));
    EXPECT_TRUE(received.Equals(sent));
    EXPECT_TRUE(keys.insert(std::string(AsText(sent.Expose()))).second);
    PAWL_ASSERT_OK_AND_ASSIGN(const SendingKey other, PrepareSendingKey(scheme, b_, Epoch(epoch)));
    EXPECT_TRUE(keys.insert(std::string(AsText(other.key.Expose()))).second);
    NextEpoch();
  }
}

TEST_F(ChainsTest, AKeyThatWasJumpedOverIsKeptForItsMessageUntilItExpires) {
  const PqKeyId first = Send(Epoch(0)), second = Send(Epoch(0)), third = Send(Epoch(0));
  EXPECT_THAT(Receive(third), IsOk());
  EXPECT_EQ(b_skipped_.size(), 2u);
  EXPECT_THAT(Receive(second), IsOk());
  EXPECT_EQ(CodeOfReceiving(second), Code::kReplayed);
  EXPECT_EQ(CodeOfReceiving(third), Code::kReplayed);
  EXPECT_EQ(CodeOfReceiving(first, Timestamp{0} + Seconds(100)), Code::kExpired);
  EXPECT_THAT(Receive(first), IsOk());
  EXPECT_TRUE(b_skipped_.empty());
}

TEST_F(ChainsTest, AJumpIsBoundedBeforeAnythingIsDerived) {
  EXPECT_EQ(CodeOfReceiving({Epoch(0), kMaxPqJump + 1}), Code::kTooFarAhead);
  EXPECT_EQ(CodeOfReceiving({Epoch(0), UINT32_MAX}), Code::kTooFarAhead);
  EXPECT_THAT(Receive({Epoch(0), kMaxPqJump}), IsOk());
  EXPECT_EQ(b_skipped_.size(), kMaxPqJump - 1);
}

TEST_F(ChainsTest, AnEpochThatHasNotBegunIsNotOneOfThePeers) {
  EXPECT_EQ(CodeOfReceiving({Epoch(1), 1}), Code::kMalformed);
  EXPECT_THAT(PrepareSendingKey(scheme, a_, Epoch(1)), HasCode(Code::kWrongState));
}

TEST_F(ChainsTest, EpochsAreKeptForAWhileAndThenForgottenWithTheirSkippedKeys) {
  const PqKeyId lost = Send(Epoch(0));
  const PqKeyId late = Send(Epoch(0));
  EXPECT_THAT(Receive(late), IsOk());
  EXPECT_EQ(b_skipped_.size(), 1u);
  for (size_t i = 0; i < scheme.kept_epochs + 1; ++i) {
    EXPECT_EQ(b_.oldest(), Epoch(0));
    NextEpoch();
    auto sending = PrepareSendingKey(scheme, b_, b_.newest);
    ASSERT_THAT(sending, IsOk());
    SkippedPqDelta delta(b_skipped_);
    ApplySendingKey(scheme, *std::move(sending), b_, delta);
    std::move(delta).CommitTo(b_skipped_);
  }
  EXPECT_EQ(b_.oldest(), Epoch(1));
  EXPECT_EQ(CodeOfReceiving(lost), Code::kExpired);
  EXPECT_TRUE(b_skipped_.empty());
}

TEST_F(ChainsTest, SendingNeverGoesBack) {
  NextEpoch();
  Send(Epoch(0));
  Send(Epoch(1));
  EXPECT_THAT(PrepareSendingKey(scheme, a_, Epoch(0)), HasCode(Code::kWrongState));
  EXPECT_FALSE(a_.Find(Epoch(0))->sending.has_value()) << "its key is wiped";
}

}  // namespace
}  // namespace pawl::ratchet::braid
