#include "relay/ws/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace pawl::relay::ws {
namespace {

constexpr int kBacklog = 1024;
// A peer that does not read would otherwise make the kernel hold megabytes for it.
constexpr int kSocketBuffer = 128 * 1024;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

PeerNetwork NetworkOf(const sockaddr_storage& address) {
  PeerNetwork network{};
  if (address.ss_family == AF_INET) {
    sockaddr_in in4;
    std::memcpy(&in4, &address, sizeof in4);
    network[10] = network[11] = 0xff;
    std::memcpy(&network[12], &in4.sin_addr, 4);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &address, sizeof in6);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr) != 0;
    std::memcpy(network.data(), &in6.sin6_addr, mapped ? 16 : 8);
  }
  return network;
}

uint16_t PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  sockaddr_in in4;
  sockaddr_in6 in6;
  std::memcpy(&in4, &address, sizeof in4);
  std::memcpy(&in6, &address, sizeof in6);
  return ntohs(address.ss_family == AF_INET6 ? in6.sin6_port : in4.sin_port);
}

int OpenReserve() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

int TryBind(const addrinfo& address) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, address.ai_addr, address.ai_addrlen) == 0 && listen(fd, kBacklog) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

Listener::Listener(int fd, uint16_t port) : fd_(fd), reserve_(OpenReserve()), port_(port) {}

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      reserve_(std::exchange(other.reserve_, -1)),
      port_(other.port_) {}

Listener::~Listener() { Close(); }

absl::StatusOr<Listener> Listener::Bind(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Fail(Code::kInvalidArgument, "no such address to listen on");
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (const int fd = TryBind(*at); fd >= 0) return Listener(fd, PortOf(fd));
  }
  return Fail(Code::kIo, "the address to listen on cannot be bound; is another relay using it?");
}

std::optional<Listener::Accepted> Listener::Accept() {
  while (fd_ >= 0) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd =
        accept4(fd_, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSocketBuffer, sizeof kSocketBuffer);
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kSocketBuffer, sizeof kSocketBuffer);
      return Accepted{fd, NetworkOf(address)};
    }
    if (errno == ECONNABORTED || errno == EINTR) continue;
    if ((errno != EMFILE && errno != ENFILE) || reserve_ < 0) return std::nullopt;
    close(std::exchange(reserve_, -1));
    if (const int dropped = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); dropped >= 0)
      close(dropped);
    reserve_ = OpenReserve();
  }
  return std::nullopt;
}

void Listener::Drop(int fd) { close(fd); }

void Listener::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
  if (reserve_ >= 0) close(std::exchange(reserve_, -1));
}

}  // namespace pawl::relay::ws
