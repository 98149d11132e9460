#include "store/schema.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class SchemaTest : public StoreTest {
 protected:
  void SetUp() override {
    db::OpenOptions options;
    options.path = temp_.File("a.db");
    options.access = db::Access::kCreate;
    options.foreign_keys = true;
    PAWL_ASSERT_OK_AND_ASSIGN(db_, db::Connection::Open(options, db::Key::From(HashOf(1))));
    ASSERT_THAT(db::Migrate(*db_, Migrations()), IsOk());
  }
  // The plan of a query, one line per step.
  std::string PlanOf(Literal explained) {
    auto plan = db_->Prepare(explained);
    EXPECT_THAT(plan, IsOk());
    std::string text;
    while (*plan->Step()) text += std::string(plan->Text(3)) + "\n";
    return text;
  }
  std::unique_ptr<db::Connection> db_;
};

TEST_F(SchemaTest, CountsUpAndIsDoneOnce) {
  EXPECT_THAT(db_->UserVersion(), IsOkAndHolds(static_cast<int64_t>(Migrations().size())));
  EXPECT_THAT(db::Migrate(*db_, Migrations()), IsOk());
  EXPECT_THAT(db_->CheckIntegrity(db::IntegrityCheck::kFull), IsOk());
}

// What runs with every message or every page must not walk a table.
TEST_F(SchemaTest, FrequentQueriesGoThroughAnIndex) {
  using ::testing::HasSubstr;
  using ::testing::Not;
  const std::string plans[] = {
      PlanOf("EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE state = 1 AND id > 0 AND"
             " not_before <= 5 ORDER BY id LIMIT 9"),
      PlanOf("EXPLAIN QUERY PLAN SELECT min(not_before) FROM outbox WHERE state = 1"),
      PlanOf("EXPLAIN QUERY PLAN SELECT row FROM message WHERE conversation = x'' AND row < 5"
             " ORDER BY row DESC LIMIT 9"),
      PlanOf("EXPLAIN QUERY PLAN SELECT min(expires_at) FROM message WHERE expires_at IS NOT NULL"),
      PlanOf("EXPLAIN QUERY PLAN SELECT 1 FROM dedupe WHERE hash = x''"),
      PlanOf("EXPLAIN QUERY PLAN SELECT 1 FROM dedupe WHERE envelope = x''"),
      PlanOf(
          "EXPLAIN QUERY PLAN SELECT id FROM conversation WHERE (last_activity_at, id) < (1, x'')"
          " ORDER BY last_activity_at DESC, id DESC LIMIT 9"),
      PlanOf("EXPLAIN QUERY PLAN SELECT id FROM session WHERE retired_until <= 5"),
      PlanOf("EXPLAIN QUERY PLAN SELECT tag FROM skipped WHERE expires_at <= 5 LIMIT 9"),
  };
  for (const std::string& plan : plans) {
    EXPECT_THAT(plan, HasSubstr("INDEX"));
    EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
  }
}

}  // namespace
}  // namespace pawl::store
