#include "base/status.h"

#include <gmock/gmock.h>

#include <memory>
#include <set>
#include <string>

#include "support/matchers.h"

namespace pawl {
namespace {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

TEST(Status, CarriesItsCodeAndText) {
  const absl::Status status = Fail(Code::kAuthFailed, "tag does not match");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status), Code::kAuthFailed);
  EXPECT_EQ(MessageOf(status), "tag does not match");
  EXPECT_EQ(CodeOf(OkStatus()), Code::kOk);
}

TEST(Status, ACodeWithoutTextIsStillAnError) {
  EXPECT_THAT(Fail(Code::kIo, ""), HasCode(Code::kIo));
}

TEST(Status, AStatusThatIsNotOursIsInternal) {
  EXPECT_EQ(CodeOf(absl::NotFoundError("theirs")), Code::kInternal);
  EXPECT_EQ(CodeOf(absl::Status(static_cast<absl::StatusCode>(999), "")), Code::kInternal);
}

TEST(Status, EveryCodeHasItsOwnNameAndSurvivesTheJourney) {
  std::set<std::string_view> names;
  for (int32_t number = 1; number < 1000; ++number) {
    const Code code = static_cast<Code>(number);
    if (CodeName(code).empty()) continue;
    EXPECT_TRUE(names.insert(CodeName(code)).second) << CodeName(code);
    EXPECT_EQ(CodeOf(Fail(code, "x")), code) << CodeName(code);
  }
  EXPECT_EQ(names.size(), 52u);
  EXPECT_EQ(CodeName(Code::kOk), "OK");
  EXPECT_EQ(CodeName(Code::kDeviceListRolledBack), "DEVICE_LIST_ROLLED_BACK");
}

absl::StatusOr<std::unique_ptr<int>> Make(bool well) {
  if (!well) return Fail(Code::kNotFound, "none");
  return std::make_unique<int>(7);
}

absl::StatusOr<int> Twice(bool first, bool second) {
  PAWL_ASSIGN(auto a, Make(first));
  PAWL_ASSIGN(const std::unique_ptr<int> b, Make(second));
  return *a + *b;
}

absl::Status Both(bool first, bool second, int* reached) {
  PAWL_TRY(Make(first).status());
  ++*reached;
  PAWL_TRY(Make(second).status());
  ++*reached;
  return OkStatus();
}

TEST(Status, AssignTakesTheValueOrReturnsTheError) {
  EXPECT_THAT(Twice(true, true), IsOkAndHolds(14));
  EXPECT_THAT(Twice(true, false), HasCode(Code::kNotFound));
}

TEST(Status, TryReturnsTheFirstError) {
  int reached = 0;
  EXPECT_THAT(Both(true, false, &reached), HasCode(Code::kNotFound));
  EXPECT_EQ(reached, 1);
  EXPECT_THAT(Both(true, true, &reached), IsOk());
}

}  // namespace
}  // namespace pawl
