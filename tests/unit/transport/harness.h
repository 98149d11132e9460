#ifndef PAWL_TESTS_UNIT_TRANSPORT_HARNESS_H_
#define PAWL_TESTS_UNIT_TRANSPORT_HARNESS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "transport/connection.h"
#include "wire/auth.h"
#include "wire/frame_parts.h"
#include "wire/frames.h"

namespace pawl::transport::test {

inline Endpoint LocalEndpoint() { return *Endpoint::Parse("ws://127.0.0.1:4443/"); }

inline ConnectionConfig ConfigFor(Mode mode) {
  ConnectionConfig config = ConnectionConfig::For(mode, LocalEndpoint(), {});
  if (mode != Mode::kAnonymous) {
    config.identity = {"alice@example.org", DeviceId(1), Bytes{1, 2, 3}};
  }
  return config;
}

// One ws message of the given relay frames, as the socket would hand it over.
template <typename... Frames>
Bytes FromRelay(const Frames&... frames) {
  wire::FrameWriter writer;
  const bool fits = (wire::Append(writer, frames) && ...);
  EXPECT_TRUE(fits);
  return ToBytes(writer.message());
}

inline wire::Challenge DefaultChallenge() {
  return {.nonce = ByteArray<32>{7},
          .time = Timestamp{1},
          .max_message = 256 * 1024,
          .max_envelope = 64 * 1024,
          .domain = "example.org"};
}

inline wire::Message MessageAt(int64_t cursor, ByteView envelope = {}) {
  return {MailboxCursor(cursor), EnvelopeId(ByteArray<16>{4}), Timestamp{5}, envelope};
}

// A connection in virtual time, its effects, and a relay played by the test.
class Harness {
 public:
  explicit Harness(ConnectionConfig config, uint64_t seed = 1)
      : rng_(seed), connection_(*Connection::Create(std::move(config))) {}
  explicit Harness(Mode mode) : Harness(ConfigFor(mode)) {}

  Connection& connection() { return connection_; }
  Connection* operator->() { return &connection_; }
  Turn turn() { return {clock_.Now(), rng_, effects_}; }
  pawl::test::FakeClock& clock() { return clock_; }
  Rng& rng() { return rng_; }
  State state() const { return connection_.status().state; }
  Attempt attempt() const { return attempt_; }

  // --- to a state ---
  void ToConnecting() {
    connection_.Start(turn());
    Settle();
  }
  void ToAuthenticating() {
    ToConnecting();
    connection_.SocketOpened(attempt_, channel, turn());
    Settle();
  }
  void ToOnline(const wire::Ready& ready = {}) {
    ToAuthenticating();
    Relay(DefaultChallenge());
    if (connection_.mode() != Mode::kAnonymous) {
      connection_.Signed(attempt_, ByteArray<64>{9}, turn());
      Settle();
    }
    Relay(ready);
    AcceptAllSent();
    Clear();
  }
  void ToBackingOff() {
    ToConnecting();
    connection_.SocketClosed(attempt_, {SocketFailure::kConnect}, turn());
    Settle();
  }

  // --- the relay and the socket ---
  template <typename... Frames>
  void Relay(const Frames&... frames) {
    RelayBytes(FromRelay(frames...));
  }
  void RelayBytes(Bytes message) {
    messages_.push_back(std::move(message));  // Delivered and Answered borrow it
    connection_.SocketMessage(attempt_, messages_.back(), turn());
    Settle();
  }
  // Everything handed to the socket so far is on its way.
  void AcceptAllSent() {
    while (unsent_ > 0) AcceptOneSent();
  }
  void AcceptOneSent() {
    --unsent_;
    connection_.SocketSent(attempt_, sent_[sent_.size() - 1 - unsent_], turn());
    Settle();
  }
  void Pass(Duration time) {
    clock_.Advance(time);
    connection_.Tick(turn());
    Settle();
  }
  // To the next deadline; false if there is none.
  bool PassToDeadline() {
    const Timestamp next = connection_.NextDeadline();
    if (next == kNever) return false;
    if (next > clock_.Now()) clock_.Set(next);
    connection_.Tick(turn());
    Settle();
    return true;
  }

  // --- what came out ---
  // All effects since Clear, in order.
  const std::vector<Effect>& log() const { return log_; }
  template <typename T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const Effect& effect : log_) {
      if (const T* match = std::get_if<T>(&effect)) found.push_back(*match);
    }
    return found;
  }
  template <typename T>
  size_t Count() const {
    return All<T>().size();
  }
  // The frames in everything that went to the socket since Clear.
  std::vector<wire::FrameView> SentFrames() const {
    std::vector<wire::FrameView> frames;
    for (const Effect& effect : log_) {
      const auto* send = std::get_if<SendMessage>(&effect);
      if (send == nullptr) continue;
      wire::FrameReader reader(ByteView(send->buffer).subspan(kSocketHeadroom));
      while (auto frame = reader.Next()) frames.push_back(*frame);
      EXPECT_TRUE(reader.status().ok());
    }
    return frames;
  }
  std::vector<wire::fb::FrameBody> SentTypes() const {
    std::vector<wire::fb::FrameBody> types;
    for (const wire::FrameView& frame : SentFrames()) types.push_back(frame.type());
    return types;
  }
  void Clear() { log_.clear(); }
  // Takes over new effects; after every input.
  void Settle() {
    EXPECT_TRUE(connection_.IsConsistent());
    for (Effect& effect : effects_) {
      if (const auto* open = std::get_if<OpenSocket>(&effect)) {
        attempt_ = open->attempt;
        unsent_ = 0;
      }
      if (const auto* send = std::get_if<SendMessage>(&effect)) {
        sent_.push_back(send->buffer);
        ++unsent_;
      }
      log_.push_back(std::move(effect));
    }
    effects_.clear();
  }

  ChannelInfo channel{};

 private:
  pawl::test::FakeClock clock_;
  pawl::test::SeededRng rng_;
  Effects effects_;
  Connection connection_;
  Attempt attempt_;
  std::vector<Bytes> sent_;
  size_t unsent_ = 0;
  std::vector<Effect> log_;
  std::vector<Bytes> messages_;
};

}  // namespace pawl::transport::test

#endif  // PAWL_TESTS_UNIT_TRANSPORT_HARNESS_H_
