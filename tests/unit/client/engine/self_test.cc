#include "client/engine/self.h"

#include <gtest/gtest.h>

#include "crypto/init.h"
#include "identity/epoch_record.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

class SelfTest : public ::testing::Test {
 protected:
  SelfTest() : rng_(2) {
    EXPECT_THAT(crypto::Init(), IsOk());
    auto self = MakeFirstDevice(*identity::Address::Parse("alice@example.org"),
                                test::FakeClock::kStart, rng_);
    EXPECT_THAT(self, IsOk());
    self_.emplace(*std::move(self));
  }
  test::SeededRng rng_;
  std::optional<Self> self_;
};

TEST_F(SelfTest, AFirstDeviceIsListedAndProvesItsEpoch) {
  EXPECT_EQ(self_->device.address.device, DeviceId(1));
  EXPECT_EQ(self_->list.fields().version, 1u);
  const auto* entry = self_->list.Find(DeviceId(1));
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->signing_key, self_->signing.pub());
  const auto epoch = identity::EpochRecord::Parse(self_->device.epoch_record, entry->signing_key);
  ASSERT_THAT(epoch, IsOk());
  EXPECT_EQ(epoch->epoch, DeviceEpoch(1));
  EXPECT_EQ(epoch->identity_key, self_->device.identity_key.pub);
}

TEST_F(SelfTest, SurvivesTheStore) {
  self_->registered = true;
  self_->relay_url = "wss://relay.example.org";
  const auto again = DecodeSelf(EncodeSelf(*self_));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->device.address, self_->device.address);
  EXPECT_EQ(again->device.epoch_record, self_->device.epoch_record);
  EXPECT_EQ(again->device.list, self_->list.ref());
  EXPECT_TRUE(again->device.identity_key.secret.Equals(self_->device.identity_key.secret));
  EXPECT_TRUE(again->signing.seed().Equals(self_->signing.seed()));
  ASSERT_TRUE(again->account_key);
  EXPECT_EQ(again->delivery_key, self_->delivery_key);
  EXPECT_EQ(again->relay_url, self_->relay_url);
  EXPECT_TRUE(again->registered);
}

TEST_F(SelfTest, ADamagedRowIsCorrupt) {
  auto row = EncodeSelf(*self_);
  row.delivery_key = crypto::SecretBytes(31);
  EXPECT_THAT(DecodeSelf(row), HasCode(Code::kCorrupt));
  row = EncodeSelf(*self_);
  row.device_seed = crypto::SecretBytes(5);
  EXPECT_THAT(DecodeSelf(row), HasCode(Code::kCorrupt));
}

TEST_F(SelfTest, TheNextListChainsAndIsNeverOlder) {
  const auto next = SignNextList(*self_, self_->list.fields().devices, Timestamp{0});
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(identity::Judge(&self_->list, *next, test::FakeClock::kStart),
            identity::ListVerdict::kNewer);
  EXPECT_GT(next->fields().issued_at, self_->list.fields().issued_at) << "our clock was set back";
}

TEST_F(SelfTest, WithoutTheAccountKeyNothingIsSigned) {
  self_->account_key.reset();
  EXPECT_THAT(SignNextList(*self_, self_->list.fields().devices, test::FakeClock::kStart),
              HasCode(Code::kUnsupported));
}

}  // namespace
}  // namespace pawl::client
