#include "peer/record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "crypto/hash.h"
#include "peer/hex.h"

namespace pawl::signal {
namespace {

using nlohmann::json;
using ratchet::braid::Chains;

crypto::Hash32 DigestOf(const Session& session) {
  Bytes core(ratchet::kCoreSize), spqr(ratchet::braid::kMaxSpqrSize);
  ratchet::EncodeCore(session.core(),
                      std::span<uint8_t, ratchet::kCoreSize>(core.data(), core.size()));
  spqr.resize(ratchet::braid::EncodeSpqr(session.spqr(), spqr));
  std::vector<ByteArray<ratchet::kSkippedKeySize>> skipped;
  for (const auto& [tag, key] : session.skipped().all()) {
    ratchet::EncodeSkippedKey(key, skipped.emplace_back());
  }
  std::sort(skipped.begin(), skipped.end());
  Bytes keys;
  for (const auto& key : skipped) keys.insert(keys.end(), key.begin(), key.end());
  for (const auto& [id, key] : session.skipped_pq()) {
    const ByteView bytes = key.key.Expose();
    keys.insert(keys.end(), bytes.begin(), bytes.end());
  }
  return crypto::Sha256({core, spqr, keys});
}

json PostQuantum(const Session& session) {
  const ratchet::braid::Spqr& spqr = session.spqr();
  const Chains& chains = spqr.chains;
  return {{"role", chains.role == ratchet::braid::Role::kInitiator ? "A" : "B"},
          {"epoch", *ratchet::braid::EpochOf(spqr.state)},
          {"state", spqr.state.index() + 1},  // numbered as libsignal does
          {"newestChains", *chains.newest},
          {"sendingChains", *chains.sending},
          {"skipped", session.skipped_pq().size()},
          {"broken", spqr.broken}};
}

}  // namespace

json RecordOf(const Session& session) {
  const ratchet::Core& core = session.core();
  json record = {{"previousSent", core.previous_sent},
                 {"closedChains", core.closed.size()},
                 {"skipped", session.skipped().size()},
                 {"pq", PostQuantum(session)},
                 {"digest", ToHex(DigestOf(session))}};
  if (core.sending && core.own) {
    record["sending"] = {{"ratchetKey", ToHex(Typed(core.own->pub))}, {"n", core.sending->n}};
  }
  if (core.receiving && core.peer) {
    record["receiving"] = {{"ratchetKey", ToHex(Typed(*core.peer))}, {"n", core.receiving->n}};
  }
  return record;
}

}  // namespace pawl::signal
