#include "relay/engine/sqlite/lookup.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Lookup = TestStore;

TEST_F(Lookup, NamesMeanRowsAndNothingElseDoes) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  PAWL_ASSERT_OK_AND_ASSIGN(const int64_t account, FindAccount(*db_, "bob@x"));
  EXPECT_GT(account, 0);
  EXPECT_THAT(FindMailbox(*db_, account, DeviceId(1)), test::IsOkAndHolds(mailbox));
  EXPECT_THAT(AccountOf(*db_, mailbox), test::IsOkAndHolds(account));
  EXPECT_THAT(FindAccount(*db_, "bob"), test::IsOkAndHolds(0));
  EXPECT_THAT(FindAccount(*db_, "bob@x' OR '1'='1"), test::IsOkAndHolds(0));
  EXPECT_THAT(FindMailbox(*db_, account, DeviceId(2)), test::IsOkAndHolds(MailboxRef(0)));
  EXPECT_THAT(AccountOf(*db_, MailboxRef(99)), test::IsOkAndHolds(0));
  EXPECT_THAT(CountOneTime(*db_, mailbox), test::IsOkAndHolds(0));
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
