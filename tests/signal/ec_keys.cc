#include "ec_keys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "profile.h"
#include "support/hex.h"

namespace pawl::signal {
namespace {

using ratchet::ChainKey;
using ratchet::ChainOutput;
using ratchet::MessageSeed;
using ratchet::RootKey;

// Behind the type byte 5.
crypto::X25519Public PublicIn(const Proto& message) {
  return test::ArrayOf<32>(ByteView(message.Blob(1)).subspan(1));
}

}  // namespace

crypto::X25519Public RatchetKeyOf(const Step& step) { return PublicIn(step.fields()); }

EcKeys::EcKeys(const Recording& recording) {
  LearnSession(recording.alice);
  std::vector<crypto::X25519Public> order;  // each answers the one before
  for (const Step& step : recording.steps) {
    if (step.sender_after) LearnSession(*step.sender_after);
    if (step.receiver_after) LearnSession(*step.receiver_after);
    const crypto::X25519Public key = RatchetKeyOf(step);
    if (std::find(order.begin(), order.end(), key) == order.end()) order.push_back(key);
  }
  for (size_t i = 1; i < order.size(); ++i) DeriveNext(order[i - 1], order[i]);
}

// SessionStructure of libsignal's storage.proto: 4 root key, 6 sender chain, 7 receiver chains.
void EcKeys::LearnSession(const Proto& session) {
  const Proto sending = session.Message(6);
  const crypto::X25519Public own = PublicIn(sending);
  roots_.emplace(own, RootKey::From(test::ArrayOf<32>(session.Blob(4))));
  private_keys_.emplace(own, crypto::X25519Private::From(test::ArrayOf<32>(sending.Blob(2))));
  LearnChain(sending);
  for (const Proto& receiving : session.Messages(7)) LearnChain(receiving);
}

// Its Chain: 1 ratchet key, 3 chain key (1 index, 2 key), 4 kept keys (1 index, 5 seed).
void EcKeys::LearnChain(const Proto& chain) {
  const crypto::X25519Public key = PublicIn(chain);
  const Proto state = chain.Message(3);
  const auto n = static_cast<uint32_t>(state.Number(1));
  const auto known = chains_.find(key);
  if (known == chains_.end() || known->second.n > n) {
    chains_.insert_or_assign(key, Chain{n, ChainKey::From(test::ArrayOf<32>(state.Blob(2)))});
  }
  for (const Proto& kept : chain.Messages(4)) {
    kept_[key].emplace(static_cast<uint32_t>(kept.Number(1)),
                       MessageSeed::From(test::ArrayOf<32>(kept.Blob(5))));
  }
}

void EcKeys::DeriveNext(const crypto::X25519Public& before, const crypto::X25519Public& next) {
  const auto root = roots_.find(before);
  const auto one = private_keys_.find(before), other = private_keys_.find(next);
  if (root == roots_.end() || (one == private_keys_.end() && other == private_keys_.end())) return;
  const auto dh = one != private_keys_.end() ? crypto::X25519(one->second, next)
                                             : crypto::X25519(other->second, before);
  ASSERT_TRUE(dh.ok());
  ratchet::RootOutput out = SignalProfile().root(root->second, *dh, nullptr);
  const auto recorded = roots_.find(next);
  if (recorded != roots_.end()) {
    EXPECT_TRUE(recorded->second.Equals(out.root));
    ++roots_compared_;
  }
  roots_.insert_or_assign(next, std::move(out.root));
  chains_.insert_or_assign(next, Chain{0, std::move(out.chain)});
}

std::optional<MessageSeed> EcKeys::SeedOf(const crypto::X25519Public& ratchet_key,
                                          uint32_t n) const {
  const auto kept = kept_.find(ratchet_key);
  if (kept != kept_.end() && kept->second.contains(n)) return kept->second.at(n).Clone();
  const auto chain = chains_.find(ratchet_key);
  if (chain == chains_.end() || chain->second.n > n) return std::nullopt;
  ChainKey key = chain->second.key.Clone();
  for (uint32_t at = chain->second.n; at < n; ++at) key = SignalProfile().chain(key).next;
  return SignalProfile().chain(key).seed;
}

}  // namespace pawl::signal
