#ifndef PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_SERVER_H_
#define PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_SERVER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "unit/transport/ws/test_certificate.h"

namespace pawl::transport::ws::test {

// RFC 6455 §5.2
enum Opcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kCloseFrame = 8,
  kPing = 9,
  kPong = 10
};

struct Frame {
  uint8_t opcode = 0;
  bool is_final = true;
  Bytes payload;
};

// One accepted connection, from the server's side, in a thread of its own and blocking: a test
// scripts it byte by byte, so it can misbehave in any way it likes.
class Peer {
 public:
  Peer(int fd, SSL* ssl) : fd_(fd), ssl_(ssl) {}

  bool Write(ByteView bytes) {
    while (!bytes.empty()) {
      const auto sent = ssl_ != nullptr
                            ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                            : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes = bytes.subspan(static_cast<size_t>(sent));
    }
    return true;
  }
  bool Write(std::string_view text) { return Write(AsBytes(text)); }
  // Exactly `size` bytes, or nothing once the connection ends.
  std::optional<Bytes> Read(size_t size) {
    Bytes bytes(size);
    size_t have = 0;
    while (have < size) {
      const auto got = ssl_ != nullptr
                           ? SSL_read(ssl_, bytes.data() + have, static_cast<int>(size - have))
                           : ::recv(fd_, bytes.data() + have, size - have, 0);
      if (got <= 0) return std::nullopt;
      have += static_cast<size_t>(got);
    }
    return bytes;
  }

  // The HTTP request up to its empty line.
  std::string ReadRequest() {
    std::string request;
    while (!request.ends_with("\r\n\r\n")) {
      const auto byte = Read(1);
      if (!byte) return {};
      request.push_back(static_cast<char>((*byte)[0]));
    }
    return request;
  }
  static std::string AcceptFor(const std::string& request) {
    const std::string_view header = "Sec-WebSocket-Key: ";
    const size_t at = request.find(header);
    if (at == std::string::npos) return {};
    const size_t end = request.find("\r\n", at);
    const std::string key = request.substr(at + header.size(), end - at - header.size()) +
                            "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char hash[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), hash);
    unsigned char text[64];
    EVP_EncodeBlock(text, hash, sizeof(hash));
    return reinterpret_cast<const char*>(text);
  }
  bool Answer(const std::string& request, const std::string& headers) {
    return Write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
        AcceptFor(request) + "\r\n" + headers + "\r\n");
  }
  bool Upgrade() {
    const std::string request = ReadRequest();
    return !request.empty() && Answer(request, "Sec-WebSocket-Protocol: pawl.1\r\n");
  }

  bool WriteHeader(uint8_t opcode, uint64_t size, bool is_final = true) {
    Bytes header = {static_cast<uint8_t>((is_final ? 0x80 : 0) | opcode)};
    if (size < 126) {
      header.push_back(static_cast<uint8_t>(size));
    } else {
      const int octets = size < 65536 ? 2 : 8;
      header.push_back(octets == 2 ? 126 : 127);
      for (int n = octets - 1; n >= 0; --n) {
        header.push_back(static_cast<uint8_t>(size >> (8 * n)));
      }
    }
    return Write(header);
  }
  bool WriteFrame(uint8_t opcode, ByteView payload, bool is_final = true) {
    return WriteHeader(opcode, payload.size(), is_final) && Write(payload);
  }
  bool WriteClose(uint16_t code) {
    return WriteFrame(kCloseFrame,
                      Bytes{static_cast<uint8_t>(code >> 8), static_cast<uint8_t>(code)});
  }
  // The client's next frame, unmasked.
  std::optional<Frame> ReadFrame() {
    const auto head = Read(2);
    if (!head) return std::nullopt;
    Frame frame;
    frame.opcode = (*head)[0] & 0xf;
    frame.is_final = ((*head)[0] & 0x80) != 0;
    uint64_t size = (*head)[1] & 0x7f;
    if (size >= 126) {
      const auto octets = Read(size == 126 ? 2 : 8);
      if (!octets) return std::nullopt;
      size = 0;
      for (uint8_t octet : *octets) size = size << 8 | octet;
    }
    const auto mask = Read(4);
    if (!mask || ((*head)[1] & 0x80) == 0) return std::nullopt;
    auto payload = Read(size);
    if (!payload) return std::nullopt;
    frame.payload = *std::move(payload);
    Unmask(frame.payload, *mask);
    return frame;
  }
  // The client's next frame of that kind, others skipped.
  std::optional<Frame> Await(uint8_t opcode) {
    while (auto frame = ReadFrame()) {
      if (frame->opcode == opcode) return frame;
    }
    return std::nullopt;
  }
  std::optional<uint16_t> AwaitClose() {
    const auto frame = Await(kCloseFrame);
    if (!frame || frame->payload.size() < 2) return std::nullopt;
    return static_cast<uint16_t>(frame->payload[0] << 8 | frame->payload[1]);
  }
  // Sends every message back until the client closes.
  void Echo() {
    while (auto frame = ReadFrame()) {
      if (frame->opcode == kCloseFrame) {
        WriteFrame(kCloseFrame, frame->payload);
        return;
      }
      if (frame->opcode == kPing) WriteFrame(kPong, frame->payload);
      if (frame->opcode == kBinary && !WriteFrame(kBinary, frame->payload)) return;
    }
  }
  // Until the client is gone.
  void Drain() {
    while (Read(1)) {
    }
  }

  // Reads and says nothing; true once the connection is cut: by a client that resets it, or by the
  // server's destructor.
  bool IsCutWithin(int milliseconds) const {
    pollfd entry = {fd_, 0, 0};
    return ::poll(&entry, 1, milliseconds) > 0;
  }

  SSL* ssl() const { return ssl_; }
  int fd() const { return fd_; }

 private:
  // Eight bytes at a time: sanitizers charge for each access.
  static void Unmask(MutableByteView payload, ByteView mask) {
    uint8_t pattern[8];
    for (size_t n = 0; n < 8; ++n) pattern[n] = mask[n % 4];
    uint64_t key = 0;
    std::memcpy(&key, pattern, 8);
    for (; payload.size() >= 8; payload = payload.subspan(8)) {
      uint64_t word = 0;
      std::memcpy(&word, payload.data(), 8);
      word ^= key;
      std::memcpy(payload.data(), &word, 8);
    }
    for (size_t n = 0; n < payload.size(); ++n) payload[n] ^= pattern[n];
  }

  int fd_;
  SSL* ssl_;
};

