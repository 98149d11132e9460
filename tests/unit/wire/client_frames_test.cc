#include "wire/client_frames.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/wire/round_trip.h"
#include "wire/frame_parts.h"

namespace pawl::wire {
namespace {

template <size_t N>
ByteArray<N> Filled(uint8_t value) {
  ByteArray<N> out;
  out.fill(value);
  return out;
}

class ClientFrames : public ::testing::Test {
 protected:
  FrameWriter writer_;
  const Bytes payload_ = {1, 2, 3, 4, 5};
};

TEST_F(ClientFrames, Hello) {
  Hello hello;
  hello.mode = fb::Mode::Peek;
  hello.account = "alice@example.org";
  hello.device = DeviceId(3);
  hello.nonce = Filled<32>(7);
  hello.resume_after = MailboxCursor(99);
  const auto view = RoundTrip(writer_, hello);
  ASSERT_TRUE(view);
  const fb::Hello* read = view->header->body_as_Hello();
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->protocol(), kProtocolVersion);
  EXPECT_EQ(read->mode(), fb::Mode::Peek);
  EXPECT_EQ(ToText(read->account()), "alice@example.org");
  EXPECT_EQ(read->device(), 3u);
  EXPECT_EQ(ToArray(*read->nonce()), Filled<32>(7));
  EXPECT_EQ(read->resume_after(), 99);
}

TEST_F(ClientFrames, AuthCarriesTheSignature) {
  const auto view = RoundTrip(writer_, Auth{Filled<64>(9)});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_Auth()->signature()), Filled<64>(9));
}

TEST_F(ClientFrames, RegisterSplitsIntoItsRecords) {
  const Bytes list = {1, 2, 3};
  const Bytes epoch = {4, 5};
  const auto view = RoundTrip(writer_, Register{5, "let me in", list, epoch});
  ASSERT_TRUE(view);
  const fb::Register* read = view->header->body_as_Register();
  EXPECT_EQ(ToText(read->invitation()), "let me in");
  PAWL_ASSERT_OK_AND_ASSIGN(const RegisterParts parts, Split(*read, view->payload));
  EXPECT_TRUE(SameBytes(parts.device_list, list));
  EXPECT_TRUE(SameBytes(parts.epoch_record, epoch));
}

TEST_F(ClientFrames, DirectoryPuts) {
  auto view = RoundTrip(writer_, DirPut{6, payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_DirPut()->req(), 6u);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
  view = RoundTrip(writer_, EpochPut{7, DeviceEpoch(4), payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_EpochPut()->expected(), 4u);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

TEST_F(ClientFrames, PrekeyPutSplitsIntoItsRecords) {
  const std::vector<Bytes> one_time = {{1}, {2, 2}, {3, 3, 3}};
  const auto view = RoundTrip(writer_, PrekeyPut{8, payload_, one_time});
  ASSERT_TRUE(view);
  PAWL_ASSERT_OK_AND_ASSIGN(const PrekeyPutParts parts,
                            Split(*view->header->body_as_PrekeyPut(), view->payload));
  EXPECT_TRUE(SameBytes(parts.bundle, payload_));
  ASSERT_EQ(parts.one_time.size(), one_time.size());
  for (size_t i = 0; i < one_time.size(); ++i) {
    EXPECT_TRUE(SameBytes(parts.one_time[i], one_time[i]));
  }
}

TEST_F(ClientFrames, AFullLoadOfPrekeysFitsOneMessageAndOneMoreDoesNot) {
  std::vector<Bytes> one_time(kMaxOneTimePerPut, Bytes(1500, 1));
  EXPECT_TRUE(RoundTrip(writer_, PrekeyPut{1, payload_, one_time}));
  one_time.emplace_back();
  writer_.Clear();
  EXPECT_FALSE(Append(writer_, PrekeyPut{1, payload_, one_time}));
}

TEST_F(ClientFrames, KeysAndNotes) {
  auto view = RoundTrip(writer_, DeliveryKeyPut{9, Filled<32>(3)});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_DeliveryKeyPut()->key()), Filled<32>(3));
  view = RoundTrip(writer_, AnchorPut{10, payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_AnchorPut()->req(), 10u);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
}

TEST_F(ClientFrames, Lookups) {
  auto view = RoundTrip(writer_, DirGet{11, "bob@example.org"});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToText(view->header->body_as_DirGet()->account()), "bob@example.org");
  view = RoundTrip(writer_, PrekeyTake{12, "bob@example.org", DeviceId(1)});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_PrekeyTake()->device(), 1u);
}

