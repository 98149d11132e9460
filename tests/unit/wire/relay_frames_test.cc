#include "wire/relay_frames.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/wire/round_trip.h"
#include "wire/frame_parts.h"

namespace pawl::wire {
namespace {

class RelayFrames : public ::testing::Test {
 protected:
  FrameWriter writer_;
  const Bytes payload_ = {1, 2, 3, 4, 5};
};

TEST_F(RelayFrames, ChallengeNamesTheRelayAndItsLimits) {
  Challenge challenge;
  challenge.nonce.fill(4);
  challenge.time = Timestamp{1234};
  challenge.max_message = 5;
  challenge.max_envelope = 6;
  challenge.domain = "example.org";
  challenge.invitation_required = true;
  const auto view = RoundTrip(writer_, challenge);
  ASSERT_TRUE(view);
  const fb::Challenge* read = view->header->body_as_Challenge();
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(ToArray(*read->nonce()), challenge.nonce);
  EXPECT_EQ(read->time_ms(), 1234);
  EXPECT_EQ(read->max_message(), 5u);
  EXPECT_EQ(read->max_envelope(), 6u);
  EXPECT_EQ(ToText(read->domain()), "example.org");
  EXPECT_TRUE(read->invitation_required());
}

TEST_F(RelayFrames, ReadyTellsWhereTheDeviceStands) {
  const Bytes record = {9, 8, 7};
  const auto view =
      RoundTrip(writer_, Ready{MailboxCursor(1), 2, 3, 4, DeviceEpoch(5), payload_, record});
  ASSERT_TRUE(view);
  const fb::Ready* read = view->header->body_as_Ready();
  EXPECT_EQ(read->cursor(), 1);
  EXPECT_EQ(read->queue(), 2u);
  EXPECT_EQ(read->one_time_left(), 3u);
  EXPECT_EQ(read->list_version(), 4u);
  EXPECT_EQ(read->epoch(), 5u);
  const auto parts = Split(*read, view->payload);
  ASSERT_TRUE(parts.ok());
  EXPECT_TRUE(SameBytes(parts->anchor, payload_));
  EXPECT_TRUE(SameBytes(parts->epoch_record, record));
  EXPECT_FALSE(Split(*read, view->payload.first(2)).ok()) << "less than the record alone";
}

TEST_F(RelayFrames, Answers) {
  auto view = RoundTrip(writer_, Sent{7, true, 9});
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->header->body_as_Sent()->duplicate());
  EXPECT_EQ(view->header->body_as_Sent()->list_version(), 9u);
  view = RoundTrip(writer_, DirResult{8, payload_});
  ASSERT_TRUE(view);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
  view = RoundTrip(writer_, BlobBegun{9, 65536});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobBegun()->offset(), 65536u);
  view = RoundTrip(writer_, BlobData{10, 1, 2, payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobData()->offset(), 1u);
  EXPECT_EQ(view->header->body_as_BlobData()->total(), 2u);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

TEST_F(RelayFrames, PrekeyResultSplitsAlsoWithoutAOneTimeRecord) {
  const Bytes epoch = {9, 9};
  const auto view = RoundTrip(writer_, PrekeyResult{11, epoch, payload_, {}});
  ASSERT_TRUE(view);
  PAWL_ASSERT_OK_AND_ASSIGN(const PrekeyResultParts parts,
                            Split(*view->header->body_as_PrekeyResult(), view->payload));
  EXPECT_TRUE(SameBytes(parts.epoch_record, epoch));
  EXPECT_TRUE(SameBytes(parts.bundle, payload_));
  EXPECT_TRUE(parts.one_time.empty());
}

TEST_F(RelayFrames, MessageCarriesTheEnvelopeBesideItsHeader) {
  Message message;
  message.cursor = MailboxCursor(12);
  message.id = EnvelopeId({3});
  message.received = Timestamp{77};
  message.envelope = payload_;
  const auto view = RoundTrip(writer_, message);
  ASSERT_TRUE(view);
  const fb::Message* read = view->header->body_as_Message();
  EXPECT_EQ(read->cursor(), 12);
  EXPECT_EQ(ToArray(*read->id()), *message.id);
  EXPECT_EQ(read->received_ms(), 77);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

TEST_F(RelayFrames, ConnectionNews) {
  auto view = RoundTrip(writer_, Empty{MailboxCursor(13)});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Empty()->cursor(), 13);
  view = RoundTrip(writer_, GoAway{Code::kOk, Seconds(2)});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_GoAway()->reconnect_after_ms(), 2000u);
  view = RoundTrip(writer_, Replaced());
  ASSERT_TRUE(view);
  EXPECT_NE(view->header->body_as_Replaced(), nullptr);
}

TEST_F(RelayFrames, ErrorsCarryACodeOfOursAndAWait) {
  auto view = RoundTrip(writer_, Error{14, Code::kRateLimited, Seconds(3)});
  ASSERT_TRUE(view);
  const fb::Error* read = view->header->body_as_Error();
  EXPECT_EQ(read->req(), 14u);
  EXPECT_EQ(read->retry_after_ms(), 3000u);
  EXPECT_THAT(ToStatus(*read), test::HasCode(Code::kRateLimited));
}

TEST_F(RelayFrames, WaitsOutOfRangeAreClampedNotWrapped) {
  auto view = RoundTrip(writer_, Error{1, Code::kRateLimited, Duration{-5}});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Error()->retry_after_ms(), 0u);
  view = RoundTrip(writer_, Error{1, Code::kRateLimited, Duration{INT64_MAX}});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Error()->retry_after_ms(), UINT32_MAX);
}

}  // namespace
}  // namespace pawl::wire
