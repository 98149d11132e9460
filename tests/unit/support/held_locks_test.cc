#include "support/held_locks.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/temp_dir.h"

namespace pawl::test {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(HeldLocks, NamesLocksOfBothKindsUntilTheyEnd) {
  const TempDir dir;
  const int one = ::open(dir.File("one").c_str(), O_RDWR | O_CREAT, 0600);
  const int two = ::open(dir.File("two").c_str(), O_RDWR | O_CREAT, 0600);
  EXPECT_THAT(HeldLocks(dir.path()), IsEmpty());
  ASSERT_EQ(::flock(one, LOCK_EX), 0);
  struct flock range {};
  range.l_type = F_RDLCK;
  ASSERT_EQ(::fcntl(two, F_SETLK, &range), 0);
  EXPECT_THAT(HeldLocks(dir.path()), UnorderedElementsAre("FLOCK WRITE one", "POSIX READ two"));
  ::close(one);
  EXPECT_THAT(HeldLocks(dir.path()), UnorderedElementsAre("POSIX READ two"));
  ::close(two);
  EXPECT_THAT(HeldLocks(dir.path()), IsEmpty());
}

}  // namespace
}  // namespace pawl::test
