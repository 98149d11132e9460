#include <algorithm>

#include "ratchet/braid/braid.h"
#include "ratchet/braid/entered.h"

namespace pawl::ratchet::braid {
namespace {

using Outcome = absl::StatusOr<ReceiveStep>;

// The stream that a state collects.
ChunkCollector& Collector(HeaderSent& state) { return state.ct1; }
ChunkCollector& Collector(EkSentCt1Received& state) { return state.ct2; }
ChunkCollector& Collector(NoHeaderReceived& state) { return state.header; }
ChunkCollector& Collector(Ct1Sampled& state) { return state.ek; }
ChunkCollector& Collector(Ct1Acknowledged& state) { return state.ek; }

template <typename Whole>
Whole ToArray(const Bytes& bytes) {
  Whole whole;
  std::copy_n(bytes.begin(), whole.size(), whole.begin());
  return whole;
}

template <typename Next>
ReceiveStep Enter(Next&& next) {
  ReceiveStep step;
  step.next = std::forward<Next>(next);
  return step;
}

// What each state does with a message of its own epoch (ML-KEM Braid §3.6, Receive).
struct Receiver {
  const Scheme& scheme;
  const Message& message;

  Outcome operator()(const KeysUnsampled&) const { return ReceiveStep(); }
  Outcome operator()(const KeysSampled& state) const {
    if (message.kind != Kind::kCt1) return ReceiveStep();
    return EnterWithChunk(state.Clone().Ct1Begins(scheme));
  }
  Outcome operator()(const HeaderSent& state) const {
    if (message.kind != Kind::kCt1) return ReceiveStep();
    return Collect(state.ct1, [&](const Bytes& whole) -> Outcome {
      return Enter(state.Clone().Ct1Complete(ToArray<Ct1>(whole)));
    });
  }
  Outcome operator()(const Ct1Received& state) const {
    if (message.kind != Kind::kCt2) return ReceiveStep();
    return EnterWithChunk(state.Clone().Ct2Begins(scheme));
  }
  Outcome operator()(const EkSentCt1Received& state) const {
    if (message.kind != Kind::kCt2) return ReceiveStep();
    return Collect(state.ct2, [&](const Bytes& whole) -> Outcome {
      PAWL_ASSIGN(auto done, state.Clone().Ct2Complete(scheme, ToArray<Ct2Stream>(whole)));
      ReceiveStep step = Enter(std::move(done.first));
      step.secret = NewEpoch{state.base.epoch, std::move(done.second)};
      return step;
    });
  }
  Outcome operator()(const NoHeaderReceived& state) const {
    if (message.kind != Kind::kHeader) return ReceiveStep();
    return Collect(state.header, [&](const Bytes& whole) -> Outcome {
      PAWL_ASSIGN(HeaderReceived next,
                  state.Clone().HeaderComplete(scheme, ToArray<HeaderStream>(whole)));
      return Enter(std::move(next));
    });
  }
  Outcome operator()(const HeaderReceived&) const { return ReceiveStep(); }
  Outcome operator()(const Ct1Sampled& state) const {
    // Then it is Ct1Acknowledged that collects what comes beside the acknowledgement.
    if (IsAck()) return EnterWithChunk(state.Clone().Ct1Acked());
    if (!HasEkChunk()) return ReceiveStep();
    return Collect(state.ek, [&](const Bytes& whole) -> Outcome {
      PAWL_ASSIGN(auto next, state.Clone().EkComplete(scheme, ToArray<EkVector>(whole)));
      return Enter(std::move(next));
    });
  }
  Outcome operator()(const EkReceivedCt1Sampled& state) const {
    return IsAck() ? Enter(state.Clone().Ct1Acked()) : ReceiveStep();
  }
  Outcome operator()(const Ct1Acknowledged& state) const {
    if (!HasEkChunk()) return ReceiveStep();
    return Collect(state.ek, [&](const Bytes& whole) -> Outcome {
      PAWL_ASSIGN(Ct2Sampled next, state.Clone().EkComplete(scheme, ToArray<EkVector>(whole)));
      return Enter(std::move(next));
    });
  }
  Outcome operator()(const Ct2Sampled&) const { return ReceiveStep(); }

 private:
  bool HasEkChunk() const { return message.kind == Kind::kEk || message.kind == Kind::kEkCt1Ack; }
  bool IsAck() const { return message.kind == Kind::kEkCt1Ack || message.kind == Kind::kCt1Ack; }

  template <typename OnWhole>
  Outcome Collect(const ChunkCollector& collector, const OnWhole& on_whole) const {
    const auto whole = collector.CompletedBy(message.index, message.chunk(scheme));
    if (whole) return on_whole(*whole);
    ReceiveStep step;
    step.takes_chunk = !collector.Has(message.index);
    return step;
  }
  // The chunk that brings us into a state is one of those that it collects.
  template <typename Next>
  Outcome EnterWithChunk(Next next) const {
    PAWL_ASSIGN(ReceiveStep step, (*this)(next));
    if (step.next) return step;
    if (step.takes_chunk) Collector(next).Add(message.index, message.chunk(scheme));
    return Enter(std::move(next));
  }
};

}  // namespace

absl::StatusOr<ReceiveStep> PrepareReceive(const Scheme& scheme, const State& state,
                                           const Message& message) {
  const Epoch epoch = EpochOf(state);
  // What the peer said in an epoch that is over is over.
  if (message.epoch < epoch) return ReceiveStep();
  if (message.epoch > epoch) {
    const auto* last = std::get_if<Ct2Sampled>(&state);
    if (last == nullptr || message.epoch != After(epoch)) {
      return Fail(Code::kMalformed, "Braid: an epoch that cannot have begun");
    }
    return Enter(last->Clone().NextEpoch());
  }
  return std::visit(Receiver{scheme, message}, state);
}

void ApplyReceive(const Scheme& scheme, const Message& message, ReceiveStep&& step, State& state) {
  if (step.next) {
    const size_t from = state.index();
    state = *std::move(step.next);
    NoteEntered(from, state);
    return;
  }
  if (!step.takes_chunk) return;
  std::visit(
      [&](auto& current) {
        if constexpr (requires { Collector(current); }) {
          Collector(current).Add(message.index, message.chunk(scheme));
        }
      },
      state);
}

}  // namespace pawl::ratchet::braid
