#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "base/kill_point.h"
#include "support/file_faults.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using test::Crash;
using test::CrashingDisk;
using ::testing::SizeIs;

constexpr int kMost = 5'000;  // far beyond: the loops end by themselves

class StoreKeys : public StoreTest {
 protected:
  // A store with some pages of messages.
  void SetUp() override {
    const auto store = Open();
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store->Begin());
    const Bytes content(5'000, 'c');
    for (uint8_t n = 0; n < 4; ++n) {
      NewMessage message;
      message.name = {IdOf<ConversationId>(1), "b@x", IdOf<MessageId>(n)};
      message.content = content;
      ASSERT_THAT(tx.messages().Insert(message), IsOk());
    }
    ASSERT_THAT(tx.Commit(now_), IsOk());
    ASSERT_THAT(store->Close(now_), IsOk());
    std::filesystem::copy(StoreDir(), temp_.File("before"));
  }
  void Restore() {
    std::filesystem::remove_all(StoreDir());
    std::filesystem::copy(temp_.File("before"), StoreDir());
  }
  absl::StatusOr<std::unique_ptr<Store>> OpenWith(WrapKey key, const std::string& vfs = "") {
    OpenOptions options = Options();
    options.key = std::move(key);
    options.create_if_missing = false;
    options.vfs = vfs;
    return TryOpen(std::move(options));
  }
  void ExpectWhole(Store& store) {
    PAWL_ASSERT_OK_AND_ASSIGN(Transaction tx, store.Begin());
    EXPECT_THAT(tx.messages().History(IdOf<ConversationId>(1), std::nullopt, 9),
                IsOkAndHolds(SizeIs(4)));
  }
};

TEST_F(StoreKeys, RewrapChangesWhatOpensTheStore) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
    ASSERT_THAT(store->Rewrap(PassphraseOf("new"), CheapArgon2(), rng_), IsOk());
  }
  EXPECT_THAT(OpenWith(HostKeyOf(7)), HasCode(Code::kWrongKey));
  EXPECT_THAT(OpenWith(PassphraseOf("old")), HasCode(Code::kWrongKey));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(PassphraseOf("new")));
  ExpectWhole(*store);
}

TEST_F(StoreKeys, RewrapOutOfBoundsIsRefusedAndChangesNothing) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
  EXPECT_THAT(store->Rewrap(PassphraseOf("new"), {1, 1}, rng_), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(store->Rewrap(PassphraseOf(""), CheapArgon2(), rng_),
              HasCode(Code::kInvalidArgument));
  ASSERT_THAT(store->Close(now_), IsOk());
  EXPECT_THAT(OpenWith(HostKeyOf(7)), IsOk());
}

TEST_F(StoreKeys, ReencryptionChangesEveryPageAndKeepsTheWrapKey) {
  const std::string before = Contents(StoreDir() + "/pawl.db");
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
    ASSERT_THAT(store->Reencrypt(HostKeyOf(7), rng_), IsOk());
    ExpectWhole(*store);
    ASSERT_THAT(store->OpenReader(), IsOk());
  }
  const std::string after = Contents(StoreDir() + "/pawl.db");
  ASSERT_EQ(after.size(), before.size());
  for (size_t page = 0; page < before.size(); page += 4096) {
    // The first 16 bytes are the file's salt, which stays.
    EXPECT_NE(after.substr(page + 16, 64), before.substr(page + 16, 64)) << page;
  }
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
  ExpectWhole(*store);
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys keys,
                            UnwrapKeys(AsBytes(Contents(StoreDir() + "/key.wrap")), HostKeyOf(7)));
  EXPECT_FALSE(keys.next.has_value());
}

TEST_F(StoreKeys, ReencryptionUnderAPassphraseKeepsItsWorkFactor) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
    ASSERT_THAT(store->Rewrap(PassphraseOf("new"), CheapArgon2(), rng_), IsOk());
    ASSERT_THAT(store->Reencrypt(PassphraseOf("new"), rng_), IsOk());
  }
  PAWL_ASSERT_OK_AND_ASSIGN(const auto params,
                            WrapParams(AsBytes(Contents(StoreDir() + "/key.wrap"))));
  EXPECT_EQ(params->memory_mib, crypto::kArgon2FloorMib);
  EXPECT_THAT(OpenWith(PassphraseOf("new")), IsOk());
}

TEST_F(StoreKeys, ReencryptionWantsTheWrapKeyInForceAndNobodyElseAround) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
  EXPECT_THAT(store->Reencrypt(HostKeyOf(8), rng_), HasCode(Code::kWrongKey));
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const auto reader, store->OpenReader());
    EXPECT_THAT(store->Reencrypt(HostKeyOf(7), rng_), HasCode(Code::kWrongState));
  }
  {
    PAWL_ASSERT_OK_AND_ASSIGN(const Transaction tx, store->Begin());
    EXPECT_THAT(store->Reencrypt(HostKeyOf(7), rng_), HasCode(Code::kWrongState));
    EXPECT_THAT(store->Rewrap(HostKeyOf(8), {}, rng_), HasCode(Code::kWrongState));
  }
  EXPECT_THAT(store->Reencrypt(HostKeyOf(7), rng_), IsOk());
}

