#ifndef PAWL_TESTS_SUPPORT_RAW_WEBSOCKET_H_
#define PAWL_TESTS_SUPPORT_RAW_WEBSOCKET_H_

#include <optional>
#include <string>

#include "support/raw_socket.h"

namespace pawl::test {

// RFC 6455 by hand, client side, frame by frame.
class RawWebSocket {
 public:
  enum Opcode : uint8_t {
    kContinue = 0,
    kText = 1,
    kBinary = 2,
    kClose = 8,
    kPing = 9,
    kPong = 10
  };

  static std::string UpgradeRequest(std::string_view headers = "Sec-WebSocket-Protocol: pawl.1\r\n",
                                    std::string_view version = "13",
                                    std::string_view upgrade = "websocket") {
    std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ";
    request.append(upgrade).append("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    request.append("Sec-WebSocket-Version: ").append(version).append("\r\n");
    return request.append(headers).append("\r\n");
  }

  explicit RawWebSocket(uint16_t port, int receive_buffer = 0) : socket_(port, receive_buffer) {
    socket_.Send(UpgradeRequest());
    const std::string answer = socket_.ReceiveUntil("\r\n\r\n");
    open_ = answer.rfind("HTTP/1.1 101", 0) == 0;
    EXPECT_TRUE(open_) << answer;
    const size_t end = answer.find("\r\n\r\n");
    if (end != answer.npos) buffer_ = answer.substr(end + 4);
  }

  RawSocket& socket() { return socket_; }
  bool is_open() const { return open_; }

  // One frame, masked with zeros, which is masking all the same. `announced`: another length in the
  // header.
  static std::string Frame(uint8_t opcode, std::string_view payload, bool fin = true,
                           std::optional<uint64_t> announced = std::nullopt, bool masked = true) {
    std::string frame(1, static_cast<char>((fin ? 0x80 : 0) | opcode));
    const uint64_t size = announced.value_or(payload.size());
    const uint8_t mask = masked ? 0x80 : 0;
    if (size < 126) {
      frame += static_cast<char>(mask | size);
    } else if (size <= 0xFFFF) {
      frame += static_cast<char>(mask | 126);
      for (int shift = 8; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift);
    } else {
      frame += static_cast<char>(mask | 127);
      for (int shift = 56; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift);
    }
    if (masked) frame.append(4, '\0');
    return frame.append(payload);
  }
  bool Send(std::string_view payload, uint8_t opcode = kBinary) {
    return socket_.Send(Frame(opcode, payload));
  }

  struct Received {
    uint8_t opcode = 0;
    std::string payload;
  };
  // The next frame; nothing when the connection ended or nothing came.
  std::optional<Received> Receive(int patience = RawSocket::kPatience) {
    for (;;) {
      if (auto frame = TakeFrame()) return frame;
      const auto more = socket_.Receive(patience);
      if (!more || more->empty()) return std::nullopt;
      buffer_ += *more;
    }
  }
  // The close code that the other side sends, whatever comes before; 0 when it just ends.
  int ReceiveClose() {
    while (const auto frame = Receive()) {
      if (frame->opcode == kClose && frame->payload.size() >= 2) {
        return static_cast<uint8_t>(frame->payload[0]) << 8 |
               static_cast<uint8_t>(frame->payload[1]);
      }
    }
    return 0;
  }

 private:
  std::optional<Received> TakeFrame() {
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(buffer_[i]); };
    if (buffer_.size() < 2) return std::nullopt;
    size_t header = 2;
    uint64_t size = byte(1) & 0x7F;
    const size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extra > 0) {
      if (buffer_.size() < header + extra) return std::nullopt;
      size = 0;
      for (size_t i = 0; i < extra; ++i) size = size << 8 | byte(header + i);
      header += extra;
    }
    if (buffer_.size() - header < size) return std::nullopt;
    Received frame{static_cast<uint8_t>(byte(0) & 0x0F), buffer_.substr(header, size)};
    buffer_.erase(0, header + size);
    return frame;
  }

  RawSocket socket_;
  bool open_ = false;
  std::string buffer_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_RAW_WEBSOCKET_H_
