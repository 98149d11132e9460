#include "store/outbox.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OutboxTest : public GatewayTest {
 protected:
  // Message 1 of conversation 1 to b@x/<device>, unless changed.
  NewOutbox EnvelopeOf(uint8_t envelope, uint32_t device = 1) {
    NewOutbox row;
    row.message = IdOf<MessageId>(1);
    row.conversation = IdOf<ConversationId>(1);
    row.address = "b@x";
    row.device = DeviceId(device);
    row.session = SessionId(7);
    row.envelope = IdOf<EnvelopeId>(envelope);
    row.frame = AsBytes("sealed");
    row.request = true;
    row.created_at = Timestamp{2};
    row.not_before = Timestamp{3};
    return row;
  }
  OutboxId Add(const NewOutbox& row) {
    const auto id = tx_->outbox().Add(row);
    EXPECT_THAT(id, IsOk());
    return id.value_or(OutboxId());
  }
  std::vector<int64_t> Due(Timestamp now, OutboxId after = {}, size_t limit = 99) {
    const auto rows = tx_->outbox().Due(now, after, limit);
    EXPECT_THAT(rows, IsOk());
    std::vector<int64_t> ids;
    for (const auto& row : *rows) ids.push_back(row.id.value());
    return ids;
  }
};

TEST_F(OutboxTest, EveryFieldComesBackAfterReopening) {
  NewOutbox envelope = EnvelopeOf(5);
  envelope.cls = OutboxClass::kControl;
  envelope.expires_at = Timestamp{9};
  const OutboxId id = Add(envelope);
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->outbox().FindEnvelope(IdOf<EnvelopeId>(5)));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, id);
  EXPECT_EQ(row->message, IdOf<MessageId>(1));
  EXPECT_EQ(row->conversation, IdOf<ConversationId>(1));
  EXPECT_EQ(row->address, "b@x");
  EXPECT_EQ(row->device, DeviceId(1));
  EXPECT_EQ(row->session, SessionId(7));
  EXPECT_EQ(row->envelope, IdOf<EnvelopeId>(5));
  EXPECT_EQ(row->frame_size, 6u);
  EXPECT_EQ(row->cls, OutboxClass::kControl);
  EXPECT_EQ(row->state, OutboxState::kQueued);
  EXPECT_TRUE(row->request);
  EXPECT_EQ(row->attempts, 0u);
  EXPECT_EQ(row->created_at, Timestamp{2});
  EXPECT_EQ(row->not_before, Timestamp{3});
  EXPECT_EQ(row->expires_at, Timestamp{9});
}

// A resend is the same bytes (DESIGN §6).
TEST_F(OutboxTest, FrameIsReadAsItWasSealedHoweverOften) {
  Bytes frame(64 * 1024);
  rng_.Fill(frame);
  NewOutbox envelope = EnvelopeOf(1);
  envelope.frame = frame;
  const OutboxId id = Add(envelope);
  Reopen();
  Bytes read;
  ASSERT_THAT(tx_->outbox().ReadFrame(id, read), IsOk());
  EXPECT_EQ(read, frame);
  const uint8_t* const memory = read.data();
  ASSERT_THAT(tx_->outbox().Retry(id, Timestamp{10}), IsOk());
  ASSERT_THAT(tx_->outbox().ReadFrame(id, read), IsOk());
  EXPECT_EQ(read, frame);
  EXPECT_EQ(read.data(), memory);
}

TEST_F(OutboxTest, EnvelopeIdsAreUnique) {
  Add(EnvelopeOf(1));
  EXPECT_THAT(tx_->outbox().Add(EnvelopeOf(1)), HasCode(Code::kAlreadyExists));
}

