#include "transport/receive_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::transport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

MailboxCursor At(int64_t n) { return MailboxCursor(n); }

TEST(ReceiveWindow, CommittedCursorsAreTakenOnce) {
  ReceiveWindow window;
  EXPECT_TRUE(window.Deliver(At(3)));
  EXPECT_TRUE(window.Deliver(At(7)));
  window.Commit(std::vector{At(7), At(7), At(5)});
  EXPECT_THAT(window.TakeAcks(), ElementsAre(At(7)));
  EXPECT_THAT(window.TakeAcks(), IsEmpty());
  window.Commit(std::vector{At(7), At(3)});
  EXPECT_THAT(window.TakeAcks(), ElementsAre(At(3)));
}

TEST(ReceiveWindow, CursorsMustRise) {
  ReceiveWindow window;
  EXPECT_TRUE(window.Deliver(At(5)));
  EXPECT_FALSE(window.Deliver(At(5)));
  EXPECT_FALSE(window.Deliver(At(4)));
  EXPECT_FALSE(window.Deliver(At(-1)));
  EXPECT_TRUE(window.Deliver(At(6)));
}

TEST(ReceiveWindow, ARelayCannotOverrunIt) {
  ReceiveWindow window;
  for (int64_t n = 1; n <= static_cast<int64_t>(kMaxReceiveWindow); ++n) {
    ASSERT_TRUE(window.Deliver(At(n)));
  }
  EXPECT_FALSE(window.Deliver(At(1000)));
  // Committed is not enough: until the ACK leaves, the relay cannot know.
  window.Commit(std::vector{At(1)});
  EXPECT_FALSE(window.Deliver(At(1000)));
  window.TakeAcks();
  EXPECT_TRUE(window.Deliver(At(1000)));
}

TEST(ReceiveWindow, EphemeralMessagesAreNotAcknowledged) {
  ReceiveWindow window;
  EXPECT_TRUE(window.Deliver(At(9)));
  EXPECT_TRUE(window.Deliver(At(0)));
  EXPECT_TRUE(window.Deliver(At(0)));
  EXPECT_EQ(window.outstanding(), 1u);
  window.Commit(std::vector{At(0)});
  EXPECT_FALSE(window.HasAcks());
}

TEST(ReceiveWindow, ANewSocketStartsOver) {
  ReceiveWindow window;
  window.Deliver(At(5));
  window.Deliver(At(6));
  window.Commit(std::vector{At(5)});
  window.Restart();
  EXPECT_FALSE(window.HasAcks());
  window.Commit(std::vector{At(6)});  // of the old socket
  EXPECT_FALSE(window.HasAcks());
  EXPECT_TRUE(window.Deliver(At(5)));  // comes again
}

}  // namespace
}  // namespace pawl::transport
