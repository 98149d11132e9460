#ifndef PAWL_RELAY_CORE_STEP_H_
#define PAWL_RELAY_CORE_STEP_H_

#include <string_view>

#include "relay/core/effects.h"
#include "relay/core/state.h"
#include "wire/frames.h"

namespace pawl::relay {

// What every reducer works with: the state, the time, and the ways to have an effect. One step
// handles one input; what it says to a connection is gathered into as few messages as the framing
// allows.
class Step {
 public:
  Step(State& relay_state, Timestamp time, Effects& effects)
      : state(relay_state), now(time), effects_(effects) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  ~Step();  // hands over what was said

  State& state;
  const Timestamp now;

  // Nothing is said to a connection that is closing.
  template <typename Frame>
  void Say(Connection& to, const Frame& frame) {
    if (to.stage == Stage::kClosing) return;
    if (!Append(WriterOf(to), frame)) {
      Flush(to);
      if (!Append(WriterOf(to), frame)) return Close(to, CloseCode::kTooLarge);
    }
    if (to.writer->message().size() >= wire::kTypicalMessageSize) Flush(to);
  }

  // ERROR with the code as a client may see it, and how long to wait where that helps.
  void Refuse(Connection& to, uint64_t req, Code code);
  void Refuse(Connection& to, uint64_t req, Code code, Duration retry_after);
  // ERROR about the connection, then the close.
  void Violate(Connection& connection, Code code, CloseCode close);
  void Close(Connection& connection, CloseCode code);

  // Asks the storage on behalf of a client's request. False, and the client has been told to come
  // back: too much is waiting already. ACKs, which have no answer, always find room.
  bool Ask(Connection& connection, Purpose purpose, uint64_t req, engine::Op op, size_t bytes = 0);
  // The same with a message to be passed on instead of stored.
  bool AskPassing(Connection& connection, uint64_t req, engine::Op op, Passing passing);
  // The same with elements to be evaluated when the storage agrees.
  bool AskIssuing(Connection& connection, uint64_t req, engine::Op op, Issuing issuing);
  // On the relay's own behalf; `connection` 0: nobody's.
  void AskSelf(ConnectionId connection, Purpose purpose, engine::Op op);

  // Takes a token; when there is none the client has been told so.
  bool TakeToken(Connection& connection, uint64_t req, const BucketKey& key,
                 const BucketSpec& spec);
  // On only when nothing holds the connection and nothing it said is still to be looked at.
  void SetReading(Connection& connection, bool on);

 private:
  wire::FrameWriter& WriterOf(Connection& connection);
  void Flush(Connection& connection);
  engine::OpId Submit(engine::Op op, Pending pending);

  Effects& effects_;
  std::vector<ConnectionId> spoken_to_;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_STEP_H_
