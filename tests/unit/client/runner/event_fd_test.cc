#include "client/runner/event_fd.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "support/matchers.h"

namespace pawl::runner {
namespace {

bool IsReadable(const EventFd& fd) {
  pollfd entry{.fd = fd.fd(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, 0) == 1;
}

class EventFdTest : public ::testing::TestWithParam<EventFd::Kind> {};

TEST_P(EventFdTest, IsReadableWhileSet) {
  PAWL_ASSERT_OK_AND_ASSIGN(EventFd fd, EventFd::Create(GetParam()));
  EXPECT_FALSE(IsReadable(fd));
  fd.Set();
  EXPECT_TRUE(IsReadable(fd));
  EXPECT_TRUE(IsReadable(fd)) << "a level, not an edge";
  fd.Clear();
  EXPECT_FALSE(IsReadable(fd));
}

TEST_P(EventFdTest, SettingAndClearingTwiceIsOnce) {
  PAWL_ASSERT_OK_AND_ASSIGN(EventFd fd, EventFd::Create(GetParam()));
  for (int i = 0; i < 100'000; ++i) fd.Set();
  fd.Clear();
  EXPECT_FALSE(IsReadable(fd));
  fd.Clear();
  fd.Set();
  EXPECT_TRUE(IsReadable(fd));
}

TEST_P(EventFdTest, KeepsItsStateWhenMoved) {
  PAWL_ASSERT_OK_AND_ASSIGN(EventFd fd, EventFd::Create(GetParam()));
  fd.Set();
  EventFd moved = std::move(fd);
  EXPECT_TRUE(IsReadable(moved));
  moved.Clear();
  EXPECT_FALSE(IsReadable(moved));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EventFdTest,
                         ::testing::Values(EventFd::Kind::kBest, EventFd::Kind::kPipe));

}  // namespace
}  // namespace pawl::runner
