#include "client/engine/waiting.h"

#include <algorithm>

namespace pawl::client {

const ParkedEnvelope* Parked::Find(const EnvelopeId& id) const {
  auto it = std::find_if(envelopes.begin(), envelopes.end(),
                         [&](const auto& entry) { return entry.first == id; });
  return it == envelopes.end() ? nullptr : &it->second;
}

void Parked::Erase(const EnvelopeId& id) {
  std::erase_if(envelopes, [&](const auto& entry) { return entry.first == id; });
}

size_t Parked::bytes() const {
  size_t total = 0;
  for (const auto& [id, envelope] : envelopes) total += envelope.bytes.size();
  return total;
}

}  // namespace pawl::client
