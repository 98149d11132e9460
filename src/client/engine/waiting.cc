#include "client/engine/waiting.h"

#include <algorithm>

namespace pawl::client {

Timestamp ParkedEnvelope::ends_at() const {
  if (untried()) return kNever;
  if (!waits_for) return since + kQuarantineTime;
  return since + (undecided ? kUndecidedTime : kParkedTime);
}

const ParkedEnvelope* Parked::Find(const EnvelopeId& id) const {
  auto it = std::find_if(envelopes.begin(), envelopes.end(),
                         [&](const auto& entry) { return entry.first == id; });
  return it == envelopes.end() ? nullptr : &it->second;
}

void Parked::Erase(const EnvelopeId& id) {
  std::erase_if(envelopes, [&](const auto& entry) { return entry.first == id; });
}

void Parked::Follow(Timestamp now) {
  for (auto& [id, envelope] : envelopes) {
    envelope.since = std::min(envelope.since, now);
    if (envelope.untried()) envelope.retry_at = std::min(envelope.retry_at, now + kTrialRetry);
  }
}

size_t Parked::bytes() const {
  size_t total = 0;
  for (const auto& [id, envelope] : envelopes) total += envelope.bytes.size();
  return total;
}

}  // namespace pawl::client
