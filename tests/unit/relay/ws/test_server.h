#ifndef PAWL_TESTS_UNIT_RELAY_WS_TEST_SERVER_H_
#define PAWL_TESTS_UNIT_RELAY_WS_TEST_SERVER_H_

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "relay/ws/server.h"
#include "support/matchers.h"
#include "support/raw_websocket.h"

namespace pawl::relay::ws {

// Who takes nobody in and hears nothing.
struct Nobody : ServerHandler {
  bool OnAccept(const PeerNetwork&) override { return false; }
  void OnLeft(const PeerNetwork&) override {}
  void OnOpened(ConnectionId, const PeerInfo&) override {}
  void OnMessage(ConnectionId, ByteView) override {}
  void OnText(ConnectionId) override {}
  void OnClosed(ConnectionId) override {}
  void OnTick() override {}
  void OnBusy(ConnectionId, bool) override {}
  void OnSignal() override {}
  HttpAnswer OnHttp(std::string_view) override { return {}; }
  HttpAnswer OnMetricsHttp(std::string_view) override { return {}; }
};

// A server on a free port that says back what it hears, on a thread of its own.
class TestServer : private ServerHandler {
 public:
  explicit TestServer(ServerOptions options = ServerOptions()) {
    auto server = Server::Create(std::move(options), this);
    EXPECT_THAT(server, test::IsOk());
    server_ = *std::move(server);
    thread_ = std::thread([this] { server_->Run(); });
  }
  ~TestServer() override {
    Stop();
    server_.reset();
    EXPECT_EQ(open, 0) << "OnClosed for every OnOpened";
    EXPECT_EQ(admitted, 0) << "OnLeft for every OnAccept";
  }

  Server& server() { return *server_; }
  uint16_t port() const { return server_->port(); }
  void Stop() {
    if (!thread_.joinable()) return;
    server_->Post([this] { server_->Drain(); });
    thread_.join();
  }

  std::atomic<int> admitted{0};
  std::atomic<int> open{0};
  std::atomic<int> messages{0};
  std::atomic<int> texts{0};
  std::atomic<int> ticks{0};
  std::atomic<bool> busy{false};
  std::atomic<int> signals{0};
  std::atomic<bool> accepting{true};
  std::atomic<bool> echo{true};
  // Answers to each message; for peers that do not read.
  std::atomic<int> echoes{1};

 private:
  bool OnAccept(const PeerNetwork&) override {
    if (accepting) ++admitted;
    return accepting;
  }
  void OnLeft(const PeerNetwork&) override { --admitted; }
  void OnOpened(ConnectionId, const PeerInfo&) override { ++open; }
  void OnMessage(ConnectionId id, ByteView message) override {
    ++messages;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(message.data()) % 8, 0u);
    for (int i = 0; echo && i < echoes; ++i) {
      Bytes buffer(Server::kHeadroom, 0);
      buffer.insert(buffer.end(), message.begin(), message.end());
      server_->Send(id, std::move(buffer));
    }
  }
  void OnText(ConnectionId id) override {
    ++texts;
    server_->Close(id, CloseCode::kTextMessage);
  }
  void OnClosed(ConnectionId) override { --open; }
  void OnTick() override { ++ticks; }
  void OnBusy(ConnectionId, bool is_busy) override { busy = is_busy; }
  void OnSignal() override {
    ++signals;
    server_->Drain();
  }
  HttpAnswer OnHttp(std::string_view path) override {
    HttpAnswer answer;
    if (path == "/health") answer = {200, "text/plain", "ok\n"};
    return answer;
  }
  HttpAnswer OnMetricsHttp(std::string_view path) override {
    HttpAnswer answer;
    if (path == "/metrics") answer = {200, "text/plain", "all is well\n"};
    return answer;
  }

  std::unique_ptr<Server> server_;
  std::thread thread_;
};

}  // namespace pawl::relay::ws

#endif  // PAWL_TESTS_UNIT_RELAY_WS_TEST_SERVER_H_
