#include "relay/ws/listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "support/matchers.h"
#include "support/raw_socket.h"

namespace pawl::relay::ws {
namespace {

using test::RawSocket;

// Loopback connections may take a moment to show up.
std::optional<Listener::Accepted> AcceptSoon(Listener& listener) {
  for (int i = 0; i < 1000; ++i) {
    if (auto accepted = listener.Accept()) return accepted;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return std::nullopt;
}

TEST(Listener, PortZeroIsAFreeOne) {
  PAWL_ASSERT_OK_AND_ASSIGN(Listener first, Listener::Bind("127.0.0.1", 0));
  PAWL_ASSERT_OK_AND_ASSIGN(Listener second, Listener::Bind("127.0.0.1", 0));
  EXPECT_NE(first.port(), 0);
  EXPECT_NE(first.port(), second.port());
  EXPECT_THAT(Listener::Bind("127.0.0.1", first.port()), test::HasCode(Code::kIo));
  EXPECT_THAT(Listener::Bind("not an address", 0), test::HasCode(Code::kInvalidArgument));
}

TEST(Listener, AnIpv4PeerIsItsMappedAddress) {
  PAWL_ASSERT_OK_AND_ASSIGN(Listener listener, Listener::Bind("127.0.0.1", 0));
  EXPECT_FALSE(listener.Accept());
  RawSocket peer(listener.port());
  const auto accepted = AcceptSoon(listener);
  ASSERT_TRUE(accepted);
  const PeerNetwork expected = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1};
  EXPECT_EQ(accepted->network, expected);
  Listener::Drop(accepted->fd);
  EXPECT_TRUE(peer.IsClosed());
}

TEST(Listener, OutOfDescriptorsItTurnsPeersAwayInsteadOfSpinning) {
  PAWL_ASSERT_OK_AND_ASSIGN(Listener listener, Listener::Bind("127.0.0.1", 0));
  RawSocket peer(listener.port());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;  // every descriptor of ours is above
  setrlimit(RLIMIT_NOFILE, &none);
  // The reserve cannot be had back below the limit: what matters is that the peer is not left
  // hanging.
  std::optional<Listener::Accepted> accepted;
  for (int i = 0; i < 100 && !accepted; ++i) {
    accepted = listener.Accept();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(accepted);
}

TEST(Listener, ClosedItAcceptsNobody) {
  PAWL_ASSERT_OK_AND_ASSIGN(Listener listener, Listener::Bind("127.0.0.1", 0));
  listener.Close();
  EXPECT_FALSE(listener.Accept());
  EXPECT_EQ(listener.fd(), -1);
}

}  // namespace
}  // namespace pawl::relay::ws
