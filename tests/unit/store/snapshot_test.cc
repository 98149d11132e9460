#include "store/snapshot.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "db/connection.h"
#include "support/held_locks.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using test::HeldLocks;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Literal kName("test.value");

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class SnapshotTest : public StoreTest {
 protected:
  void SetUp() override {
    store_ = Open();
    ASSERT_NE(store_, nullptr);
    Write(1);
  }
  ObserverOptions Watching() const {
    return {.dir = StoreDir(), .key = HostKeyOf(7), .anchor = AnchorFile{AnchorDir()}};
  }
  absl::StatusOr<std::unique_ptr<Snapshot>> Look() {
    PAWL_ASSIGN(const Observer observer, Observer::Open(Watching()));
    return observer.Look();
  }
  void Write(int64_t value) {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
    ASSERT_THAT(tx.values().PutInt(kName, value), IsOk());
    ASSERT_THAT(tx.Commit(now_), IsOk());
  }
  static int64_t Read(Snapshot& snapshot) {
    return snapshot.tables().values.GetInt(kName).value_or(std::nullopt).value_or(-1);
  }
  // With the store's own key, as no client does it.
  template <typename What>
  void Tamper(const What& what) {
    PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys keys, LoadKeysOf());
    db::OpenOptions options;
    options.path = StoreDir() + "/pawl.db";
    PAWL_ASSERT_OK_AND_ASSIGN(const auto connection, db::Connection::Open(options, keys.current));
    what(*connection);
  }
  absl::StatusOr<DatabaseKeys> LoadKeysOf() const {
    const std::string file = BytesOf(StoreDir() + "/key.wrap");
    return UnwrapKeys(AsBytes(file), HostKeyOf(7));
  }
  std::unique_ptr<Store> store_;
};

TEST_F(SnapshotTest, SeesOneCommitWhateverTheWriterDoes) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto snapshot, Look());
  EXPECT_EQ(Read(*snapshot), 1);
  EXPECT_EQ(snapshot->generation(), store_->generation());
  Write(2);
  EXPECT_EQ(Read(*snapshot), 1);
  PAWL_ASSERT_OK_AND_ASSIGN(auto later, Look());
  EXPECT_EQ(Read(*later), 2);
}

TEST_F(SnapshotTest, DoesNotSeeNorWaitForAnOpenTransaction) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  ASSERT_THAT(tx.values().PutInt(kName, 9), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(auto snapshot, Look());
  EXPECT_EQ(Read(*snapshot), 1);
}

TEST_F(SnapshotTest, NeverHoldsTheWritersLockAndNoneAtAllOnceItIsGone) {
  store_.reset();
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer observer, Observer::Open(Watching()));
  EXPECT_THAT(HeldLocks(StoreDir()), IsEmpty());
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto snapshot, observer.Look());
    EXPECT_THAT(HeldLocks(StoreDir()), Not(Contains("FLOCK WRITE lock")));
    store_ = Open();
    EXPECT_NE(store_, nullptr) << "a writer may come while somebody looks on";
    store_.reset();
  }
  EXPECT_THAT(HeldLocks(StoreDir()), IsEmpty());
}

TEST_F(SnapshotTest, ChangesNoByteOfTheDatabaseNorOfItsLog) {
  const std::string database = StoreDir() + "/pawl.db";
  const std::string before = BytesOf(database), log = BytesOf(database + "-wal");
  ASSERT_FALSE(log.empty()) << "what was written last is in the log";
  { EXPECT_THAT(Look(), IsOk()); }
  EXPECT_EQ(BytesOf(database), before);
  EXPECT_EQ(BytesOf(database + "-wal"), log);
  store_.reset();
  const std::string closed = BytesOf(database);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Look(), IsOk());
  EXPECT_EQ(BytesOf(database), closed);
  EXPECT_EQ(BytesOf(database + "-wal"), "");
}

TEST_F(SnapshotTest, CannotWrite) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto snapshot, Look());
  EXPECT_THAT(snapshot->tables().values.PutInt(kName, 3), HasCode(Code::kStorage));
  snapshot.reset();
  PAWL_ASSERT_OK_AND_ASSIGN(snapshot, Look());
  EXPECT_EQ(Read(*snapshot), 1);
}

TEST_F(SnapshotTest, ReadsWhatAKilledWriterLeftInTheLog) {
  store_.reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = Store::Open(Options(), now_, rng_);
    if (!store.ok()) ::_exit(1);
    auto tx = (*store)->Begin();
    if (!tx.ok() || !tx->values().PutInt(kName, 5).ok() || !tx->Commit(now_).ok()) ::_exit(1);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  PAWL_ASSERT_OK_AND_ASSIGN(auto snapshot, Look());
  EXPECT_EQ(Read(*snapshot), 5);
}

