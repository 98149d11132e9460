#ifndef PAWL_TESTS_UNIT_TRANSPORT_WS_LOOP_HARNESS_H_
#define PAWL_TESTS_UNIT_TRANSPORT_WS_LOOP_HARNESS_H_

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "support/matchers.h"
#include "transport/effects.h"
#include "transport/ws/loop.h"

namespace pawl::transport::ws::test {

// Only excludes hanging: on a busy machine a thread may get no time for many seconds.
constexpr auto kPatience = std::chrono::seconds(60);

// For what a closing says: not cut short, however late the loop or the peer comes to it.
inline LoopOptions PatientInClosing() {
  LoopOptions options;
  options.close_timeout = Milliseconds(std::chrono::milliseconds(kPatience).count());
  return options;
}

// What has happened on a loop, readable from the test's thread. All waits end.
class Recorder : public LoopHandler {
 public:
  struct Closed {
    SocketId socket;
    SocketEnd end;
  };

  void OnOpened(SocketId socket, const ChannelInfo& channel) override {
    Note([&] {
      opened_.push_back(socket);
      channels_.push_back(channel);
    });
  }
  void OnMessage(SocketId, ByteView message) override {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(message.data()) % 8, 0u);
    Note([&] { messages_.push_back(ToBytes(message)); });
  }
  void OnSent(SocketId, Bytes buffer) override {
    Note([&] {
      sent_bytes_ += buffer.size() - kSocketHeadroom;
      ++sent_;
    });
  }
  void OnPong(SocketId) override {
    Note([&] { ++pongs_; });
  }
  void OnClosed(SocketId socket, SocketEnd end) override {
    Note([&] { closed_.push_back({socket, end}); });
  }
  void OnWake() override {
    Note([&] { ++wakes_; });
  }

  // True once `holds` does.
  bool Await(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, holds);
  }
  bool AwaitOpened(size_t count = 1) {
    return Await([&] { return opened_.size() >= count; });
  }
  bool AwaitClosed(size_t count = 1) {
    return Await([&] { return closed_.size() >= count; });
  }
  bool AwaitMessages(size_t count) {
    return Await([&] { return messages_.size() >= count; });
  }
  template <typename T>
  T Read(T Recorder::*member) {
    const std::lock_guard lock(mutex_);
    return this->*member;
  }

  std::vector<SocketId> opened_;
  std::vector<ChannelInfo> channels_;
  std::vector<Bytes> messages_;
  std::vector<Closed> closed_;
  size_t sent_ = 0;
  size_t sent_bytes_ = 0;
  size_t pongs_ = 0;
  size_t wakes_ = 0;

 private:
  void Note(const std::function<void()>& change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

inline Bytes WithHeadroom(ByteView message) {
  Bytes buffer(kSocketHeadroom);
  buffer.insert(buffer.end(), message.begin(), message.end());
  return buffer;
}

inline Endpoint LoopbackEndpoint(uint16_t port, bool tls = false,
                                 const std::string& host = "127.0.0.1") {
  Endpoint endpoint;
  endpoint.tls = tls;
  endpoint.host = host;
  endpoint.port = port;
  return endpoint;
}

// A loop running on a thread of its own; the methods post and, where they answer, wait.
class RunningLoop {
 public:
  explicit RunningLoop(LoopOptions options = {}) : RunningLoop(options, nullptr) {}
  RunningLoop(LoopOptions options, LoopHandler* handler) {
    auto loop = WsLoop::Create(std::move(options), handler != nullptr ? handler : &recorder_);
    EXPECT_THAT(loop, pawl::test::IsOk());
    loop_ = *std::move(loop);
    thread_ = std::thread([this] { loop_->Run(); });
  }
  ~RunningLoop() { Finish(); }
  RunningLoop(const RunningLoop&) = delete;
  RunningLoop& operator=(const RunningLoop&) = delete;

  // Stops and destroys the loop.
  void Finish() {
    if (!thread_.joinable()) return;
    loop_->Stop();
    thread_.join();
    loop_.reset();
  }

  WsLoop* operator->() { return loop_.get(); }
  Recorder& recorder() { return recorder_; }

  // Runs `task` on the loop's thread and waits for it.
  void Do(const std::function<void(WsLoop&)>& task) {
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    ASSERT_TRUE(loop_->Post([&] {
      task(*loop_);
      const std::lock_guard lock(mutex);
      is_done = true;
      done.notify_one();
    }));
    std::unique_lock lock(mutex);
    ASSERT_TRUE(done.wait_for(lock, kPatience, [&] { return is_done; }));
  }
  SocketId Open(const Endpoint& endpoint) {
    SocketId id;
    Do([&](WsLoop& loop) {
      const auto opened = loop.Open(endpoint);
      ASSERT_THAT(opened, pawl::test::IsOk());
      id = *opened;
    });
    return id;
  }
  void Send(SocketId socket, ByteView message) {
    loop_->Post([this, socket, buffer = WithHeadroom(message)]() mutable {
      loop_->Send(socket, std::move(buffer));
    });
  }
  void Close(SocketId socket, uint16_t code = kCloseNormal) {
    loop_->Post([this, socket, code] { loop_->Close(socket, code); });
  }
  // The end of the only socket.
  SocketEnd AwaitEnd() {
    EXPECT_TRUE(recorder_.AwaitClosed());
    const auto closed = recorder_.Read(&Recorder::closed_);
    return closed.empty() ? SocketEnd{} : closed.front().end;
  }

 private:
  Recorder recorder_;
  std::unique_ptr<WsLoop> loop_;
  std::thread thread_;
};

}  // namespace pawl::transport::ws::test

#endif  // PAWL_TESTS_UNIT_TRANSPORT_WS_LOOP_HARNESS_H_
