#include "store/rows.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

enum class Colour { kRed = 1, kBlue = 2 };

class RowsTest : public StoreTest {
 protected:
  void SetUp() override {
    db::OpenOptions options;
    options.path = temp_.File("a.db");
    options.access = db::Access::kCreate;
    PAWL_ASSERT_OK_AND_ASSIGN(db_, db::Connection::Open(options, db::Key::From(HashOf(1))));
    batch_.emplace(db_.get());
  }
  // Reads one column of one row as T.
  template <typename T>
  absl::StatusOr<T> Read(Literal sql) {
    batch_->Start();
    PAWL_ASSIGN(db::Statement query, batch_->Prepare(sql));
    return SingleValue<T>(*batch_, query);
  }

  std::unique_ptr<db::Connection> db_;
  std::optional<Batch> batch_;
};

TEST_F(RowsTest, NumbersOutOfTheirTypesRangeAreCorrupt) {
  EXPECT_THAT(Read<uint32_t>("SELECT 4294967295"), IsOkAndHolds(4294967295u));
  EXPECT_THAT(Read<uint32_t>("SELECT 4294967296"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<uint32_t>("SELECT -1"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<uint16_t>("SELECT 65536"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<uint64_t>("SELECT -1"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<bool>("SELECT 2"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<int64_t>("SELECT -9223372036854775808"), IsOkAndHolds(INT64_MIN));
}

TEST_F(RowsTest, ArraysOfAnotherSizeAreCorrupt) {
  EXPECT_THAT(Read<MessageId>("SELECT zeroblob(16)"), IsOkAndHolds(MessageId()));
  EXPECT_THAT(Read<MessageId>("SELECT zeroblob(15)"), HasCode(Code::kCorrupt));
  EXPECT_THAT(Read<MessageId>("SELECT NULL"), HasCode(Code::kCorrupt));
}

TEST_F(RowsTest, UnknownCodesAndEnumerationsAreCorrupt) {
  EXPECT_THAT(Read<Code>("SELECT 402"), IsOkAndHolds(Code::kDiskFull));
  EXPECT_THAT(Read<Code>("SELECT 3"), HasCode(Code::kCorrupt));
  for (const int64_t value : {0, 3}) {
    batch_->Start();
    PAWL_ASSERT_OK_AND_ASSIGN(db::Statement query, batch_->Prepare("SELECT ?"));
    BindValues(query, value);
    EXPECT_THAT(FirstRow<Colour>(*batch_, query,
                                 [](Columns& in, Colour& out) {
                                   in.ReadEnum(out, Colour::kRed, Colour::kBlue);
                                 }),
                HasCode(Code::kCorrupt));
  }
  EXPECT_THAT(batch_->failure(), HasCode(Code::kCorrupt));
}

TEST_F(RowsTest, NeverIsNull) {
  EXPECT_THAT(Read<Timestamp>("SELECT NULL"), IsOkAndHolds(kNever));
  PAWL_ASSERT_OK_AND_ASSIGN(db::Statement query, batch_->Prepare("SELECT ? IS NULL, ? IS NULL"));
  BindValues(query, kNever, Timestamp{0});
  PAWL_ASSERT_OK_AND_ASSIGN(const bool row, query.Step());
  ASSERT_TRUE(row);
  EXPECT_EQ(query.Int(0), 1);
  EXPECT_EQ(query.Int(1), 0);
}

TEST_F(RowsTest, OptionalsAreNullOrTheirValue) {
  PAWL_ASSERT_OK_AND_ASSIGN(db::Statement query, batch_->Prepare("SELECT ?, ?"));
  const std::optional<ByteArray<32>> bound_none;
  const std::optional<ByteArray<32>> bound_some = HashOf(3);
  BindValues(query, bound_none, bound_some);
  PAWL_ASSERT_OK_AND_ASSIGN(const bool row, query.Step());
  ASSERT_TRUE(row);
  Columns columns(query);
  std::optional<ByteArray<32>> none = HashOf(1);
  std::optional<ByteArray<32>> some;
  columns.ReadAll(none, some);
  EXPECT_THAT(columns.Finish(), IsOk());
  EXPECT_EQ(none, std::nullopt);
  EXPECT_EQ(some, HashOf(3));
}

TEST_F(RowsTest, EmptyBytesAreEmptyAndNotNull) {
  PAWL_ASSERT_OK_AND_ASSIGN(db::Statement query, batch_->Prepare("SELECT ? IS NULL"));
  const crypto::SecretBytes empty;
  BindValues(query, empty);
  PAWL_ASSERT_OK_AND_ASSIGN(const bool row, query.Step());
  ASSERT_TRUE(row);
  EXPECT_EQ(query.Int(0), 0);
}

TEST_F(RowsTest, LimitsDoNotWrap) {
  EXPECT_EQ(RowLimit(5), 5);
  EXPECT_EQ(RowLimit(SIZE_MAX), INT64_MAX);
}

}  // namespace
}  // namespace pawl::store
