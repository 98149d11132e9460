#include "capi/handle_table.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "support/matchers.h"

namespace pawl::capi {
namespace {

using test::HasCode;
using test::IsOk;

class HandleTableTest : public ::testing::Test {
 protected:
  uintptr_t Add(Kind kind, int value) {
    auto handle = table_.Add(kind, std::make_shared<int>(value));
    EXPECT_THAT(handle, IsOk());
    return handle.ok() ? *handle : 0;
  }
  HandleTable table_{getpid(), 1};
};

TEST_F(HandleTableTest, FindsWhatWasAdded) {
  const uintptr_t a = Add(Kind::kBuffer, 1), b = Add(Kind::kSession, 2);
  EXPECT_NE(a, 0u);
  EXPECT_NE(a, b);
  EXPECT_EQ(a % 4, 0u) << "as an aligned pointer";
  PAWL_ASSERT_OK_AND_ASSIGN(const auto found, table_.Find(Kind::kSession, b));
  EXPECT_EQ(*std::static_pointer_cast<int>(found), 2);
}

TEST_F(HandleTableTest, NullGarbageAndAnotherKindAreToldApart) {
  const uintptr_t a = Add(Kind::kBuffer, 1);
  EXPECT_THAT(table_.Find(Kind::kBuffer, 0), HasCode(Code::kBadHandle));
  EXPECT_THAT(table_.Find(Kind::kSession, a), HasCode(Code::kBadHandle));
  int on_stack = 0;
  auto on_heap = std::make_unique<int>(0);
  for (uintptr_t garbage :
       {reinterpret_cast<uintptr_t>(&on_stack), reinterpret_cast<uintptr_t>(on_heap.get()),
        uintptr_t{1}, ~uintptr_t{0}, a + 1, a + 4, a ^ (uintptr_t{1} << 30)}) {
    EXPECT_THAT(table_.Find(Kind::kBuffer, garbage), HasCode(Code::kBadHandle));
    EXPECT_EQ(table_.Remove(Kind::kBuffer, garbage), nullptr);
  }
}

TEST_F(HandleTableTest, AReleasedHandleStaysDeadAlthoughItsSlotIsUsedAgain) {
  const uintptr_t old = Add(Kind::kBuffer, 1);
  EXPECT_NE(table_.Remove(Kind::kBuffer, old), nullptr);
  EXPECT_EQ(table_.Remove(Kind::kBuffer, old), nullptr);
  for (int i = 0; i < 1000; ++i) {
    const uintptr_t fresh = Add(Kind::kBuffer, i);
    EXPECT_NE(fresh, old);
    EXPECT_THAT(table_.Find(Kind::kBuffer, old), HasCode(Code::kBadHandle));
    table_.Remove(Kind::kBuffer, fresh);
  }
}

TEST_F(HandleTableTest, ACallUnderWayKeepsItsObject) {
  const uintptr_t a = Add(Kind::kBuffer, 7);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto in_use, table_.Find(Kind::kBuffer, a));
  table_.Remove(Kind::kBuffer, a);
  EXPECT_EQ(*std::static_pointer_cast<int>(in_use), 7);
}

TEST_F(HandleTableTest, AHandleOfTheParentProcessIsKnownAsSuch) {
  const uintptr_t a = Add(Kind::kBuffer, 1);
  HandleTable child(getpid(), 2);
  EXPECT_THAT(child.Find(Kind::kBuffer, a), HasCode(Code::kForked));
  EXPECT_EQ(child.Remove(Kind::kBuffer, a), nullptr);
  HandleTable parent(getpid(), 1);
  PAWL_ASSERT_OK_AND_ASSIGN(const uintptr_t b, child.Add(Kind::kBuffer, std::make_shared<int>(2)));
  EXPECT_THAT(parent.Find(Kind::kBuffer, b), HasCode(Code::kBadHandle));
}

TEST_F(HandleTableTest, TheProcessTableNoticesAFork) {
  HandleTable& before = HandleTable::OfThisProcess();
  PAWL_ASSERT_OK_AND_ASSIGN(const uintptr_t a, before.Add(Kind::kBuffer, std::make_shared<int>(1)));
  const pid_t child = fork();
  if (child == 0) {
    HandleTable& after = HandleTable::OfThisProcess();
    const bool forked = CodeOf(after.Find(Kind::kBuffer, a)) == Code::kForked;
    const auto own = after.Add(Kind::kBuffer, std::make_shared<int>(3));
    const bool usable = own.ok() && after.Find(Kind::kBuffer, *own).ok();
    _exit(forked && usable ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_NE(before.Remove(Kind::kBuffer, a), nullptr);
}

TEST_F(HandleTableTest, ManyThreadsAddFindAndRemove) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        const uintptr_t handle = Add(Kind::kBuffer, t * 10'000 + i);
        auto found = table_.Find(Kind::kBuffer, handle);
        ASSERT_THAT(found, IsOk());
        EXPECT_EQ(*std::static_pointer_cast<int>(*found), t * 10'000 + i);
        EXPECT_NE(table_.Remove(Kind::kBuffer, handle), nullptr);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace pawl::capi
