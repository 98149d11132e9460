#ifndef PAWL_TESTS_SUPPORT_RAW_SOCKET_H_
#define PAWL_TESTS_SUPPORT_RAW_SOCKET_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace pawl::test {

// A TCP connection to a port of this machine, byte by byte: for saying what no proper client would.
class RawSocket {
 public:
  static constexpr int kPatience = 60'000;  // ms; only excludes hanging

  // `receive_buffer`: of the kernel, when not 0.
  explicit RawSocket(uint16_t port, int receive_buffer = 0) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer != 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() { close(fd_); }

  int fd() const { return fd_; }

  // False when the other side is gone.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  bool Send(const Bytes& bytes) { return Send(AsText(bytes)); }
  // As much as goes without waiting for the other side.
  size_t SendWithoutWaiting(std::string_view bytes) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<size_t>(sent);
  }

  // What has come when something came; empty at the end of the connection; nothing after the
  // patience is over.
  std::optional<std::string> Receive(int patience = kPatience) {
    pollfd wait = {fd_, POLLIN, 0};
    if (poll(&wait, 1, patience) <= 0) return std::nullopt;
    std::string bytes(64 * 1024, '\0');
    const ssize_t got = recv(fd_, bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return bytes;
  }
  // Everything until the other side closes, or until `end` has come.
  std::string ReceiveUntil(std::string_view end) {
    std::string all;
    while (end.empty() || all.find(end) == all.npos) {
      const auto more = Receive();
      if (!more || more->empty()) break;
      all += *more;
    }
    return all;
  }
  // Whether the other side closes it within the patience; what comes before is dropped.
  bool IsClosed() {
    for (;;) {
      const auto more = Receive();
      if (!more) return false;
      if (more->empty()) return true;
    }
  }

 private:
  int fd_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_RAW_SOCKET_H_
