#include "transport/request_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::transport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RequestTable, ARequestEndsOnce) {
  RequestTable table(8);
  const RequestNumber request = table.Add(Timestamp{100});
  EXPECT_TRUE(table.Finish(request));
  EXPECT_FALSE(table.Finish(request));
  EXPECT_THAT(table.Expire(Timestamp{1000}), IsEmpty());
  EXPECT_THAT(table.TakeAll(), IsEmpty());
}

TEST(RequestTable, NumbersStartAtOneAndNeverComeBack) {
  RequestTable table(8);
  EXPECT_EQ(table.next(), RequestNumber(1));
  EXPECT_EQ(table.Add(Timestamp{1}), RequestNumber(1));
  table.TakeAll();
  EXPECT_EQ(table.Add(Timestamp{1}), RequestNumber(2));
  EXPECT_FALSE(table.Finish(RequestNumber(1)));
  EXPECT_FALSE(table.Finish(RequestNumber(0)));
  EXPECT_FALSE(table.Finish(RequestNumber(3)));
}

TEST(RequestTable, OnTheWireNumbersStartAtOneWithEverySocket) {
  RequestTable table(8);
  table.BeginSocket();
  EXPECT_EQ(table.OnWire(table.Add(Timestamp{1})), 1u);
  EXPECT_EQ(table.OnWire(table.Add(Timestamp{1})), 2u);
  table.TakeAll();
  table.BeginSocket();
  const RequestNumber request = table.Add(Timestamp{1});
  EXPECT_EQ(table.OnWire(request), 1u);
  EXPECT_EQ(table.FromWire(1), request);
  EXPECT_FALSE(table.Finish(table.FromWire(2)));
  EXPECT_FALSE(table.Finish(table.FromWire(UINT64_MAX))) << "the relay may say anything";
  EXPECT_TRUE(table.Finish(table.FromWire(1)));
}

TEST(RequestTable, ExpiresByDeadlineNotByAge) {
  RequestTable table(8);
  const RequestNumber slow = table.Add(Timestamp{300});
  const RequestNumber fast = table.Add(Timestamp{100});
  const RequestNumber middle = table.Add(Timestamp{200});
  EXPECT_EQ(table.NextDeadline(), Timestamp{100});
  EXPECT_THAT(table.Expire(Timestamp{99}), IsEmpty());
  EXPECT_THAT(table.Expire(Timestamp{200}), ElementsAre(fast, middle));
  EXPECT_EQ(table.NextDeadline(), Timestamp{300});
  EXPECT_THAT(table.TakeAll(), ElementsAre(slow));
  EXPECT_EQ(table.NextDeadline(), kNever);
}

TEST(RequestTable, IsFullAtItsBound) {
  RequestTable table(2);
  table.Add(Timestamp{1});
  EXPECT_FALSE(table.full());
  const RequestNumber second = table.Add(Timestamp{1});
  EXPECT_TRUE(table.full());
  table.Finish(second);
  EXPECT_FALSE(table.full());
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
}  // namespace pawl::transport
