#include "sim/hostile_relay.h"

#include <algorithm>
#include <utility>

#include "identity/device_list.h"

namespace pawl::sim {

using client::EnvelopeArrived;
using client::Input;

bool HostileRelay::Spend(int64_t& count, std::string_view name) {
  if (count <= 0) return false;
  --count;
  scene_.tally.Count(name);
  return true;
}

void HostileRelay::Envelope(EnvelopeArrived arrived, std::vector<Input>& out,
                            std::vector<Bytes>& kept) {
  // Delivered by the transport, seen by nobody: it comes again on the next connection.
  if (Spend(withhold, "fault.withhold")) {
    disturbed_order_ = true;
    return;
  }
  if (Spend(corrupt, "fault.corrupt")) {
    Bytes bytes = ToBytes(arrived.bytes);
    bytes[scene_.chance.Pick(bytes.size())] ^= static_cast<uint8_t>(1 << scene_.chance.Pick(8));
    kept.push_back(std::move(bytes));
    EnvelopeArrived damaged = arrived;
    damaged.cursor = MailboxCursor(0);
    damaged.id = EnvelopeId(scene_.chance.Array<16>());
    damaged.bytes = kept.back();
    out.emplace_back(damaged);
  }
  out.emplace_back(arrived);
  if (Spend(duplicate, "fault.duplicate")) {
    out.emplace_back(arrived);
    late_.push_back({arrived, ToBytes(arrived.bytes)});
  }
  if (Spend(rename, "fault.rename")) {
    EnvelopeArrived renamed = arrived;
    renamed.id = EnvelopeId(scene_.chance.Array<16>());
    renamed.cursor = MailboxCursor(0);
    out.emplace_back(renamed);
    late_.push_back({renamed, ToBytes(arrived.bytes)});
  }
}

void HostileRelay::List(client::Reply&, client::DirectoryRecord& record) {
  const auto list = identity::DeviceList::Parse(record.list);
  if (!list.ok()) return;
  uint64_t key = 0xcbf29ce484222325;
  for (const char c : list->fields().address.ToString()) {
    key = (key ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  }
  const auto [first, fresh] = scene_.first_lists.try_emplace(key, ToBytes(record.list));
  if (fresh || SameBytes(first->second, record.list)) return;
  if (Spend(roll_list, "fault.roll_list")) record.list = first->second;
}

void HostileRelay::Shuffle(std::vector<Input>& inputs) {
  std::vector<size_t> places;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (std::holds_alternative<EnvelopeArrived>(inputs[i])) places.push_back(i);
  }
  if (places.size() < 2 || !Spend(reorder, "fault.reorder")) return;
  disturbed_order_ = true;
  for (size_t i = places.size() - 1; i > 0; --i) {
    std::swap(inputs[places[i]], inputs[places[scene_.chance.Pick(i + 1)]]);
  }
}

void HostileRelay::Tamper(std::vector<Input>& inputs, std::vector<Bytes>& kept) {
  std::vector<Input> out;
  out.reserve(inputs.size());
  for (Input& input : inputs) {
    if (auto* arrived = std::get_if<EnvelopeArrived>(&input)) {
      Envelope(*arrived, out, kept);
      continue;
    }
    if (auto* reply = std::get_if<client::Reply>(&input)) {
      if (auto* record = std::get_if<client::DirectoryRecord>(&reply->body)) List(*reply, *record);
    }
    out.push_back(std::move(input));
  }
  inputs = std::move(out);
  Shuffle(inputs);
}

std::vector<Input> HostileRelay::Late(std::vector<Bytes>& kept) {
  std::vector<Input> inputs;
  for (Copy& copy : std::exchange(late_, {})) {
    kept.push_back(std::move(copy.bytes));
    copy.arrived.bytes = kept.back();
    inputs.emplace_back(copy.arrived);
  }
  return inputs;
}

}  // namespace pawl::sim
