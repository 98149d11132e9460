#ifndef PAWL_RATCHET_DOUBLE_RATCHET_H_
#define PAWL_RATCHET_DOUBLE_RATCHET_H_

#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "ratchet/core.h"
#include "ratchet/header.h"
#include "ratchet/locate.h"
#include "ratchet/profile.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"

namespace pawl::ratchet {

// The key schedule: (ratchet key, n) → message seed (Double Ratchet §3.4, §3.5, §4). Prepare…
// computes a step from a committed core and changes nothing; Apply… cannot fail and is called once
// the message is sealed or its tag has verified.

struct SendStep {
  Header header;  // but for its context and stamp
  RouteTag tag;
  HeaderKey header_key = HeaderKey::Zero();
  MessageSeed seed = MessageSeed::Zero();
  ChainKey chain = ChainKey::Zero();  // the next CKs
  // The DH ratchet step that precedes the first message of a sending chain.
  struct Turn {
    crypto::X25519KeyPair own;
    RootKey root;
    HeaderKeys next_send;
  };
  std::optional<Turn> turn;
};

// kWrongState: kMaxUnanswered messages are unanswered (or there is no peer key yet: a responder's
// core before its first message). kInvalidKey: the peer's ratchet key has small order.
absl::StatusOr<SendStep> PrepareSend(const Profile& profile, const Core& core, Rng& rng);
void ApplySend(SendStep&& step, Core& core);

struct ReceiveStep {
  Located::Source source = Located::Source::kCurrent;
  RouteTag tag;
  MessageSeed seed = MessageSeed::Zero();
  ChainKey chain = ChainKey::Zero();  // the next CKr
  uint32_t n = 0;                     // the next Nr
  std::vector<std::pair<RouteTag, SkippedKey>> skipped;
  // The DH ratchet step that the first message of a receiving chain brings.
  struct Turn {
    crypto::X25519Public peer;
    RootKey root;
    HeaderKeys next_receive;
    uint32_t previous_length;  // of the chain that ended
    bool resumed;
  };
  std::optional<Turn> turn;
};

// `located` says which chain's header key opened the header. kTooFarAhead before anything is
// derived; kReplayed; kExpired (a skipped key past its time); kMalformed for headers that no honest
// peer writes; kInvalidKey.
absl::StatusOr<ReceiveStep> PrepareReceive(const Profile& profile, const Core& core,
                                           const SkippedDelta& skipped, const Located& located,
                                           Timestamp now);
void ApplyReceive(const Profile& profile, ReceiveStep&& step, Core& core, SkippedDelta& skipped,
                  TagWindow& window, TagChanges& changes);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_DOUBLE_RATCHET_H_