TEST_F(ClientFrames, SendCarriesTheEnvelopeBesideItsHeader) {
  Send send;
  send.req = 13;
  send.account = "bob@example.org";
  send.device = DeviceId(2);
  send.id = EnvelopeId(Filled<16>(5));
  send.ttl_s = 60;
  send.urgent = false;
  send.ephemeral = true;
  send.delivery_key = Filled<32>(6);
  send.envelope = payload_;
  auto view = RoundTrip(writer_, send);
  ASSERT_TRUE(view);
  const fb::Send* read = view->header->body_as_Send();
  EXPECT_EQ(ToArray(*read->id()), Filled<16>(5));
  EXPECT_EQ(read->ttl_s(), 60u);
  EXPECT_FALSE(read->urgent());
  EXPECT_TRUE(read->ephemeral());
  EXPECT_FALSE(read->request());
  ASSERT_NE(read->delivery_key(), nullptr);
  EXPECT_EQ(ToArray(*read->delivery_key()), Filled<32>(6));
  EXPECT_TRUE(SameBytes(view->payload, payload_));

  send.delivery_key.reset();
  send.request = true;
  view = RoundTrip(writer_, send);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Send()->delivery_key(), nullptr);
  EXPECT_TRUE(view->header->body_as_Send()->request());
}

TEST_F(ClientFrames, AckListsItsCursorsUpToTheLimit) {
  std::vector<MailboxCursor> cursors(kMaxAckCursors, MailboxCursor(1));
  cursors.back() = MailboxCursor(INT64_MAX);
  const auto view = RoundTrip(writer_, Ack{cursors});
  ASSERT_TRUE(view);
  const auto* read = view->header->body_as_Ack()->cursors();
  ASSERT_EQ(read->size(), kMaxAckCursors);
  EXPECT_EQ(read->Get(0), 1);
  EXPECT_EQ(read->Get(kMaxAckCursors - 1), INT64_MAX);
  cursors.emplace_back(1);
  writer_.Clear();
  EXPECT_FALSE(Append(writer_, Ack{cursors}));
}

TEST_F(ClientFrames, CreditAndFetch) {
  auto view = RoundTrip(writer_, Credit{17});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Credit()->messages(), 17u);
  view = RoundTrip(writer_, Fetch{14, MailboxCursor(5), 10});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_Fetch()->after(), 5);
  EXPECT_EQ(view->header->body_as_Fetch()->max(), 10u);
}

TEST_F(ClientFrames, Blobs) {
  const BlobId id(Filled<32>(8));
  auto view = RoundTrip(writer_, BlobBegin{15, id, 1ull << 40});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobBegin()->size(), 1ull << 40);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobBegin()->id()), *id);
  view = RoundTrip(writer_, BlobChunk{16, id, 65536, payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobChunk()->offset(), 65536u);
  EXPECT_TRUE(SameBytes(view->payload, payload_));
  view = RoundTrip(writer_, BlobCommit{17, id});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobCommit()->req(), 17u);
  view = RoundTrip(writer_, BlobGet{18, id, 4, 5});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header->body_as_BlobGet()->offset(), 4u);
  EXPECT_EQ(view->header->body_as_BlobGet()->max(), 5u);
  view = RoundTrip(writer_, BlobDelete{19, id});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobDelete()->id()), *id);
  EXPECT_EQ(view->header->body_as_BlobDelete()->secret(), nullptr);
}

TEST_F(ClientFrames, BlobsOfNobody) {
  const BlobId id(Filled<32>(8));
  auto view = RoundTrip(writer_, BlobBegin{15, id, 9, Filled<32>(1), payload_});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobBegin()->owner()), Filled<32>(1));
  EXPECT_TRUE(SameBytes(view->payload, payload_));
  view = RoundTrip(writer_, BlobChunk{16, id, 0, payload_, Filled<32>(2)});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobChunk()->secret()), Filled<32>(2));
  view = RoundTrip(writer_, BlobCommit{17, id, Filled<32>(2)});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobCommit()->secret()), Filled<32>(2));
  view = RoundTrip(writer_, BlobDelete{18, id, Filled<32>(2), true});
  ASSERT_TRUE(view);
  EXPECT_EQ(ToArray(*view->header->body_as_BlobDelete()->secret()), Filled<32>(2));
  EXPECT_TRUE(view->header->body_as_BlobDelete()->restart());
}

}  // namespace
}  // namespace pawl::wire
