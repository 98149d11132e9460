#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"
#include "wire/frames.h"

namespace pawl::wire {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

constexpr size_t kFirstRecord = kPreambleSize;
constexpr size_t kFirstHeader = kPreambleSize + kRecordPrefixSize;

Bytes OneSend() {
  const Bytes envelope(300, 0xE5);
  Send send;
  send.req = 7;
  send.account = "bob@example.org";
  send.device = DeviceId(2);
  send.envelope = envelope;
  FrameWriter writer;
  EXPECT_TRUE(Append(writer, send));
  return writer.Take();
}

size_t CountFrames(ByteView message, absl::Status* status) {
  FrameReader reader(message);
  size_t frames = 0;
  while (reader.Next()) ++frames;
  *status = reader.status();
  return frames;
}

absl::Status StatusOfReading(ByteView message) {
  absl::Status status;
  CountFrames(message, &status);
  return status;
}

TEST(FrameReader, HandsOutHeaderAndPayloadInPlace) {
  const Bytes message = OneSend();
  FrameReader reader(message);
  const auto frame = reader.Next();
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->type(), fb::FrameBody::Send);
  EXPECT_EQ(frame->header->body_as_Send()->req(), 7u);
  EXPECT_EQ(ToText(frame->header->body_as_Send()->account()), "bob@example.org");
  EXPECT_EQ(frame->payload.size(), 300u);
  EXPECT_GE(frame->payload.data(), message.data());
  EXPECT_LE(frame->payload.data() + frame->payload.size(), message.data() + message.size());
  EXPECT_FALSE(reader.Next());
  EXPECT_THAT(reader.status(), IsOk());
}

TEST(FrameReader, AMessageWithoutFramesIsEmptyAndFine) {
  const Bytes preamble = {1, 0, 0, 0, 0, 0, 0, 0};
  absl::Status status;
  EXPECT_EQ(CountFrames(preamble, &status), 0u);
  EXPECT_THAT(status, IsOk());
}

TEST(FrameReader, AnotherVersionIsRefusedNotMisread) {
  Bytes message = OneSend();
  message[0] = 2;
  EXPECT_THAT(StatusOfReading(message), HasCode(Code::kUnsupportedVersion));
}

TEST(FrameReader, ReservedPreambleBytesAreZero) {
  Bytes message = OneSend();
  message[5] = 1;
  EXPECT_THAT(StatusOfReading(message), HasCode(Code::kMalformed));
}

TEST(FrameReader, PaddingIsZeroSoAMessageHasOneEncoding) {
  Bytes message = OneSend();
  message.back() = 1;  // 300 bytes of payload are followed by four of padding
  EXPECT_THAT(StatusOfReading(message), HasCode(Code::kMalformed));
}

TEST(FrameReader, AMisalignedBufferIsTheCallersMistake) {
  const Bytes message = OneSend();
  Bytes shifted(1, 0);
  shifted.insert(shifted.end(), message.begin(), message.end());
  EXPECT_THAT(StatusOfReading(ByteView(shifted).subspan(1)), HasCode(Code::kInvalidArgument));
}

TEST(FrameReader, SizesAboveTheLimitsAreRefusedBeforeTheyAreUsed) {
  Bytes header_too_large = OneSend();
  header_too_large[kFirstRecord + 2] = (kMaxHeaderSize >> 8) + 1;
  EXPECT_THAT(StatusOfReading(header_too_large), HasCode(Code::kTooLarge));
  Bytes payload_too_large = OneSend();
  payload_too_large[kFirstRecord + 4] = 0xFF;
  EXPECT_THAT(StatusOfReading(payload_too_large), HasCode(Code::kTooLarge));
  EXPECT_THAT(StatusOfReading(Bytes(kMaxMessageSize + 1, 0)), HasCode(Code::kTooLarge));
}

