#ifndef PAWL_RATCHET_BRAID_BRAID_H_
#define PAWL_RATCHET_BRAID_BRAID_H_

#include <optional>
#include <variant>

#include "ratchet/braid/send_ct.h"
#include "ratchet/braid/send_ek.h"

namespace pawl::ratchet::braid {

// ML-KEM Braid (rev 1): a sparse continuous key agreement. Each message carries one piece of an
// ML-KEM-768 exchange; when all pieces are over, both sides have a secret that nobody has who read
// either's state before. Then they change roles.
using State = std::variant<KeysUnsampled, KeysSampled, HeaderSent, Ct1Received, EkSentCt1Received,
                           NoHeaderReceived, HeaderReceived, Ct1Sampled, EkReceivedCt1Sampled,
                           Ct1Acknowledged, Ct2Sampled>;

State Start(const Scheme& scheme, Role role, const AuthKey& key);
State Clone(const State& state);
Epoch EpochOf(const State& state);

// As everywhere in the ratchet: a step is computed from a const state, and applied when its message
// is sealed or its tag has verified.
struct NewEpoch {
  Epoch epoch;
  EpochSecret secret = EpochSecret::Zero();
};

struct SendStep {
  Message message;
  std::optional<NewEpoch> secret;
  std::optional<State> next;  // none: the same state, with one chunk more sent
};
SendStep PrepareSend(const Scheme& scheme, const State& state, Rng& rng);
void ApplySend(SendStep&& step, State& state);

struct ReceiveStep {
  std::optional<NewEpoch> secret;
  std::optional<State> next;
  // None of both: the state stays as it is, or takes in this chunk.
  bool takes_chunk = false;
};
// `message` is authentic. An error (kAuthFailed, kInvalidKey; kMalformed: an epoch that cannot be)
// says that the exchange is broken for good: peer and we do not agree, and the session must end.
absl::StatusOr<ReceiveStep> PrepareReceive(const Scheme& scheme, const State& state,
                                           const Message& message);
void ApplyReceive(const Scheme& scheme, const Message& message, ReceiveStep&& step, State& state);

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_BRAID_H_
