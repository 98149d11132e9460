#include "session/skipped_rows.h"

#include <gmock/gmock.h>

#include "support/matchers.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;

class SkippedRowsTest : public testing::Test {
 protected:
  SkippedRowsTest() {
    core_.peer.emplace();
    core_.receiving.emplace();
  }
  absl::Status Insert(const SkippedRow& row) { return InsertRow(row, core_, ec_, pq_); }

  ratchet::Core core_;
  ratchet::SkippedKeys ec_;
  ratchet::braid::SkippedPqMap pq_;
};

const ratchet::braid::PqKeyId kId{ratchet::braid::Epoch(3), 7};

TEST_F(SkippedRowsTest, KeysOfBothKindsComeBackWhereTheyBelong) {
  const RouteTag tag(ByteArray<16>{1, 2, 3});
  EXPECT_THAT(Insert(ToRow(tag, ratchet::SkippedKey{0, 4, Timestamp{5}})), IsOk());
  ratchet::braid::SkippedPqKey key{Timestamp{6}};
  key.key.Writable()[0] = 9;
  EXPECT_THAT(Insert(ToRow(kId, key)), IsOk());
  ASSERT_NE(ec_.Find(tag), nullptr);
  EXPECT_EQ(ec_.Find(tag)->n, 4u);
  ASSERT_TRUE(pq_.contains(kId));
  EXPECT_EQ(pq_.at(kId).expires_at, Timestamp{6});
  EXPECT_TRUE(pq_.at(kId).key.Equals(key.key));
}

TEST_F(SkippedRowsTest, TwiceOrOfAnUnknownChainIsMalformed) {
  const SkippedRow row = ToRow(kId, ratchet::braid::SkippedPqKey());
  EXPECT_THAT(Insert(row), IsOk());
  EXPECT_THAT(Insert(row), HasCode(Code::kMalformed));
  EXPECT_THAT(Insert(ToRow(RouteTag(), ratchet::SkippedKey{1, 0, {}})), HasCode(Code::kMalformed));
}

TEST_F(SkippedRowsTest, ANameThatContradictsItsValueIsMalformed) {
  SkippedRow row = ToRow(kId, ratchet::braid::SkippedPqKey());
  row.tag = RowName({kId.epoch, kId.index + 1});
  EXPECT_THAT(Insert(row), HasCode(Code::kMalformed));
}

TEST_F(SkippedRowsTest, MoreThanASessionKeepsIsMalformed) {
  for (uint32_t i = 1; i <= ratchet::braid::kMaxSkippedPqKeys; ++i) {
    ASSERT_THAT(Insert(ToRow({kId.epoch, i}, ratchet::braid::SkippedPqKey())), IsOk());
  }
  EXPECT_THAT(Insert(ToRow({kId.epoch, 0}, ratchet::braid::SkippedPqKey())),
              HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::session
