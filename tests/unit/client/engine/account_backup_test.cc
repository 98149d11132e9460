#include "client/engine/account_backup.h"

#include <gtest/gtest.h>

#include "client/engine/self.h"
#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

// As little work as a backup may ask for.
constexpr crypto::Argon2Params kQuick{.memory_mib = crypto::kArgon2FloorMib, .passes = 1};

class AccountBackupTest : public ::testing::Test {
 protected:
  AccountBackupTest() : rng_(5) {
    EXPECT_THAT(crypto::Init(), IsOk());
    const auto alice = *identity::Address::Parse("alice@example.org");
    const auto self = MakeFirstDevice(alice, test::FakeClock::kStart, rng_);
    EXPECT_THAT(self, IsOk());
    account_.emplace(AccountBackup{.address = alice,
                                   .account_key = self->account_key->seed().Clone(),
                                   .device_list = self->list.record(),
                                   .delivery_key = rng_.Array<32>(),
                                   .contacts = {}});
    BackedUpContact bob{.address = *identity::Address::Parse("bob@example.org")};
    bob.account_key = rng_.Array<32>();
    bob.state = ContactState::kAccepted;
    bob.verified = true;
    bob.delivery_key = rng_.Array<32>();
    account_->contacts.push_back(bob);
    auto key = DeriveBackupKey("correct horse", kQuick, rng_);
    EXPECT_THAT(key, IsOk());
    blob_ = SealBackup(*account_, *key, rng_);
  }

  test::SeededRng rng_;
  std::optional<AccountBackup> account_;
  Bytes blob_;
};

TEST_F(AccountBackupTest, ComesBackUnderItsPassphrase) {
  const auto opened = OpenBackup(blob_, "correct horse");
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->address, account_->address);
  EXPECT_TRUE(opened->account_key.Equals(account_->account_key));
  EXPECT_EQ(opened->device_list, account_->device_list);
  EXPECT_EQ(opened->delivery_key, account_->delivery_key);
  ASSERT_EQ(opened->contacts.size(), 1u);
  EXPECT_EQ(opened->contacts[0].address, account_->contacts[0].address);
  EXPECT_EQ(opened->contacts[0].account_key, account_->contacts[0].account_key);
  EXPECT_EQ(opened->contacts[0].delivery_key, account_->contacts[0].delivery_key);
  EXPECT_EQ(opened->contacts[0].state, ContactState::kAccepted);
  EXPECT_TRUE(opened->contacts[0].verified);
}

TEST_F(AccountBackupTest, HidesEverything) {
  const std::string text(blob_.begin(), blob_.end());
  EXPECT_EQ(text.find("alice"), std::string::npos);
  EXPECT_EQ(text.find("bob"), std::string::npos);
}

TEST_F(AccountBackupTest, AnotherPassphraseOrDamageIsTheSame) {
  EXPECT_THAT(OpenBackup(blob_, "correct horsf"), HasCode(Code::kWrongKey));
  for (const size_t at : {size_t{5}, size_t{30}, blob_.size() / 2, blob_.size() - 1}) {
    Bytes damaged = blob_;
    damaged[at] ^= 1;
    EXPECT_THAT(OpenBackup(damaged, "correct horse"), HasCode(Code::kWrongKey)) << at;
  }
}

TEST_F(AccountBackupTest, OtherFilesAreRefusedBeforeAnyWork) {
  EXPECT_THAT(OpenBackup({}, "x"), HasCode(Code::kMalformed));
  EXPECT_THAT(OpenBackup(Bytes(100, 7), "x"), HasCode(Code::kMalformed));
  for (size_t length = 0; length < 60; ++length) {
    EXPECT_THAT(OpenBackup(ByteView(blob_).first(length), "x"), HasCode(Code::kMalformed));
  }
  Bytes later = blob_;
  later[4] = 2;
  EXPECT_THAT(OpenBackup(later, "correct horse"), HasCode(Code::kUnsupportedVersion));
  // A file that asks for four tebibytes of memory.
  Bytes greedy = blob_;
  greedy[21] = 0xff;
  EXPECT_THAT(OpenBackup(greedy, "correct horse"), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::client
