#include "client/engine/own_prekeys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/step_world.h"

namespace pawl::client {
namespace {

using session::HandshakeId;
using session::PrekeyId;
using store::PrekeyKind;
using test::HasCode;
using test::IsOk;
using ::testing::SizeIs;

class OwnPrekeys : public ::testing::Test {
 protected:
  OwnPrekeys() { world_.MakeAccount(); }
  template <typename What>
  void Step(const What& what) {
    ASSERT_THAT(world_.Step(what), IsOk());
  }
  std::vector<store::PrekeyRow> Rows(PrekeyKind kind) {
    return world_.Read([&](auto& tx) { return test::Must(tx.prekeys().LoadKind(kind)); });
  }
  bool HasOneTime(PrekeyId id) {
    bool there = false;
    Step([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(const auto keys, FindOneTime(batch, id));
      there = keys.has_value();
      if (there) {
        EXPECT_EQ(keys->id, id);
      }
      return OkStatus();
    });
    return there;
  }
  bool IsPutDue() { return world_.state().duties[Duty::kPutPrekeys].due; }
  const Self& self() { return *world_.state().self; }
  const session::BundleKeys& newest() { return world_.state().bundle_keys->front(); }
  test::StepWorld world_;
};

TEST_F(OwnPrekeys, ARotationMakesFreshKeysAndKeepsTheOldOnesForAMonth) {
  const PrekeyId before = newest().signed_prekey_id;
  world_.clock.Advance(Days(7));
  Step(RotateBundle);
  const auto& keys = *world_.state().bundle_keys;
  ASSERT_THAT(keys, SizeIs(2));
  EXPECT_GT(newest().signed_prekey_id, before);
  EXPECT_EQ(newest().replaced_at, std::nullopt);
  EXPECT_EQ(keys[1].signed_prekey_id, before);
  EXPECT_EQ(keys[1].replaced_at, world_.clock.Now());
  const auto rows = Rows(PrekeyKind::kBundle);
  EXPECT_EQ(rows[0].expires_at, kNever);
  EXPECT_EQ(rows[1].expires_at, world_.clock.Now() + session::kPrekeyRetention);
  EXPECT_TRUE(IsPutDue());
  EXPECT_FALSE(rows[0].uploaded);

  const Timestamp first_end = rows[1].expires_at;
  world_.clock.Advance(Days(7));
  Step(RotateBundle);
  EXPECT_EQ(Rows(PrekeyKind::kBundle)[2].expires_at, first_end) << "put off by a rotation";
}

TEST_F(OwnPrekeys, ABundleThatWasReplacedBeforeItWasPutIsNotPutAnyMore) {
  Step(RotateBundle);
  Step(RotateBundle);
  const auto waiting =
      world_.Read([](auto& tx) { return test::Must(tx.prekeys().LoadNotUploaded(10)); });
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].id, *newest().seal_key_id);
}

TEST_F(OwnPrekeys, WhatIsPutIsSignedByThisDeviceAndFitsThePrivateKeys) {
  const auto rows = Rows(PrekeyKind::kBundle);
  const auto bundle = identity::Bundle::Parse(rows[0].public_record, self().signing.pub());
  ASSERT_THAT(bundle, IsOk());
  EXPECT_EQ(bundle->device, self().device.address);
  EXPECT_EQ(bundle->signed_prekey, newest().signed_prekey.pub);
  EXPECT_EQ(bundle->suites, world_.state().config.suites);
  Step([](Batch& batch) { return MakeOneTimePairs(batch, 1); });
  const auto pairs = Rows(PrekeyKind::kOneTime);
  ASSERT_THAT(pairs, SizeIs(1));
  const auto pair = identity::OneTimePair::Parse(pairs[0].public_record, self().signing.pub());
  ASSERT_THAT(pair, IsOk());
  EXPECT_EQ(pair->device, self().device.address);
  EXPECT_EQ(*pair->id, pairs[0].id);
  EXPECT_EQ(pairs[0].expires_at, pair->expires_at + session::kPrekeyRetention);
}

TEST_F(OwnPrekeys, NoIdIsGivenTwiceNotEvenAfterARestart) {
  std::vector<uint32_t> ids;
  for (int round = 0; round < 2; ++round) {
    Step([](Batch& batch) { return MakeOneTimePairs(batch, 3); });
    for (const auto& row : Rows(PrekeyKind::kOneTime)) {
      ids.push_back(row.id);
      Step([&](Batch& batch) { return ConsumeOneTime(batch, PrekeyId(row.id)); });
    }
    ASSERT_THAT(world_.Restart(), IsOk());
  }
  ASSERT_THAT(ids, SizeIs(6));
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  EXPECT_GT(ids.front(), *newest().last_resort_id);
}

TEST_F(OwnPrekeys, NoPairsAreNothingToPut) {
  Step([](Batch& batch) { return MakeOneTimePairs(batch, 0); });
  EXPECT_FALSE(IsPutDue());
}

