#include "store/lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using Lock = StoreTest;

TEST_F(Lock, ExcludesASecondTakerInTheSameProcess) {
  PAWL_ASSERT_OK_AND_ASSIGN(const WriterLock first, WriterLock::Take(temp_.File("lock")));
  EXPECT_THAT(WriterLock::Take(temp_.File("lock")), HasCode(Code::kStoreLocked));
}

TEST_F(Lock, EndsWithItsHolder) {
  { PAWL_ASSERT_OK_AND_ASSIGN(const WriterLock first, WriterLock::Take(temp_.File("lock"))); }
  EXPECT_THAT(WriterLock::Take(temp_.File("lock")), IsOk());
}

TEST_F(Lock, MovesWithItsObject) {
  PAWL_ASSERT_OK_AND_ASSIGN(WriterLock first, WriterLock::Take(temp_.File("lock")));
  {
    const WriterLock second = std::move(first);
    EXPECT_THAT(WriterLock::Take(temp_.File("lock")), HasCode(Code::kStoreLocked));
  }
  EXPECT_THAT(WriterLock::Take(temp_.File("lock")), IsOk());
}

TEST_F(Lock, ExcludesAnotherProcessUntilThatIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = WriterLock::Take(temp_.File("lock"));
    const char byte = lock.ok() ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_THAT(WriterLock::Take(temp_.File("lock")), HasCode(Code::kStoreLocked));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_THAT(WriterLock::Take(temp_.File("lock")), IsOk());
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace pawl::store
