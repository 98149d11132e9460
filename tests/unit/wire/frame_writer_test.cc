#include <gtest/gtest.h>

#include "support/counting_allocator.h"
#include "support/matchers.h"
#include "support/replace_operator_new.h"
#include "wire/frames.h"

namespace pawl::wire {
namespace {

using ::pawl::test::AllocationCounter;
using ::pawl::test::IsOk;

Message MessageWith(ByteView envelope) {
  Message message;
  message.cursor = MailboxCursor(1);
  message.envelope = envelope;
  return message;
}

TEST(FrameWriter, BatchesFramesInOrder) {
  FrameWriter writer;
  EXPECT_TRUE(writer.empty());
  for (uint64_t req = 1; req <= 3; ++req) ASSERT_TRUE(Append(writer, Ok{req, 10 * req}));
  EXPECT_EQ(writer.frames(), 3u);
  FrameReader reader(writer.message());
  for (uint64_t req = 1; req <= 3; ++req) {
    const auto frame = reader.Next();
    ASSERT_TRUE(frame);
    ASSERT_EQ(frame->type(), fb::FrameBody::Ok);
    EXPECT_EQ(frame->header->body_as_Ok()->req(), req);
    EXPECT_EQ(frame->header->body_as_Ok()->value(), 10 * req);
  }
  EXPECT_FALSE(reader.Next());
  EXPECT_THAT(reader.status(), IsOk());
}

TEST(FrameWriter, EveryRecordStartsAligned) {
  FrameWriter writer;
  for (size_t size : {0, 1, 7, 8, 9, 255}) {
    const Bytes envelope(size, 1);
    ASSERT_TRUE(Append(writer, MessageWith(envelope)));
    EXPECT_EQ(writer.message().size() % kFrameAlignment, 0u);
  }
}

TEST(FrameWriter, KeepsItsHeadroomFree) {
  constexpr size_t kHeadroom = 16;
  FrameWriter writer(kHeadroom);
  ASSERT_TRUE(Append(writer, Replaced()));
  EXPECT_EQ(writer.buffer().size(), kHeadroom + writer.message().size());
  EXPECT_EQ(writer.message()[0], kProtocolVersion);
  const Bytes taken = writer.Take();
  EXPECT_EQ(taken[kHeadroom], kProtocolVersion);
  EXPECT_TRUE(writer.empty());
  EXPECT_EQ(writer.message().size(), kPreambleSize);
}

TEST(FrameWriter, AFullMessageTakesNoMoreAndKeepsWhatItHas) {
  FrameWriter writer;
  const Bytes envelope(kMaxEnvelopeSize, 1);
  size_t appended = 0;
  while (Append(writer, MessageWith(envelope))) ++appended;
  EXPECT_EQ(appended, 3u);  // 4 * 64 KiB and their headers are above the hard limit
  EXPECT_EQ(writer.frames(), appended);
  EXPECT_LE(writer.message().size(), kMaxMessageSize);
  FrameReader reader(writer.message());
  while (reader.Next()) --appended;
  EXPECT_EQ(appended, 0u);
  EXPECT_THAT(reader.status(), IsOk());
}

TEST(FrameWriter, TheLargestPayloadFitsAnEmptyMessage) {
  FrameWriter writer;
  const Bytes payload(kMaxPayloadSize, 1);
  ASSERT_TRUE(Append(writer, DirResult{1, payload}));
  EXPECT_LE(writer.message().size(), kMaxMessageSize);
  FrameReader reader(writer.message());
  EXPECT_TRUE(reader.Next());
  const Bytes larger(kMaxPayloadSize + 1, 1);
  writer.Clear();
  EXPECT_FALSE(Append(writer, DirResult{1, larger}));
  EXPECT_TRUE(writer.empty());
}

TEST(FrameWriter, AllocatesNothingOnceItIsWarm) {
  FrameWriter writer;
  const Bytes envelope(4096, 1);
  const auto round = [&] {
    writer.Clear();
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(Append(writer, MessageWith(envelope)));
  };
  round();
  AllocationCounter counter;
  round();
  EXPECT_EQ(counter.count(), 0u);
}

}  // namespace
}  // namespace pawl::wire