TEST(FrameReader, TheFrameAfterTheLastAllowedOneIsRefused) {
  FrameWriter writer;
  for (size_t i = 0; i < kMaxFramesPerMessage; ++i) ASSERT_TRUE(Append(writer, Replaced()));
  Bytes message = writer.Take();
  absl::Status status;
  EXPECT_EQ(CountFrames(message, &status), kMaxFramesPerMessage);
  EXPECT_THAT(status, IsOk());

  const size_t record = (message.size() - kPreambleSize) / kMaxFramesPerMessage;
  const Bytes once_more(message.end() - static_cast<ptrdiff_t>(record), message.end());
  message.insert(message.end(), once_more.begin(), once_more.end());
  EXPECT_EQ(CountFrames(message, &status), kMaxFramesPerMessage);
  EXPECT_THAT(status, HasCode(Code::kTooLarge));
}

TEST(FrameReader, EveryTruncationIsAnErrorAfterTheFramesBeforeIt) {
  const Bytes message = OneSend();
  test::ForEachTruncation(message, [](const Bytes& cut) {
    if (cut.size() == kPreambleSize) return;  // that is a message without frames
    absl::Status status;
    EXPECT_EQ(CountFrames(cut, &status), 0u);
    EXPECT_THAT(status, HasCode(Code::kMalformed));
  });
}

TEST(FrameReader, SurvivesEveryBitFlip) {
  test::ForEachBitFlip(OneSend(), [](const Bytes& damaged) {
    FrameReader reader(damaged);
    while (const auto frame = reader.Next()) {
      if (frame->type() != fb::FrameBody::Send) continue;
      const fb::Send* send = frame->header->body_as_Send();
      EXPECT_LE(ToText(send->account()).size(), kMaxHeaderSize);
      EXPECT_NE(send->id(), nullptr);
    }
  });
}

// Found by fuzzing: the vector of cursors begins where its length is aligned and its elements are
// not.
TEST(FrameReader, CursorsAtAnAddressThatIsNotTheirsAreRefused) {
  const Bytes message = {
      1,  0, 0, 0,  0, 0, 0, 0,                             // preamble
      0,  0, 0, 64, 0, 0, 0, 0,                             // 64 bytes of header
      16, 0, 0, 0,  0, 0, 0, 0,  8,  0, 14, 0, 7, 0, 8, 0,  // root; the frame's vtable
      8,  0, 0, 0,  0, 0, 0, 11, 12, 0, 0,  0, 0, 0, 6, 0,  // an Ack; its vtable
      8,  0, 4, 0,  6, 0, 0, 0,  8,  0, 0,  0, 0, 0, 0, 0,  // its table
      1,  0, 0, 0,  0, 0, 0, 0,  9,  0, 0,  0, 0, 0, 0, 0,  // one cursor, 4 bytes too early
  };
  EXPECT_THAT(StatusOfReading(message), HasCode(Code::kMalformed));
}

TEST(FrameReader, NoCursorsNeedNoAlignment) {
  FrameWriter writer;
  ASSERT_TRUE(Append(writer, Ack{}));
  EXPECT_THAT(StatusOfReading(writer.Take()), IsOk());
}

TEST(FrameReader, NothingComesAfterAnError) {
  Bytes message = OneSend();
  const Bytes second(message.begin() + kPreambleSize, message.end());
  message.insert(message.end(), second.begin(), second.end());
  std::fill_n(message.begin() + kFirstHeader, 8, 0xFF);
  FrameReader reader(message);
  EXPECT_FALSE(reader.Next());
  EXPECT_FALSE(reader.Next());
  EXPECT_THAT(reader.status(), HasCode(Code::kMalformed));
}

// A frame of a later release: its number is not in our schema, its body still lies in bounds.
TEST(FrameReader, AFrameOfALaterReleaseIsHandedOutWithItsNumber) {
  FrameWriter writer;
  const auto body = fb::CreateCredit(writer.Builder(), 3);
  ASSERT_TRUE(writer.Commit(static_cast<fb::FrameBody>(200), body.Union(), {}));
  const Bytes message = writer.Take();
  FrameReader reader(message);
  const auto frame = reader.Next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(static_cast<int>(frame->type()), 200);
  EXPECT_EQ(frame->header->body_as_Credit(), nullptr);
}

}  // namespace
}  // namespace pawl::wire
