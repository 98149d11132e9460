#include "ratchet/braid/chains.h"

namespace pawl::ratchet::braid {
namespace {

Link NewLink(Role role, EpochKeys&& keys) {
  Link link;
  const bool is_a = role == Role::kInitiator;
  link.sending = std::move(is_a ? keys.a_to_b : keys.b_to_a);
  link.receiving = std::move(is_a ? keys.b_to_a : keys.a_to_b);
  return link;
}

Link& LinkOf(Chains& chains, Epoch epoch) { return chains.links[*epoch - *chains.oldest()]; }

absl::StatusOr<ReceivingKey> FromSkipped(const SkippedPqDelta& skipped, const PqKeyId& id,
                                         Timestamp now) {
  const SkippedPqKey* kept = skipped.Find(id);
  if (kept == nullptr) return Fail(Code::kReplayed, "message opened before");
  if (now >= kept->expires_at) return Fail(Code::kExpired, "message came too late");
  ReceivingKey out;
  out.id = id;
  out.key = kept->key.Clone();
  out.was_skipped = true;
  return out;
}

}  // namespace

Link Link::Clone() const {
  Link copy;
  if (sending) copy.sending = sending->Clone();
  copy.sent = sent;
  copy.receiving = receiving.Clone();
  copy.received = received;
  return copy;
}

Chains Chains::Start(const Scheme& scheme, Role role, const AuthKey& key) {
  EpochKeys keys = scheme.start(key);
  Chains chains;
  chains.role = role;
  chains.root = std::move(keys.root);
  chains.links.push_back(NewLink(role, std::move(keys)));
  return chains;
}

void Chains::AddEpoch(const Scheme& scheme, const EpochSecret& secret) {
  EpochKeys keys = scheme.add_epoch(root, secret);
  root = std::move(keys.root);
  newest = After(newest);
  links.push_back(NewLink(role, std::move(keys)));
}

const Link* Chains::Find(Epoch epoch) const {
  if (epoch > newest || epoch < oldest()) return nullptr;
  return &links[*epoch - *oldest()];
}

Chains Chains::Clone() const {
  Chains copy;
  copy.role = role;
  copy.root = root.Clone();
  copy.newest = newest;
  copy.sending = sending;
  for (const Link& link : links) copy.links.push_back(link.Clone());
  return copy;
}

absl::StatusOr<SendingKey> PrepareSendingKey(const Scheme& scheme, const Chains& chains,
                                             Epoch epoch) {
  const Link* link = chains.Find(epoch);
  if (link == nullptr || !link->sending || link->sent == UINT32_MAX) {
    return Fail(Code::kWrongState, "no post-quantum chain to send on");
  }
  const uint32_t index = link->sent + 1;
  ChainStep step = scheme.step(*link->sending, index);
  return SendingKey{{epoch, index}, std::move(step.key), std::move(step.next)};
}

void ApplySendingKey(const Scheme& scheme, SendingKey&& key, Chains& chains,
                     SkippedPqDelta& skipped) {
  Link& link = LinkOf(chains, key.id.epoch);
  link.sending = std::move(key.next);
  link.sent = key.id.index;
  if (chains.sending == key.id.epoch) return;
  chains.sending = key.id.epoch;
  while (*chains.sending - *chains.oldest() > scheme.kept_epochs) {
    chains.links.erase(chains.links.begin());
  }
  for (Link& older : chains.links) {
    if (&older == &LinkOf(chains, chains.sending)) break;
    older.sending.reset();
  }
  skipped.RemoveBefore(chains.oldest());
}

absl::StatusOr<ReceivingKey> PrepareReceivingKey(const Scheme& scheme, const Chains& chains,
                                                 const SkippedPqDelta& skipped, const PqKeyId& id,
                                                 Timestamp now, Timestamp skipped_expire_at) {
  if (id.epoch > chains.newest) return Fail(Code::kMalformed, "an epoch that has not begun");
  const Link* link = chains.Find(id.epoch);
  if (link == nullptr) return Fail(Code::kExpired, "its epoch is forgotten");
  if (id.index <= link->received) return FromSkipped(skipped, id, now);
  if (id.index - link->received > kMaxPqJump) {
    return Fail(Code::kTooFarAhead, "jump within a post-quantum chain");
  }
  ReceivingKey out;
  out.id = id;
  ChainKey chain = link->receiving.Clone();
  for (uint32_t index = link->received + 1; index < id.index; ++index) {
    ChainStep step = scheme.step(chain, index);
    chain = std::move(step.next);
    out.skipped.emplace_back(PqKeyId{id.epoch, index},
                             SkippedPqKey{skipped_expire_at, std::move(step.key)});
  }
  ChainStep step = scheme.step(chain, id.index);
  out.key = std::move(step.key);
  out.next = std::move(step.next);
  return out;
}

void ApplyReceivingKey(ReceivingKey&& key, Chains& chains, SkippedPqDelta& skipped) {
  if (key.was_skipped) {
    skipped.Remove(key.id);
    return;
  }
  Link& link = LinkOf(chains, key.id.epoch);
  link.receiving = std::move(key.next);
  link.received = key.id.index;
  for (auto& [id, kept] : key.skipped) skipped.Add(id, std::move(kept));
}

}  // namespace pawl::ratchet::braid
