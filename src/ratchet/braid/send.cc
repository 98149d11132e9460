#include "ratchet/braid/braid.h"
#include "ratchet/braid/entered.h"

namespace pawl::ratchet::braid {
namespace {

// What each state says (ML-KEM Braid §3.6, Send).
struct Sender {
  const Scheme& scheme;
  Rng& rng;

  SendStep operator()(const KeysUnsampled& state) const {
    KeysSampled next = state.Clone().SampleKeys(scheme, rng);
    SendStep step = (*this)(next);
    ++next.sent;
    step.next = std::move(next);
    return step;
  }
  SendStep operator()(const KeysSampled& state) const {
    return Chunk(state.base, Kind::kHeader, state.header, state.sent);
  }
  SendStep operator()(const HeaderSent& state) const {
    return Chunk(state.base, Kind::kEk, state.keys.key.vector, state.sent);
  }
  SendStep operator()(const Ct1Received& state) const {
    return Chunk(state.base, Kind::kEkCt1Ack, state.keys.key.vector, state.sent);
  }
  SendStep operator()(const EkSentCt1Received& state) const {
    return Plain(state.base, Kind::kCt1Ack);
  }
  SendStep operator()(const NoHeaderReceived& state) const {
    return Plain(state.base, Kind::kNone);
  }
  SendStep operator()(const HeaderReceived& state) const {
    auto [next, secret] = state.Clone().SampleCt1(scheme, rng);
    SendStep step = (*this)(next);
    ++next.sent;
    step.secret = NewEpoch{state.base.epoch, std::move(secret)};
    step.next = std::move(next);
    return step;
  }
  SendStep operator()(const Ct1Sampled& state) const {
    return Chunk(state.base, Kind::kCt1, state.ours.ct1, state.sent);
  }
  SendStep operator()(const EkReceivedCt1Sampled& state) const {
    return Chunk(state.base, Kind::kCt1, state.ct1, state.sent);
  }
  SendStep operator()(const Ct1Acknowledged& state) const { return Plain(state.base, Kind::kNone); }
  SendStep operator()(const Ct2Sampled& state) const {
    return Chunk(state.base, Kind::kCt2, state.ct2, state.sent);
  }

 private:
  SendStep Chunk(const Base& base, Kind kind, ByteView stream, uint16_t index) const {
    return {ChunkMessage(scheme, base.epoch, kind, stream, index), {}, {}};
  }
  SendStep Plain(const Base& base, Kind kind) const {
    return {Message{base.epoch, kind, 0, {}}, {}, {}};
  }
};

}  // namespace

SendStep PrepareSend(const Scheme& scheme, const State& state, Rng& rng) {
  return std::visit(Sender{scheme, rng}, state);
}

void ApplySend(SendStep&& step, State& state) {
  if (step.next) {
    const size_t from = state.index();
    state = *std::move(step.next);
    NoteEntered(from, state);
    return;
  }
  std::visit(
      [](auto& current) {
        // Past the last index the numbers begin anew: the peer has long had enough.
        if constexpr (requires { current.sent; }) ++current.sent;
      },
      state);
}

}  // namespace pawl::ratchet::braid