inline void EchoScript(Peer& peer) {
  if (peer.Upgrade()) peer.Echo();
}

// Listens on a free loopback port and runs `script` for each connection.
class TestServer {
 public:
  using Script = std::function<void(Peer&)>;
  struct Options {
    const TestCertificate* certificate = nullptr;  // none: plain
    int max_tls = TLS1_3_VERSION;
    bool ipv6 = false;
  };

  explicit TestServer(Script script) : TestServer(std::move(script), Options{}) {}
  TestServer(Script script, Options options) : script_(std::move(script)) {
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that clients have closed
    if (options.certificate != nullptr) {
      context_ = SSL_CTX_new(TLS_server_method());
      SSL_CTX_use_certificate(context_, options.certificate->x509());
      SSL_CTX_use_PrivateKey(context_, options.certificate->key());
      SSL_CTX_set_max_proto_version(context_, options.max_tls);
    }
    Listen(options.ipv6);
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~TestServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      for (int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    acceptor_.join();
    for (auto& [id, thread] : threads_) thread.join();
    ::close(listener_);
    SSL_CTX_free(context_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  uint16_t port() const { return port_; }
  int accepted() const { return accepted_; }
  // TLS handshakes that came to their end.
  int handshakes() const { return handshakes_; }

 private:
  void Listen(bool ipv6) {
    listener_ = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage address{};
    socklen_t size = sizeof(sockaddr_in);
    if (ipv6) {
      auto* in6 = reinterpret_cast<sockaddr_in6*>(&address);
      in6->sin6_family = AF_INET6;
      in6->sin6_addr = in6addr_loopback;
      size = sizeof(sockaddr_in6);
    } else {
      auto* in4 = reinterpret_cast<sockaddr_in*>(&address);
      in4->sin_family = AF_INET;
      in4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) return;
    ::listen(listener_, 64);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(ipv6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                       : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
  }
  void Accept() {
    while (!stopping_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      const std::lock_guard lock(mutex_);
      ++accepted_;
      open_.insert(fd);
      if (stopping_) ::shutdown(fd, SHUT_RDWR);
      for (std::thread::id id : std::exchange(finished_, {})) {
        threads_.at(id).join();
        threads_.erase(id);
      }
      std::thread thread([this, fd] { Serve(fd); });
      const std::thread::id id = thread.get_id();
      threads_.emplace(id, std::move(thread));
    }
  }
  void Serve(int fd) {
    SSL* ssl = nullptr;
    bool ready = true;
    if (context_ != nullptr) {
      ssl = SSL_new(context_);
      SSL_set_fd(ssl, fd);
      ready = SSL_accept(ssl) == 1;
      if (ready) ++handshakes_;
    }
    Peer peer(fd, ssl);
    if (ready) script_(peer);
    if (ssl != nullptr) SSL_free(ssl);
    const std::lock_guard lock(mutex_);
    open_.erase(fd);
    ::close(fd);
    finished_.push_back(std::this_thread::get_id());
  }

  Script script_;
  SSL_CTX* context_ = nullptr;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> accepted_ = 0;
  std::atomic<int> handshakes_ = 0;
  std::mutex mutex_;
  std::set<int> open_;
  std::map<std::thread::id, std::thread> threads_;
  std::vector<std::thread::id> finished_;
  std::thread acceptor_;
};

}  // namespace pawl::transport::ws::test

#endif  // PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_SERVER_H_
