#include "ratchet/braid/spqr.h"

#include "base/sim_hooks.h"

namespace pawl::ratchet::braid {

Spqr Spqr::Start(const Scheme& scheme, Role role, const AuthKey& key) {
  return {braid::Start(scheme, role, key), Chains::Start(scheme, role, key), false};
}

absl::StatusOr<SpqrSend> PrepareSend(const Scheme& scheme, const Spqr& spqr, Rng& rng) {
  if (spqr.broken) return Fail(Code::kWrongState, "the post-quantum exchange is broken");
  SpqrSend send;
  send.braid = PrepareSend(scheme, spqr.state, rng);
  // The peer has the secret of this epoch only when it is over: the key is of the one before.
  PAWL_ASSIGN(send.chain, PrepareSendingKey(scheme, spqr.chains, Before(send.braid.message.epoch)));
  send.stamp = {send.chain.id.index, send.braid.message};
  if (PAWL_MUTANT("braid.poison") && HasChunk(send.stamp.message.kind)) {
    PAWL_PASSED("fault.poison");
    send.stamp.message.chunk_bytes[0] ^= 1;
  }
  send.key = std::move(send.chain.key);
  return send;
}

void ApplySend(const Scheme& scheme, SpqrSend&& send, Spqr& spqr, SkippedPqDelta& skipped) {
  ApplySendingKey(scheme, std::move(send.chain), spqr.chains, skipped);
  if (send.braid.secret) spqr.chains.AddEpoch(scheme, send.braid.secret->secret);
  ApplySend(std::move(send.braid), spqr.state);
}

absl::StatusOr<ReceivingKey> PrepareReceiveKey(const Scheme& scheme, const Spqr& spqr,
                                               const SkippedPqDelta& skipped, const Stamp& stamp,
                                               Timestamp now, Timestamp skipped_expire_at) {
  const PqKeyId id{Before(stamp.message.epoch), stamp.key_index};
  return PrepareReceivingKey(scheme, spqr.chains, skipped, id, now, skipped_expire_at);
}

void ApplyReceive(const Scheme& scheme, ReceivingKey&& key, const Message& message, Spqr& spqr,
                  SkippedPqDelta& skipped) {
  ApplyReceivingKey(std::move(key), spqr.chains, skipped);
  if (spqr.broken) return;
  absl::StatusOr<ReceiveStep> step = PrepareReceive(scheme, spqr.state, message);
  if (!step.ok()) {
    PAWL_PASSED("braid.broken");
    spqr.broken = true;
    return;
  }
  if (step->secret) spqr.chains.AddEpoch(scheme, step->secret->secret);
  ApplyReceive(scheme, message, *std::move(step), spqr.state);
}

}  // namespace pawl::ratchet::braid