TEST_F(OwnPrekeys, ThePoolIsFilledUpFromBelowItsMarkOnceAtATime) {
  const auto top_up = [&](uint32_t left) {
    Step([&](Batch& batch) {
      batch.one_time_left = left;
      return TopUp(batch);
    });
    return Rows(PrekeyKind::kOneTime).size();
  };
  EXPECT_EQ(top_up(session::kOneTimePoolLow), 0u);
  EXPECT_EQ(top_up(session::kOneTimePoolLow - 1), 81u);
  EXPECT_TRUE(IsPutDue());
  EXPECT_EQ(top_up(0), 81u) << "those are still on their way";
}

TEST_F(OwnPrekeys, APairIsUsedOnce) {
  Step([](Batch& batch) { return MakeOneTimePairs(batch, 2); });
  const auto rows = Rows(PrekeyKind::kOneTime);
  const PrekeyId used(rows[0].id), kept(rows[1].id);
  ASSERT_TRUE(HasOneTime(used));
  Step([&](Batch& batch) {
    batch.one_time_left = 2;
    return ConsumeOneTime(batch, used);
  });
  EXPECT_FALSE(HasOneTime(used));
  EXPECT_TRUE(HasOneTime(kept));
  EXPECT_FALSE(HasOneTime(PrekeyId(99'999))) << "never ours";
  EXPECT_EQ(world_.state().one_time_left, 1u);
  Step([&](Batch& batch) {
    batch.one_time_left = 0;
    return ConsumeOneTime(batch, used);
  });
  EXPECT_EQ(world_.state().one_time_left, 0u) << "the relay's count was behind";
}

TEST_F(OwnPrekeys, AHandshakeWithoutAPairIsRememberedAsLongAsItsKey) {
  const HandshakeId handshake({7}), other({8});
  const PrekeyId last_resort = newest().last_resort_id;
  const auto replayed = [&](const HandshakeId& id) {
    bool seen = false;
    Step([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(seen, IsReplayed(batch, id));
      return OkStatus();
    });
    return seen;
  };
  EXPECT_FALSE(replayed(handshake));
  Step([&](Batch& batch) { return RememberHandshake(batch, last_resort, handshake); });
  EXPECT_TRUE(replayed(handshake));
  EXPECT_FALSE(replayed(other));
  EXPECT_EQ(newest().last_resort_id, last_resort) << "one is far from too many";
}

TEST_F(OwnPrekeys, ALastResortKeyThatHasSeenTooManyIsReplacedAndErased) {
  const PrekeyId last_resort = newest().last_resort_id;
  Step([&](Batch& batch) -> absl::Status {
    for (uint32_t i = 0; i + 2 < session::kMaxReplayCacheEntries; ++i) {
      ByteArray<32> handshake{1};
      for (int b = 0; b < 4; ++b) handshake[4 + b] = static_cast<uint8_t>(i >> (8 * b));
      PAWL_TRY(batch.tx.replay().Add({.last_resort_id = *last_resort, .handshake = handshake}));
    }
    return RememberHandshake(batch, last_resort, HandshakeId({2}));
  });
  EXPECT_EQ(newest().last_resort_id, last_resort) << "room for one more";
  Step([&](Batch& batch) { return RememberHandshake(batch, last_resort, HandshakeId({3})); });
  ASSERT_THAT(*world_.state().bundle_keys, SizeIs(1)) << "the full one is gone";
  EXPECT_GT(newest().last_resort_id, last_resort);
  EXPECT_TRUE(IsPutDue());
}

TEST_F(OwnPrekeys, ADamagedRowIsCorrupt) {
  Step([](Batch& batch) { return MakeOneTimePairs(batch, 1); });
  auto row = std::move(Rows(PrekeyKind::kOneTime)[0]);
  row.private_part = crypto::SecretBytes(3);
  const PrekeyId id(row.id);
  EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
    PAWL_TRY(batch.tx.prekeys().Save(row));
    return FindOneTime(batch, id).status();
  }),
              HasCode(Code::kCorrupt));
  row = std::move(Rows(PrekeyKind::kBundle)[0]);
  row.private_part = crypto::SecretBytes(3);
  Step([&](Batch& batch) { return batch.tx.prekeys().Save(row); });
  EXPECT_THAT(world_.Restart(), HasCode(Code::kCorrupt));
}

TEST_F(OwnPrekeys, ARelayThatAlwaysSaysNoneAreLeftDoesNotFillTheStore) {
  const auto says_none = [&] {
    Step([](Batch& batch) {
      batch.duties[Duty::kPutPrekeys].due = false;  // the last put was taken
      batch.one_time_left = 0;
      return TopUpAtTheirWord(batch);
    });
    return Rows(PrekeyKind::kOneTime).size();
  };
  EXPECT_EQ(says_none(), session::kOneTimePoolTarget);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(says_none(), session::kOneTimePoolTarget);
  world_.clock.Advance(kTopUpInterval);
  EXPECT_EQ(says_none(), 2 * session::kOneTimePoolTarget);
  const uint32_t newest_before = Rows(PrekeyKind::kOneTime).front().id;
  for (int i = 0; i < 12; ++i) {
    world_.clock.Advance(kTopUpInterval);
    says_none();
  }
  const auto rows = Rows(PrekeyKind::kOneTime);
  EXPECT_THAT(rows, SizeIs(kMaxOneTimeKept));
  EXPECT_GT(rows.front().id, newest_before) << "the oldest went";
}

}  // namespace
}  // namespace pawl::client
