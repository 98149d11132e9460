#include "relay/engine/sqlite/schema.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Schema = TestStore;

TEST_F(Schema, ADatabaseOfALaterReleaseIsLeftAlone) {
  EXPECT_THAT(db_->SetUserVersion(99), test::IsOk());
  writes_.reset();
  db_.reset();
  EXPECT_THAT(OpenToWrite(location_), test::HasCode(Code::kStoreTooNew));
}

TEST_F(Schema, StepsCountUpFromOne) {
  int32_t version = 0;
  for (const db::Migration& step : Migrations()) EXPECT_EQ(step.version, ++version);
  EXPECT_THAT(db_->UserVersion(), test::IsOkAndHolds(version));
}

// What an operator finds in relay.db is what FORMAT.md says: no column for a sender.
TEST_F(Schema, AnEnvelopeRowKnowsNoSender) {
  EXPECT_EQ(Count("SELECT group_concat(name, ' ') = 'id mbox mid received expires flags body' "
                  "FROM pragma_table_info('envelope')"),
            1);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
