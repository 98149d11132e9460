#include "transport/ws/message_assembler.h"

#include <gtest/gtest.h>

namespace pawl::transport::ws {
namespace {

using Result = MessageAssembler::Result;

TEST(MessageAssembler, PutsPiecesTogether) {
  MessageAssembler assembler(100);
  EXPECT_EQ(assembler.Add(Bytes{1, 2}, 1, false), Result::kMore);
  EXPECT_EQ(assembler.Add(Bytes{3}, 0, false), Result::kMore);
  EXPECT_EQ(assembler.Add(Bytes{4}, 0, true), Result::kComplete);
  EXPECT_TRUE(SameBytes(assembler.message(), Bytes{1, 2, 3, 4}));
  EXPECT_EQ(assembler.Add(Bytes{5}, 0, true), Result::kComplete);
  EXPECT_TRUE(SameBytes(assembler.message(), Bytes{5}));
}

TEST(MessageAssembler, TheLimitCountsWhatIsOnlyAnnounced) {
  MessageAssembler exact(10);
  EXPECT_EQ(exact.Add(Bytes(4), 6, false), Result::kMore);
  EXPECT_EQ(exact.Add(Bytes(6), 0, true), Result::kComplete);
  MessageAssembler announced(10);
  EXPECT_EQ(announced.Add(Bytes(4), 7, false), Result::kTooLarge);
  MessageAssembler wraps(10);
  EXPECT_EQ(wraps.Add(Bytes(4), SIZE_MAX - 1, false), Result::kTooLarge);
  MessageAssembler grows(10);
  EXPECT_EQ(grows.Add(Bytes(6), 0, false), Result::kMore);
  EXPECT_EQ(grows.Add(Bytes(5), 0, true), Result::kTooLarge);
}

TEST(MessageAssembler, AnEmptyMessageIsAMessage) {
  MessageAssembler assembler(10);
  EXPECT_EQ(assembler.Add({}, 0, true), Result::kComplete);
  EXPECT_TRUE(assembler.message().empty());
}

TEST(MessageAssembler, ResetForgetsAHalfMessage) {
  MessageAssembler assembler(10);
  EXPECT_EQ(assembler.Add(Bytes(8), 0, false), Result::kMore);
  assembler.Reset();
  EXPECT_EQ(assembler.Add(Bytes{1}, 0, true), Result::kComplete);
  EXPECT_TRUE(SameBytes(assembler.message(), Bytes{1}));
}

}  // namespace
}  // namespace pawl::transport::ws
