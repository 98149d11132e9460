// Bytes drive one connection through everything that can happen to it: its owner's wishes, its
// socket, time, and a relay that says anything. Promises checked: the machine stays consistent
// after every input, every request ends exactly once, deadlines exist where they must, and at the
// end of all things nothing is left.
//
// Input: u8 mode, then steps of one opcode byte and its arguments.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "transport/connection.h"
#include "wire/frames.h"

namespace {

using pawl::ByteArray;
using pawl::Bytes;
using pawl::ByteView;
using pawl::MailboxCursor;
using namespace pawl::transport;  // NOLINT(google-build-using-namespace)
namespace wire = pawl::wire;

void Require(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  explicit Input(ByteView bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const uint8_t byte = rest_[0];
    rest_ = rest_.subspan(1);
    return byte;
  }
  uint16_t Short() {
    const uint16_t high = Byte();
    return static_cast<uint16_t>(high << 8 | Byte());
  }
  ByteView Take(size_t size) {
    const ByteView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  ByteView rest_;
};

class CountingRng final : public pawl::Rng {
 public:
  void Fill(pawl::MutableByteView out) override {
    for (uint8_t& byte : out)
      byte = static_cast<uint8_t>((state_ = state_ * 1664525 + 1013904223) >> 24);
  }

 private:
  uint32_t state_ = 1;
};

ConnectionConfig ConfigFor(uint8_t choice) {
  const Mode mode = choice % 3 == 0   ? Mode::kDevice
                    : choice % 3 == 1 ? Mode::kPeek
                                      : Mode::kAnonymous;
  ConnectionConfig config = ConnectionConfig::For(mode, *Endpoint::Parse("ws://127.0.0.1/"), {});
  if (mode != Mode::kAnonymous) {
    config.identity = {"alice@example.org", pawl::DeviceId(1), Bytes{1}};
  }
  config.max_requests = 4;
  if ((choice & 0x40) != 0) config.receive_window = 3;
  return config;
}

class Driver {
 public:
  explicit Driver(uint8_t choice) : connection_(*Connection::Create(ConfigFor(choice))) {}

  void Step(Input& input) {
    switch (input.Byte() % 20) {
      case 0:
        return connection_.Start(turn());
      case 1:
        return connection_.Stop(turn());
      case 2:
        return connection_.SocketOpened(attempt_, {}, turn());
      case 3:
        return connection_.SocketClosed(
            attempt_, {static_cast<SocketFailure>(input.Byte() % 8), input.Short()}, turn());
      case 4:
        return Sent();
      case 5:
        return connection_.SocketPong(attempt_, turn());
      case 6:
        return Message(pawl::ToBytes(input.Take(input.Short())));
      case 7:
        now_.ms += input.Short();
        return connection_.Tick(turn());
      case 8:
        now_.ms -= input.Short();
        return connection_.Tick(turn());
      case 9:
        now_ = std::min(connection_.NextDeadline(), pawl::Timestamp{INT64_MAX / 2});
        return connection_.Tick(turn());
      case 10:
        return connection_.Signed(attempt_, ByteArray<64>{1}, turn());
      case 11:
        return Request(input.Short(), pawl::Milliseconds(input.Short()));
      case 12:
        return connection_.Acknowledge(
            std::vector{MailboxCursor(input.Byte()), MailboxCursor(input.Byte())}, turn());
      case 13:
        attempt_ = Attempt(*attempt_ - (input.Byte() % 2));  // a stale socket speaks
        return;
      case 14: {
        wire::Challenge challenge;
        challenge.max_message = input.Byte() * 4096u;
        return Say(challenge);
      }
      case 15:
        return Say(wire::Ready{MailboxCursor(input.Byte()), 0, 0, 0, {}, {}, {}});
      case 16:
        return Say(wire::Message{MailboxCursor(input.Byte()), {}, {}, {}});
      case 17:
        return Say(wire::Error{input.Byte() % 8u, static_cast<pawl::Code>(input.Short()),
                               pawl::Milliseconds(input.Short())});
      case 18:
        return Say(wire::Ok{input.Byte() % 8u, 0});
      default:
        return Say(wire::GoAway{static_cast<pawl::Code>(input.Short()),
                                pawl::Milliseconds(input.Short())});
    }
  }

  // After every step.
  void Settle() {
    Require(connection_.IsConsistent());
    for (Effect& effect : std::exchange(effects_, {})) Take(effect);
    const State state = connection_.status().state;
    const bool lasts =
        state == State::kOffline || state == State::kReplaced || state == State::kRefused;
    Require((connection_.NextDeadline() == pawl::kNever) == lasts);
    if (state != State::kOnline) Require(under_way_.empty());
    Require(under_way_.size() <= 4);
  }

  void Finish() {
    connection_.Stop(turn());
    Settle();
    Require(connection_.status().state == State::kOffline);
    Require(under_way_.empty());
  }

 private:
  Turn turn() { return {now_, rng_, effects_}; }

  template <typename Frame>
  void Say(const Frame& frame) {
    wire::FrameWriter writer;
    Require(wire::Append(writer, frame));
    Message(pawl::ToBytes(writer.message()));
  }
  void Message(Bytes message) {
    message_ = std::move(message);
    connection_.SocketMessage(attempt_, message_, turn());
  }
  void Sent() {
    if (unsent_.empty()) return;
    Bytes buffer = std::move(unsent_.front());
    unsent_.erase(unsent_.begin());
    connection_.SocketSent(attempt_, std::move(buffer), turn());
  }
  void Request(size_t size, pawl::Duration timeout) {
    const Bytes envelope(size);
    wire::Send send;
    send.account = "bob@example.org";
    send.envelope = envelope;
    const size_t room = connection_.Room();
    const auto request = connection_.Request(send, timeout, turn());
    if (request.ok()) {
      Require(under_way_.insert(*request).second);
    } else {
      Require(connection_.Room() == room);
    }
  }
  void Take(Effect& effect) {
    if (const auto* open = std::get_if<OpenSocket>(&effect)) {
      attempt_ = open->attempt;
      unsent_.clear();
    } else if (auto* send = std::get_if<SendMessage>(&effect)) {
      wire::FrameReader reader(ByteView(send->buffer).subspan(kSocketHeadroom));
      while (reader.Next()) {
      }
      Require(reader.status().ok());
      unsent_.push_back(std::move(send->buffer));
    } else if (const auto* answer = std::get_if<Answered>(&effect)) {
      Require(under_way_.erase(answer->request) == 1);
    } else if (const auto* failure = std::get_if<RequestFailed>(&effect)) {
      Require(under_way_.erase(failure->request) == 1);
    } else if (const auto* mail = std::get_if<Delivered>(&effect)) {
      Require(mail->frame.payload.size() <= message_.size());
    }
  }

  pawl::Timestamp now_{1'000'000};
  CountingRng rng_;
  Effects effects_;
  Connection connection_;
  Attempt attempt_;
  Bytes message_;
  std::vector<Bytes> unsent_;
  std::set<RequestNumber> under_way_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(ByteView(data, size));
  Driver driver(input.Byte());
  while (!input.empty()) {
    driver.Step(input);
    driver.Settle();
  }
  driver.Finish();
  return 0;
}
