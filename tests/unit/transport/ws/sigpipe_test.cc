#include "transport/ws/sigpipe.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace pawl::transport::ws {
namespace {

bool IsBlocked() {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, SIGPIPE) == 1;
}

void WriteIntoABrokenPipe() {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_LT(write(ends[1], "x", 1), 0);
  close(ends[1]);
}

// In a thread of its own: what must not happen here is the death of the process.
TEST(SigpipeBlock, ABrokenPipeIsOnlyAnError) {
  struct sigaction before {};
  struct sigaction fatal {};
  fatal.sa_handler = SIG_DFL;
  sigaction(SIGPIPE, &fatal, &before);
  std::thread([] {
    EXPECT_FALSE(IsBlocked());
    {
      const SigpipeBlock block;
      EXPECT_TRUE(IsBlocked());
      WriteIntoABrokenPipe();
    }
    EXPECT_FALSE(IsBlocked());
    {
      const SigpipeBlock outer;
      {
        const SigpipeBlock inner;
        WriteIntoABrokenPipe();
      }
      EXPECT_TRUE(IsBlocked());
    }
  }).join();
  sigaction(SIGPIPE, &before, nullptr);
}

TEST(SigpipeDisposition, IsRestored) {
  struct sigaction mine {};
  mine.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGPIPE, &mine, &before);
  {
    const SigpipeDisposition disposition;
    signal(SIGPIPE, SIG_IGN);
  }
  struct sigaction now {};
  sigaction(SIGPIPE, &before, &now);
  EXPECT_EQ(now.sa_handler, mine.sa_handler);
}

}  // namespace
}  // namespace pawl::transport::ws
