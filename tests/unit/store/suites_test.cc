#include "store/suites.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Suites, KeepTheirOrder) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes bytes, EncodeSuites({2, 1, 0xffff}));
  EXPECT_THAT(bytes, ElementsAre(0, 2, 0, 1, 0xff, 0xff));
  EXPECT_THAT(DecodeSuites(bytes), IsOkAndHolds(ElementsAre(2, 1, 0xffff)));
  EXPECT_THAT(DecodeSuites({}), IsOkAndHolds(IsEmpty()));
}

TEST(Suites, AreBounded) {
  EXPECT_THAT(EncodeSuites(std::vector<uint16_t>(16)), IsOk());
  EXPECT_THAT(EncodeSuites(std::vector<uint16_t>(17)), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(DecodeSuites(Bytes(32)), IsOk());
  EXPECT_THAT(DecodeSuites(Bytes(34)), HasCode(Code::kCorrupt));
  EXPECT_THAT(DecodeSuites(Bytes(3)), HasCode(Code::kCorrupt));
}

}  // namespace
}  // namespace pawl::store