TEST_F(StoreKeys, ReencryptionThatCrashesAtAnyOperationLeavesAWholeStore) {
  for (const Crash how : {Crash::kTorn, Crash::kPowerCut}) {
    int at = 0;
    // An odd stride: the log's headers and pages alternate.
    for (;; at += 3) {
      ASSERT_LT(at, kMost);
      SCOPED_TRACE(at);
      Restore();
      CrashingDisk disk(how, at);
      PAWL_ASSERT_OK_AND_ASSIGN(const auto vfs, db::ShimVfs::Register("store_keys", &disk));
      {
        auto store = OpenWith(HostKeyOf(7), vfs->name());
        if (store.ok()) (*store)->Reencrypt(HostKeyOf(7), rng_).IgnoreError();
      }
      if (!disk.crashed()) break;
      if (how == Crash::kPowerCut) disk.PowerCut();
      PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7)));
      ExpectWhole(*store);
      PAWL_ASSERT_OK_AND_ASSIGN(
          const DatabaseKeys keys,
          UnwrapKeys(AsBytes(Contents(StoreDir() + "/key.wrap")), HostKeyOf(7)));
      EXPECT_FALSE(keys.next.has_value()) << "the key that is over was not forgotten";
    }
    EXPECT_GT(at, 40);
  }
}

TEST_F(StoreKeys, ReencryptionOnAFullDiskFailsAndTheStoreGoesOn) {
  test::SwitchableDisk disk;
  PAWL_ASSERT_OK_AND_ASSIGN(const auto vfs, db::ShimVfs::Register("store_keys", &disk));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto store, OpenWith(HostKeyOf(7), vfs->name()));
  disk.Set(db::FileVerdict::kDiskFull);
  EXPECT_THAT(store->Reencrypt(HostKeyOf(7), rng_), HasCode(Code::kDiskFull));
  disk.Set(db::FileVerdict::kProceed);
  ExpectWhole(*store);
  EXPECT_THAT(store->Reencrypt(HostKeyOf(7), rng_), IsOk());
  ExpectWhole(*store);
}

#ifdef PAWL_KILL_POINTS

// Kill points passed by a child process, which is killed at number `g_kill_at`.
int* g_passed = nullptr;
int g_kill_at = 0;

// Runs `work` in a child process that is killed at kill point number `at`; returns how many points
// it passed.
int RunUntilKilled(int at, const std::function<void()>& work) {
  void* const shared =
      ::mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  EXPECT_NE(shared, MAP_FAILED);
  g_passed = static_cast<int*>(shared);
  g_kill_at = at;
  const pid_t child = ::fork();
  if (child == 0) {
    SetKillHook([](const char*) {
      if ((*g_passed)++ == g_kill_at) ::raise(SIGKILL);
    });
    work();
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  const int passed = *g_passed;
  EXPECT_EQ(WIFSIGNALED(status), passed > at);
  ::munmap(shared, sizeof(int));
  return passed;
}

// Every point near the beginning and the end, where the small files are written; every fifth among
// the many pages between.
bool IsWorthKilling(int at, int total) { return at < 15 || at >= total - 25 || at % 5 == 0; }

class StoreKilled : public StoreKeys {
 protected:
  // Before each kill `prepare`, after it `check`.
  void KillEverywhere(const std::function<void()>& prepare, const std::function<void()>& work,
                      const std::function<void()>& check) {
    prepare();
    const int total = RunUntilKilled(kMost, work);
    EXPECT_GE(total, 4);
    EXPECT_LT(total, kMost);
    for (int at = 0; at < total; ++at) {
      if (!IsWorthKilling(at, total)) continue;
      SCOPED_TRACE(at);
      prepare();
      RunUntilKilled(at, work);
      check();
    }
  }
};

TEST_F(StoreKilled, AnywhereInARewrapTheOldOrTheNewKeyOpens) {
  int old_opens = 0;
  int new_opens = 0;
  const auto rewrap = [&] {
    auto store = OpenWith(HostKeyOf(7));
    if (store.ok()) (*store)->Rewrap(HostKeyOf(8), {}, rng_).IgnoreError();
  };
  KillEverywhere([&] { Restore(); }, rewrap,
                 [&] {
                   auto with_old = OpenWith(HostKeyOf(7));
                   const bool old_opened = with_old.ok();
                   with_old = Fail(Code::kClosed, "");
                   const auto with_new = OpenWith(HostKeyOf(8));
                   EXPECT_NE(old_opened, with_new.ok());
                   if (with_new.ok()) ExpectWhole(**with_new);
                   ++(old_opened ? old_opens : new_opens);
                 });
  EXPECT_GE(old_opens, 2);
  EXPECT_GE(new_opens, 2);
}

TEST_F(StoreKilled, AnywhereInAReencryptionTheStoreOpensWhole) {
  const auto reencrypt = [&] {
    auto store = OpenWith(HostKeyOf(7));
    if (store.ok()) (*store)->Reencrypt(HostKeyOf(7), rng_).IgnoreError();
  };
  KillEverywhere([&] { Restore(); }, reencrypt,
                 [&] {
                   const auto store = OpenWith(HostKeyOf(7));
                   ASSERT_THAT(store, IsOk());
                   ExpectWhole(**store);
                 });
}

TEST_F(StoreKilled, AnywhereInACreationTheNextOneSucceeds) {
  const auto clear = [&] {
    std::filesystem::remove_all(StoreDir());
    std::filesystem::remove_all(AnchorDir());
  };
  KillEverywhere(
      clear, [&] { Open(); },
      [&] {
        const auto store = TryOpen(Options());
        ASSERT_THAT(store, IsOk());
        EXPECT_EQ((*store)->opened_state(), OpenedState::kCurrent);
        EXPECT_EQ((*store)->generation(), Generation(1));
      });
}

#else

TEST_F(StoreKeys, KilledAnywhereTheStoreOpensWhole) {
  GTEST_SKIP() << "needs a build with PAWL_KILL_POINTS";
}

#endif

}  // namespace
}  // namespace pawl::store
