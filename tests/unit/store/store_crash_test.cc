// A store is ended at every single operation on its disk, and opened again.

#include <filesystem>

#include "support/file_faults.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using test::Crash;
using test::CrashingDisk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kMostOperations = 2'000;  // far beyond: the loops end by themselves

class StoreCrash : public StoreTest {
 protected:
  // A store with one session, set aside as the state before each crash.
  void SetUp() override {
    const auto store = Open();
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
    SessionRow session;
    session.address = "b@x";
    session.progress = SecretOf("before");
    ASSERT_THAT(tx.sessions().Insert(session), IsOk());
    ASSERT_THAT(tx.Commit(now_), IsOk());
    ASSERT_THAT(store->Close(now_), IsOk());
    Copy("store", "before");
    Copy("anchors", "anchors_before");
  }
  void Copy(const char* from, const char* to) {
    std::filesystem::remove_all(temp_.File(to));
    std::filesystem::copy(temp_.File(from), temp_.File(to),
                          std::filesystem::copy_options::recursive);
  }
  void Restore() {
    Copy("before", "store");
    Copy("anchors_before", "anchors");
  }
  OpenOptions Through(const std::string& vfs) {
    OpenOptions options = Options();
    options.vfs = vfs;
    return options;
  }

  // What one step of sending and receiving writes (DESIGN §6).
  absl::Status WriteBatch(Store& store) {
    PAWL_ASSIGN(Transaction tx, store.Begin());
    PAWL_TRY(tx.sessions().Update({SessionId(1), AsBytes("after"), true, now_}));
    NewMessage message;
    message.name = {IdOf<ConversationId>(1), "b@x", IdOf<MessageId>(1)};
    const Bytes content(20'000, 'c');
    message.content = content;
    PAWL_TRY(tx.messages().Insert(message).status());
    NewOutbox envelope;
    envelope.address = "b@x";
    const Bytes frame(32'768, 'f');
    envelope.frame = frame;
    PAWL_TRY(tx.outbox().Add(envelope).status());
    PAWL_TRY(tx.inbox().Append({}).status());
    PAWL_TRY(tx.dedupe().Add(IdOf<EnvelopeId>(1), HashOf(1), now_).status());
    return tx.Commit(now_);
  }
  // True: all of the batch is there. False: nothing of it. Anything else fails the test.
  bool HasBatch(Store& store) {
    auto tx = store.Begin();
    EXPECT_THAT(tx, IsOk());
    const auto sessions = tx->sessions().LoadAll();
    EXPECT_THAT(sessions, IsOkAndHolds(SizeIs(1)));
    const bool there = TextOf((*sessions)[0].progress) == "after";
    const size_t expected = there ? 1 : 0;
    EXPECT_THAT(tx->messages().History(IdOf<ConversationId>(1), std::nullopt, 9),
                IsOkAndHolds(SizeIs(expected)));
    EXPECT_THAT(tx->outbox().Due(now_, OutboxId(), 9), IsOkAndHolds(SizeIs(expected)));
    EXPECT_THAT(tx->inbox().Count(), IsOkAndHolds(expected));
    EXPECT_THAT(tx->inbox().Last(), IsOkAndHolds(InboxSeq(expected)));
    EXPECT_THAT(tx->dedupe().SeenHash(HashOf(1)), IsOkAndHolds(there));
    EXPECT_EQ(store.generation(), Generation(2 + expected));
    return there;
  }
  // Opens, writes, closes on a disk that dies at operation `at`. Returns whether it died; what the
  // store promised before that goes to `committed`.
  bool RunUntil(Crash how, int at, bool& committed) {
    CrashingDisk disk(how, at);
    auto vfs = db::ShimVfs::Register("store_crash", &disk);
    EXPECT_THAT(vfs, IsOk());
    committed = false;
    {
      auto store = TryOpen(Through((*vfs)->name()));
      if (store.ok()) {
        committed = WriteBatch(**store).ok();
        if (committed) (*store)->Close(now_).IgnoreError();
      }
    }
    if (how == Crash::kPowerCut && disk.crashed()) disk.PowerCut();
    return disk.crashed();
  }
  void CrashEverywhere(Crash how) {
    int at = 0;
    int with_batch = 0;
    bool committed = false;
    for (Restore(); RunUntil(how, at, committed); Restore(), ++at) {
      ASSERT_LT(at, kMostOperations);
      const auto store = TryOpen(Options());
      ASSERT_THAT(store, IsOk()) << "operation " << at;
      EXPECT_EQ((*store)->opened_state(), OpenedState::kCurrent) << at;
      const bool there = HasBatch(**store);
      with_batch += there ? 1 : 0;
      EXPECT_TRUE(there || !committed) << "a commit was promised and lost, operation " << at;
      if (!there) {
        EXPECT_THAT(WriteBatch(**store), IsOk()) << at;
      }
    }
    EXPECT_TRUE(committed);
    // Both outcomes occurred, or the test would not test.
    EXPECT_GT(with_batch, 0);
    EXPECT_GT(at - with_batch, 3);
    RecordProperty("operations", at);
  }
};

TEST_F(StoreCrash, KilledAtAnyOperationABatchIsThereWhollyOrNotAtAll) {
  CrashEverywhere(Crash::kBefore);
}
TEST_F(StoreCrash, TornWriteLeavesABatchWhollyOrNotAtAll) { CrashEverywhere(Crash::kTorn); }
TEST_F(StoreCrash, PowerCutLosesNoPromisedCommit) { CrashEverywhere(Crash::kPowerCut); }

TEST_F(StoreCrash, InterruptedCreationStartsOver) {
  for (const Crash how : {Crash::kTorn, Crash::kPowerCut}) {
    // An odd stride: the log's headers and pages alternate.
    for (int at = 0;; at += 3) {
      ASSERT_LT(at, kMostOperations);
      std::filesystem::remove_all(StoreDir());
      CrashingDisk disk(how, at);
      auto vfs = db::ShimVfs::Register("store_crash", &disk);
      ASSERT_THAT(vfs, IsOk());
      { auto store = TryOpen(Through((*vfs)->name())); }
      if (!disk.crashed()) break;
      if (how == Crash::kPowerCut) disk.PowerCut();
      const auto store = TryOpen(Options());
      ASSERT_THAT(store, IsOk()) << at;
      EXPECT_EQ((*store)->generation(), Generation(1));
      EXPECT_EQ((*store)->opened_state(), OpenedState::kCurrent);
    }
  }
}

// The disk is full from operation `at` on, until Free().
class FullDisk final : public db::FileFaults {
 public:
  explicit FullDisk(int at) : left_(at) {}
  db::FileVerdict Before(const db::FileEvent& event) override {
    if (event.op != db::FileOp::kWrite && event.op != db::FileOp::kTruncate) {
      return db::FileVerdict::kProceed;
    }
    if (freed_ || left_-- > 0) return db::FileVerdict::kProceed;
    was_full_ = true;
    return db::FileVerdict::kDiskFull;
  }
  void Free() { freed_ = true; }
  bool was_full() const { return was_full_; }

 private:
  int left_;
  bool freed_ = false;
  bool was_full_ = false;
};

TEST_F(StoreCrash, FullDiskIsATypedErrorAndTheStoreGoesOnWhenThereIsRoom) {
  int refused = 0;
  for (int at = 0;; ++at) {
    ASSERT_LT(at, kMostOperations);
    SCOPED_TRACE(at);
    Restore();
    FullDisk disk(at);
    PAWL_ASSERT_OK_AND_ASSIGN(const auto vfs, db::ShimVfs::Register("store_full", &disk));
    const auto opened = TryOpen(Through(vfs->name()));
    if (!opened.ok()) {
      EXPECT_THAT(opened, HasCode(Code::kDiskFull));
      continue;
    }
    Store& store = **opened;
    const absl::Status written = WriteBatch(store);
    if (written.ok()) {
      if (!disk.was_full()) break;
      continue;  // full only afterwards, in a checkpoint that is tried again later
    }
    ++refused;
    EXPECT_THAT(written, HasCode(Code::kDiskFull));
    EXPECT_FALSE(HasBatch(store));
    EXPECT_THAT(WriteBatch(store), HasCode(Code::kDiskFull)) << "still full";
    disk.Free();
    EXPECT_THAT(WriteBatch(store), IsOk());
    EXPECT_TRUE(HasBatch(store));
  }
  EXPECT_GT(refused, 3);
}

// An error inside a batch that is ignored must not let the rest be committed.
TEST_F(StoreCrash, BatchThatMetAFullDiskCannotBeCommitted) {
  Restore();
  test::SwitchableDisk disk;
  PAWL_ASSERT_OK_AND_ASSIGN(const auto vfs, db::ShimVfs::Register("store_full", &disk));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, TryOpen(Through(vfs->name())));
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
  ASSERT_THAT(tx.inbox().Append({}), IsOk());
  disk.Set(db::FileVerdict::kDiskFull);
  // More than the cache holds, so that SQLite spills to the disk in the middle.
  const Bytes large(60'000, 'x');
  absl::Status status;
  for (uint8_t n = 0; n < 200 && status.ok(); ++n) {
    NewMessage message;
    message.name = {IdOf<ConversationId>(1), "b@x", IdOf<MessageId>(n)};
    message.content = large;
    status = tx.messages().Insert(message).status();
  }
  ASSERT_THAT(status, HasCode(Code::kDiskFull));
  disk.Set(db::FileVerdict::kProceed);
  EXPECT_THAT(tx.inbox().Append({}), HasCode(Code::kDiskFull)) << "the transaction is gone";
  EXPECT_THAT(tx.Commit(now_), HasCode(Code::kDiskFull));
  EXPECT_FALSE(HasBatch(*store));
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction after, store->Begin());
  EXPECT_THAT(after.inbox().Read(InboxSeq(0), 9), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace pawl::store