TEST_F(OutboxTest, DueRowsComeInTheOrderTheyWereSealed) {
  for (uint8_t n = 1; n <= 4; ++n) Add(EnvelopeOf(n));
  ASSERT_THAT(tx_->outbox().Retry(OutboxId(2), Timestamp{50}), IsOk());
  EXPECT_THAT(Due(Timestamp{2}), IsEmpty());
  EXPECT_THAT(Due(Timestamp{3}), ElementsAre(1, 3, 4));
  EXPECT_THAT(Due(Timestamp{3}, OutboxId(1), 1), ElementsAre(3));
  EXPECT_THAT(Due(Timestamp{50}), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ((*tx_->outbox().Find(OutboxId(2)))->attempts, 1u);
}

TEST_F(OutboxTest, NextDueIsTheEarliestOfWhatIsQueued) {
  EXPECT_THAT(tx_->outbox().NextDue(), IsOkAndHolds(kNever));
  const OutboxId soon = Add(EnvelopeOf(1));
  const OutboxId later = Add(EnvelopeOf(2));
  ASSERT_THAT(tx_->outbox().Retry(later, Timestamp{60}), IsOk());
  EXPECT_THAT(tx_->outbox().NextDue(), IsOkAndHolds(Timestamp{3}));
  ASSERT_THAT(tx_->outbox().MarkAtRelay(soon), IsOk());
  EXPECT_THAT(tx_->outbox().NextDue(), IsOkAndHolds(Timestamp{60}));
  ASSERT_THAT(tx_->outbox().Retry(later, kNever), IsOk());
  EXPECT_THAT(tx_->outbox().NextDue(), IsOkAndHolds(kNever));
}

TEST_F(OutboxTest, AtTheRelayTheFrameIsGoneAndNothingIsDue) {
  const OutboxId id = Add(EnvelopeOf(1));
  ASSERT_THAT(tx_->outbox().MarkAtRelay(id), IsOk());
  EXPECT_THAT(Due(now_), IsEmpty());
  Bytes frame;
  EXPECT_THAT(tx_->outbox().ReadFrame(id, frame), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->outbox().Retry(id, now_), HasCode(Code::kNotFound));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->outbox().Find(id));
  EXPECT_EQ(row->state, OutboxState::kAtRelay);
  EXPECT_EQ(row->frame_size, 0u);
}

TEST_F(OutboxTest, CountsAndConfirmationsConcernTheMessageAndTheDeviceAlone) {
  const OutboxId first = Add(EnvelopeOf(1, 1));
  Add(EnvelopeOf(2, 2));
  NewOutbox copy = EnvelopeOf(3, 1);
  copy.cls = OutboxClass::kOwnCopy;
  const OutboxId own_copy = Add(copy);
  NewOutbox control = EnvelopeOf(5, 1);
  control.cls = OutboxClass::kControl;
  Add(control);
  NewOutbox other = EnvelopeOf(4, 1);
  other.message = IdOf<MessageId>(2);
  Add(other);
  ASSERT_THAT(tx_->outbox().MarkAtRelay(first), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(OutboxCounts counts,
                            tx_->outbox().Count(IdOf<ConversationId>(1), IdOf<MessageId>(1)));
  EXPECT_EQ(counts.queued, 1u);
  EXPECT_EQ(counts.at_relay, 1u);
  EXPECT_THAT(tx_->outbox().EraseConfirmed(IdOf<MessageId>(1), "b@x", DeviceId(1)),
              IsOkAndHolds(ElementsAre(first, own_copy)));
  EXPECT_THAT(tx_->outbox().EraseConfirmed(IdOf<MessageId>(1), "b@x", DeviceId(1)),
              IsOkAndHolds(IsEmpty()));
  PAWL_ASSERT_OK_AND_ASSIGN(counts,
                            tx_->outbox().Count(IdOf<ConversationId>(1), IdOf<MessageId>(1)));
  EXPECT_EQ(counts.queued, 1u);
  EXPECT_EQ(counts.at_relay, 0u);
  EXPECT_THAT(Due(now_), ElementsAre(2, 4, 5));
}

TEST_F(OutboxTest, ExpiredAndOrphanedRowsAreFound) {
  NewOutbox expiring = EnvelopeOf(1, 1);
  expiring.expires_at = Timestamp{100};
  const OutboxId id = Add(expiring);
  Add(EnvelopeOf(2, 2));
  EXPECT_THAT(tx_->outbox().Expired(Timestamp{99}, 9), IsOkAndHolds(IsEmpty()));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto expired, tx_->outbox().Expired(Timestamp{100}, 9));
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_EQ(expired[0].id, id);
  EXPECT_THAT(tx_->outbox().LoadFor("b@x", DeviceId(2), 9), IsOkAndHolds(SizeIs(1)));
  ASSERT_THAT(tx_->outbox().Erase(id), IsOk());
  EXPECT_FALSE(tx_->outbox().Find(id)->has_value());
}

TEST_F(OutboxTest, IdsAreNeverReused) {
  const OutboxId first = Add(EnvelopeOf(1));
  ASSERT_THAT(tx_->outbox().Erase(first), IsOk());
  Reopen();
  EXPECT_GT(Add(EnvelopeOf(1)), first);
}

}  // namespace
}  // namespace pawl::store