TEST_F(SnapshotTest, AStoppedWriterInTheMiddleOfATransactionHoldsNobodyUp) {
  store_.reset();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = Store::Open(Options(), now_, rng_);
    auto tx = (*store)->Begin();
    if (!tx.ok() || !tx->values().PutInt(kName, 6).ok()) ::_exit(1);
    if (::write(ready[1], "r", 1) != 1) ::_exit(1);
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, WUNTRACED), child);
  ASSERT_TRUE(WIFSTOPPED(status));
  {
    PAWL_ASSERT_OK_AND_ASSIGN(auto snapshot, Look());
    EXPECT_EQ(Read(*snapshot), 1);
  }
  EXPECT_THAT(TryOpen(Options()), HasCode(Code::kStoreLocked));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NE(Open(), nullptr) << "the lease of the dead is free at once";
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(SnapshotTest, AnotherKeyOpensNothing) {
  ObserverOptions options = Watching();
  options.key = HostKeyOf(8);
  EXPECT_THAT(Observer::Open(options), HasCode(Code::kWrongKey));
}

TEST_F(SnapshotTest, SeesThroughANewWrappingButNotThroughANewKey) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer observer, Observer::Open(Watching()));
  ASSERT_THAT(store_->Rewrap(HostKeyOf(9), CheapArgon2(), rng_), IsOk());
  EXPECT_THAT(observer.Look(), IsOk());
  ASSERT_THAT(store_->Reencrypt(HostKeyOf(9), rng_), IsOk());
  EXPECT_THAT(observer.Look(), HasCode(Code::kWrongKey));
  ObserverOptions options = Watching();
  options.key = HostKeyOf(9);
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer anew, Observer::Open(options));
  EXPECT_THAT(anew.Look(), IsOk());
}

TEST_F(SnapshotTest, NoStoreIsNotFound) {
  ObserverOptions options = Watching();
  options.dir = temp_.File("nothing");
  EXPECT_THAT(Observer::Open(options), HasCode(Code::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(options.dir));
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer observer, Observer::Open(Watching()));
  store_.reset();
  std::filesystem::remove_all(StoreDir());
  EXPECT_THAT(observer.Look(), HasCode(Code::kNotFound));
}

TEST_F(SnapshotTest, AVersionThatIsNotOursIsSaidToBeOlderOrNewer) {
  store_.reset();
  Tamper([](db::Connection& db) { EXPECT_THAT(db.SetUserVersion(0), IsOk()); });
  EXPECT_THAT(Look(), HasCode(Code::kStoreTooOld));
  Tamper([](db::Connection& db) { EXPECT_THAT(db.SetUserVersion(999), IsOk()); });
  EXPECT_THAT(Look(), HasCode(Code::kStoreTooNew));
}

TEST_F(SnapshotTest, AnOlderCopyIsDivergedEvenBeforeItsWriterHasSeenIt) {
  ASSERT_THAT(store_->Close(now_), IsOk());
  std::filesystem::copy(StoreDir(), temp_.File("copy"));
  store_ = Open();
  Write(2);
  ASSERT_THAT(store_->Close(now_), IsOk());
  EXPECT_THAT(Look(), IsOk());
  std::filesystem::remove_all(StoreDir());
  std::filesystem::copy(temp_.File("copy"), StoreDir());
  EXPECT_THAT(Look(), HasCode(Code::kDiverged));
  store_ = Open();
  ASSERT_EQ(store_->opened_state(), OpenedState::kDiverged);
  EXPECT_THAT(Look(), HasCode(Code::kDiverged)) << "until it is healed";
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  ASSERT_THAT(tx.Mark(OpenedState::kCurrent), IsOk());
  ASSERT_THAT(tx.Commit(now_), IsOk());
  EXPECT_THAT(Look(), IsOk());
}

TEST_F(SnapshotTest, ASupersededCopyIsSaidToBeOne) {
  PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store_->Begin());
  ASSERT_THAT(tx.Mark(OpenedState::kSuperseded), IsOk());
  ASSERT_THAT(tx.Commit(now_), IsOk());
  EXPECT_THAT(Look(), HasCode(Code::kSuperseded));
}

TEST_F(SnapshotTest, AnAnchorThatIsOutOfReachIsNotMissed) {
  ObserverOptions options = Watching();
  options.anchor = AnchorFile{temp_.File("elsewhere")};
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer observer, Observer::Open(options));
  EXPECT_THAT(observer.Look(), IsOk());
  options.anchor = HostAnchor{Generation(1'000)};
  PAWL_ASSERT_OK_AND_ASSIGN(const Observer ahead, Observer::Open(options));
  EXPECT_THAT(ahead.Look(), HasCode(Code::kDiverged));
  options.anchor = AnchorFile{StoreDir()};
  EXPECT_THAT(Observer::Open(options), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::store
