#include "ratchet/double_ratchet.h"

#include "base/sim_hooks.h"

namespace pawl::ratchet {
namespace {

using Source = Located::Source;

const ResumptionSecret* SecretFor(const Core& core, Resumption::Use use) {
  return core.resumption && core.resumption->use == use ? &core.resumption->secret : nullptr;
}

// Walks a chain from `from` to `to`, keeping each message key it passes.
ChainKey SkipTo(const Profile& profile, uint32_t serial, const HeaderKeys& headers,
                const ChainKey& chain, uint32_t from, uint32_t to, Timestamp expires_at,
                std::vector<std::pair<RouteTag, SkippedKey>>& skipped) {
  ChainKey key = chain.Clone();
  for (uint32_t n = from; n < to; ++n) {
    ChainOutput out = profile.chain(key);
    key = std::move(out.next);
    skipped.emplace_back(profile.tag(headers.tag, n),
                         SkippedKey{serial, n, expires_at, std::move(out.seed)});
  }
  return key;
}

absl::StatusOr<ReceiveStep> FromSkipped(const SkippedDelta& skipped, const Located& located,
                                        Timestamp now) {
  const SkippedKey* key = skipped.Find(located.tag);
  if (key == nullptr) return Fail(Code::kReplayed, "message opened before");
  if (now >= key->expires_at) return Fail(Code::kExpired, "message came too late");
  ReceiveStep step;
  step.source = Source::kSkipped;
  step.tag = located.tag;
  step.seed = key->seed.Clone();
  return step;
}

// What both kinds of chain have in common: skip to n, then take its key.
void ReadChain(const Profile& profile, uint32_t serial, const HeaderKeys& headers,
               const ChainKey& chain, uint32_t from, const Located& located, Timestamp now,
               ReceiveStep& step) {
  const ChainKey at = SkipTo(profile, serial, headers, chain, from, located.header.n,
                             now + kSkippedKeyLifetime, step.skipped);
  ChainOutput out = profile.chain(at);
  step.source = located.source;
  step.tag = located.tag;
  step.seed = std::move(out.seed);
  step.chain = std::move(out.next);
  step.n = located.header.n + 1;
}

absl::StatusOr<ReceiveStep> FromCurrent(const Profile& profile, const Core& core,
                                        const Located& located, Timestamp now) {
  const ReceivingChain& chain = *core.receiving;
  const Header& header = located.header;
  if (header.ratchet_key != core.peer || header.n < chain.n) {
    return Fail(Code::kMalformed, "header of another chain");
  }
  if (header.n - chain.n > kMaxJump) return Fail(Code::kTooFarAhead, "jump within a chain");
  ReceiveStep step;
  ReadChain(profile, chain.serial, chain.headers, chain.key, chain.n, located, now, step);
  return step;
}

// Whether an authentic header may begin the next chain.
absl::Status CheckTurn(const Core& core, const Header& header) {
  const uint32_t read = core.receiving ? core.receiving->n : 0;
  if (header.ratchet_key == core.peer || header.pn < read || (!core.receiving && header.pn != 0)) {
    return Fail(Code::kMalformed, "header that cannot begin a chain");
  }
  // The peer answers a ratchet key of ours; without one there is nothing to derive from.
  if (!core.own) return Fail(Code::kMalformed, "a chain that answers nothing");
  const bool resumed = (header.flags & kFlagResumed) != 0;
  if (resumed && SecretFor(core, Resumption::Use::kWhenReceiving) == nullptr) {
    return Fail(Code::kMalformed, "a resumption that was not offered");
  }
  if (uint64_t{header.pn} - read + header.n > kMaxJump) {
    return Fail(Code::kTooFarAhead, "jump into the next chain");
  }
  return OkStatus();
}

absl::StatusOr<ReceiveStep> FromNext(const Profile& profile, const Core& core,
                                     const Located& located, Timestamp now) {
  const Header& header = located.header;
  PAWL_TRY(CheckTurn(core, header));
  PAWL_ASSIGN(const crypto::SharedSecret dh, crypto::X25519(core.own->secret, header.ratchet_key));
  const bool resumed = (header.flags & kFlagResumed) != 0;
  RootOutput root = profile.root(
      core.root, dh, resumed ? SecretFor(core, Resumption::Use::kWhenReceiving) : nullptr);
  ReceiveStep step;
  if (core.receiving) {
    const ReceivingChain& old = *core.receiving;
    SkipTo(profile, old.serial, old.headers, old.key, old.n, header.pn, now + kSkippedKeyLifetime,
           step.skipped);
  }
  ReadChain(profile, core.next_serial, core.next_receive, root.chain, 0, located, now, step);
  step.turn.emplace(ReceiveStep::Turn{header.ratchet_key, std::move(root.root),
                                      std::move(root.next), header.pn, resumed});
  return step;
}

// Ends the current receiving chain and begins the next. Gives the serial of the chain whose header
// keys were forgotten for it, if any.
std::optional<uint32_t> Turn(ReceiveStep& step, Core& core) {
  std::optional<uint32_t> forgotten;
  if (core.receiving) {
    if (core.closed.size() == kMaxReceivingChains - 1) {
      forgotten = core.closed.front().serial;
      core.closed.erase(core.closed.begin());
    }
    core.closed.push_back({core.receiving->serial, std::move(core.receiving->headers)});
  }
  core.receiving.emplace(ReceivingChain{core.next_serial, std::move(step.chain),
                                        std::move(core.next_receive), step.n});
  ++core.next_serial;
  core.next_receive = std::move(step.turn->next_receive);
  core.root = std::move(step.turn->root);
  core.peer = step.turn->peer;
  core.previous_sent = core.unanswered();
  core.own.reset();
  core.sending.reset();
  if (SecretFor(core, Resumption::Use::kWhenReceiving) != nullptr) core.resumption.reset();
  return forgotten;
}

}  // namespace

absl::StatusOr<SendStep> PrepareSend(const Profile& profile, const Core& core, Rng& rng) {
  SendStep step;
  step.header.pn = core.previous_sent;
  if (PAWL_MUTANT("ratchet.wrong_pn") && step.header.pn > 0) --step.header.pn;
  if (core.sending) {
    const SendingChain& chain = *core.sending;
    if (chain.n >= kMaxUnanswered) return Fail(Code::kWrongState, "too many unanswered messages");
    ChainOutput out = profile.chain(chain.key);
    step.header.ratchet_key = core.own->pub;
    step.header.n = chain.n;
    step.header.flags = chain.resumed ? kFlagResumed : 0;
    step.tag = profile.tag(chain.headers.tag, chain.n);
    step.header_key = chain.headers.header.Clone();
    step.seed = std::move(out.seed);
    step.chain = std::move(out.next);
    return step;
  }
  if (!core.peer) return Fail(Code::kWrongState, "nothing of the peer to answer");
  crypto::X25519KeyPair own = crypto::X25519KeyPair::Generate(rng);
  PAWL_ASSIGN(const crypto::SharedSecret dh, crypto::X25519(own.secret, *core.peer));
  const ResumptionSecret* resumption = SecretFor(core, Resumption::Use::kWhenSending);
  RootOutput root = profile.root(core.root, dh, resumption);
  ChainOutput out = profile.chain(root.chain);
  step.header.ratchet_key = own.pub;
  step.header.flags = resumption != nullptr ? kFlagResumed : 0;
  step.tag = profile.tag(core.next_send.tag, 0);
  step.header_key = core.next_send.header.Clone();
  step.seed = std::move(out.seed);
  step.chain = std::move(out.next);
  step.turn.emplace(SendStep::Turn{std::move(own), std::move(root.root), std::move(root.next)});
  return step;
}

void ApplySend(SendStep&& step, Core& core) {
  if (!step.turn) {
    core.sending->key = std::move(step.chain);
    ++core.sending->n;
    return;
  }
  const bool resumed = (step.header.flags & kFlagResumed) != 0;
  core.sending.emplace(SendingChain{std::move(step.chain), std::move(core.next_send), 1, resumed});
  core.own.emplace(std::move(step.turn->own));
  core.root = std::move(step.turn->root);
  core.next_send = std::move(step.turn->next_send);
  if (resumed) core.resumption.reset();
}

absl::StatusOr<ReceiveStep> PrepareReceive(const Profile& profile, const Core& core,
                                           const SkippedDelta& skipped, const Located& located,
                                           Timestamp now) {
  if (located.header.n == UINT32_MAX) return Fail(Code::kMalformed, "a chain without end");
  switch (located.source) {
    case Source::kSkipped:
      return FromSkipped(skipped, located, now);
    case Source::kCurrent:
      return FromCurrent(profile, core, located, now);
    case Source::kNext:
      return FromNext(profile, core, located, now);
  }
  return Fail(Code::kInternal, "a header from nowhere");
}

void ApplyReceive(const Profile& profile, ReceiveStep&& step, Core& core, SkippedDelta& skipped,
                  TagWindow& window, TagChanges& changes) {
  changes.leaving.push_back(step.tag);
  if (step.source == Source::kSkipped) {
    if (!PAWL_MUTANT("ratchet.keep_skipped")) skipped.Remove(step.tag);
    PAWL_PASSED("ratchet.skipped_key_used");
    return;
  }
  std::vector<RouteTag> evicted;
  if (step.turn) {
    const std::optional<uint32_t> forgotten = Turn(step, core);
    if (forgotten) skipped.RemoveChains(*forgotten, evicted);
    window.Turn(profile, core, step.turn->previous_length, changes);
  } else {
    core.receiving->key = std::move(step.chain);
    core.receiving->n = step.n;
    window.Advance(profile, core, changes);
  }
  for (auto& [tag, key] : step.skipped) {
    changes.entering.push_back(tag);
    skipped.Add(tag, std::move(key), evicted);
  }
  changes.leaving.insert(changes.leaving.end(), evicted.begin(), evicted.end());
}

}  // namespace pawl::ratchet
