#include "store/transfers.h"

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::SizeIs;

TransferRow Film() {
  TransferRow row;
  row.kind = TransferKind::kDownload;
  row.state = TransferState::kPaused;
  row.conversation = IdOf<ConversationId>(1);
  row.message = IdOf<MessageId>(2);
  row.sender = "a@x";
  row.blob = IdOf<BlobId>(3);
  row.path = "/tmp/film.mp4";
  row.name = "film.mp4";
  row.media_type = "video/mp4";
  row.size = 5'000'000'000;
  row.padded_size = 5'100'000'000;
  row.done = 4;
  row.key = SecretOf("key");
  row.root = HashOf(5);
  row.checkpoint = SecretOf("checkpoint");
  row.content = SecretOf("content");
  row.attempts = 6;
  row.not_before = Timestamp{7};
  row.created_at = Timestamp{8};
  row.secret = SecretOf("secret");
  row.begun = true;
  return row;
}

class TransfersTest : public GatewayTest {
 protected:
  TransferId Insert(const TransferRow& row) {
    const auto id = tx_->transfers().Insert(row);
    EXPECT_THAT(id, IsOk());
    return id.value_or(TransferId());
  }
};

TEST_F(TransfersTest, EveryFieldComesBackAfterReopening) {
  const TransferId id = Insert(Film());
  Reopen();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->transfers().Find(id));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, id);
  EXPECT_EQ(row->kind, TransferKind::kDownload);
  EXPECT_EQ(row->state, TransferState::kPaused);
  EXPECT_EQ(row->failure, Code::kOk);
  EXPECT_EQ(row->conversation, IdOf<ConversationId>(1));
  EXPECT_EQ(row->message, IdOf<MessageId>(2));
  EXPECT_EQ(row->sender, "a@x");
  EXPECT_EQ(row->blob, IdOf<BlobId>(3));
  EXPECT_EQ(row->path, "/tmp/film.mp4");
  EXPECT_EQ(row->name, "film.mp4");
  EXPECT_EQ(row->media_type, "video/mp4");
  EXPECT_EQ(row->size, 5'000'000'000u);
  EXPECT_EQ(row->padded_size, 5'100'000'000u);
  EXPECT_EQ(row->done, 4u);
  EXPECT_EQ(TextOf(row->key), "key");
  EXPECT_EQ(row->root, HashOf(5));
  EXPECT_EQ(TextOf(row->checkpoint), "checkpoint");
  EXPECT_EQ(TextOf(row->content), "content");
  EXPECT_EQ(row->attempts, 6u);
  EXPECT_EQ(row->not_before, Timestamp{7});
  EXPECT_EQ(row->created_at, Timestamp{8});
  EXPECT_EQ(TextOf(row->secret), "secret");
  EXPECT_TRUE(row->begun);
}

TEST_F(TransfersTest, ProgressLeavesTheRest) {
  const TransferId id = Insert(Film());
  ASSERT_THAT(tx_->transfers().Progress({id, 99, AsBytes("further")}), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->transfers().Find(id));
  EXPECT_EQ(row->done, 99u);
  EXPECT_EQ(TextOf(row->checkpoint), "further");
  EXPECT_EQ(TextOf(row->content), "content");
}

TEST_F(TransfersTest, SaveReplacesEverything) {
  const TransferId id = Insert(Film());
  TransferRow changed = Film();
  changed.id = id;
  changed.state = TransferState::kActive;
  changed.root = HashOf(9);
  ASSERT_THAT(tx_->transfers().Save(changed), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto active, tx_->transfers().LoadState(TransferState::kActive));
  ASSERT_THAT(active, SizeIs(1));
  EXPECT_EQ(active[0].root, HashOf(9));
  EXPECT_EQ(TextOf(active[0].checkpoint), "checkpoint");
}

TEST_F(TransfersTest, FailureIsKeptWithTheFailedStateAlone) {
  const TransferId id = Insert(Film());
  ASSERT_THAT(tx_->transfers().SetState(id, TransferState::kFailed, Code::kSourceChanged), IsOk());
  EXPECT_EQ((*tx_->transfers().Find(id))->failure, Code::kSourceChanged);
  ASSERT_THAT(tx_->transfers().SetState(id, TransferState::kActive, Code::kIo), IsOk());
  EXPECT_EQ((*tx_->transfers().Find(id))->failure, Code::kOk);
}

TEST_F(TransfersTest, AnotherBlobIsNotBegun) {
  const TransferId id = Insert(Film());
  ASSERT_THAT(tx_->transfers().SetAttempts(id, 9), IsOk());
  ASSERT_THAT(tx_->transfers().SetBlob(id, IdOf<BlobId>(8), SecretOf("other")), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->transfers().Find(id));
  EXPECT_EQ(row->blob, IdOf<BlobId>(8));
  EXPECT_EQ(TextOf(row->secret), "other");
  EXPECT_FALSE(row->begun);
  EXPECT_EQ(row->attempts, 9u);
  EXPECT_EQ(TextOf(row->key), "key");
  ASSERT_THAT(tx_->transfers().SetBegun(id, true), IsOk());
  EXPECT_TRUE((*tx_->transfers().Find(id))->begun);
  ASSERT_THAT(tx_->transfers().Erase(id), IsOk());
  EXPECT_THAT(tx_->transfers().SetBegun(id, true), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->transfers().SetAttempts(id, 1), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->transfers().SetBlob(id, {}, SecretOf("x")), HasCode(Code::kNotFound));
}

TEST_F(TransfersTest, AreFoundByMessageAndErased) {
  const TransferId id = Insert(Film());
  EXPECT_THAT(tx_->transfers().LoadMessage(IdOf<MessageId>(2)), IsOkAndHolds(SizeIs(1)));
  ASSERT_THAT(tx_->transfers().Erase(id), IsOk());
  EXPECT_FALSE(tx_->transfers().Find(id)->has_value());
  EXPECT_THAT(tx_->transfers().Progress({id, 1, {}}), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->transfers().SetState(id, TransferState::kDone), HasCode(Code::kNotFound));
  EXPECT_THAT(tx_->transfers().Save(Film()), HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::store
