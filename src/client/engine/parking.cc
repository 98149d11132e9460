#include "client/engine/parking.h"

#include <algorithm>

namespace pawl::client {
namespace {

size_t BytesIn(const std::vector<std::pair<EnvelopeId, ParkedEnvelope>>& envelopes) {
  size_t total = 0;
  for (const auto& [id, envelope] : envelopes) total += envelope.bytes.size();
  return total;
}

Held AllHeld(const Batch& batch) {
  Held held;
  for (const auto& [id, parked] : batch.state.parked.envelopes) {
    if (!WasUnparked(batch, id)) held.emplace_back(id, &parked);
  }
  for (const auto& [id, parked] : batch.parked) held.emplace_back(id, &parked);
  return held;
}

// Those of one kind that have to go to make it fit, the oldest of them first.
template <typename Predicate>
void Choose(const Held& held, const ParkingBound& bound, const Predicate& of_kind, Timestamp before,
            Held& chosen) {
  size_t count = 0;
  size_t bytes = 0;
  for (const auto& [id, parked] : held) {
    if (!of_kind(*parked)) continue;
    ++count;
    bytes += parked->bytes.size();
  }
  for (const auto& entry : held) {
    if (count <= bound.count && bytes <= bound.bytes) return;
    if (!of_kind(*entry.second) || entry.second->since > before) continue;
    chosen.push_back(entry);
    --count;
    bytes -= entry.second->bytes.size();
  }
}

}  // namespace

bool WasUnparked(const Batch& batch, const EnvelopeId& id) {
  return std::find(batch.unparked.begin(), batch.unparked.end(), id) != batch.unparked.end();
}

bool HasRoomToPark(const Batch& batch, size_t size) {
  size_t count = batch.parked.size() + 1;
  size_t bytes = BytesIn(batch.parked) + size;
  for (const auto& [id, envelope] : batch.state.parked.envelopes) {
    if (WasUnparked(batch, id)) continue;
    ++count;
    bytes += envelope.bytes.size();
  }
  return count <= kParkingLimit.count && bytes <= kParkingLimit.bytes;
}

bool IsParked(const Batch& batch, const EnvelopeId& id) {
  const auto is_it = [&](const auto& entry) { return entry.first == id; };
  return batch.state.parked.Find(id) ||
         std::any_of(batch.parked.begin(), batch.parked.end(), is_it);
}

void Forget(Batch& batch, EnvelopeId id) {
  if (batch.state.parked.Find(id) && !WasUnparked(batch, id)) {
    batch.unparked.push_back(id);
  } else {
    std::erase_if(batch.parked, [&](const auto& entry) { return entry.first == id; });
  }
}

Held OverOrTooMany(const Batch& batch) {
  Held ending;
  Held held = AllHeld(batch);
  std::erase_if(held, [&](const auto& entry) {
    const bool over = entry.second->ends_at() < batch.now;
    if (over) ending.push_back(entry);
    return over || entry.second->untried();
  });
  Choose(
      held, kQuarantineBound, [](const auto& p) { return !p.waits_for; }, batch.now, ending);
  Choose(
      held, kUndecidedBound, [](const auto& p) { return p.undecided; }, batch.now, ending);
  Choose(
      held, kListBound, [](const auto& p) { return p.waits_for && !p.undecided; },
      batch.now - kListPatience, ending);
  return ending;
}

}  // namespace pawl::client
