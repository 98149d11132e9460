#include "proto.h"

#include <algorithm>

namespace pawl::signal {

Proto::Proto(ByteView bytes) {
  while (!bytes.empty()) {
    const uint64_t key = TakeVarInt(bytes);
    if (key % 8 == 0) {
      numbers_[key / 8] = TakeVarInt(bytes);
    } else {
      const size_t size = std::min<size_t>(TakeVarInt(bytes), bytes.size());
      blobs_[key / 8].push_back(ToBytes(bytes.first(size)));
      bytes = bytes.subspan(size);
    }
  }
}

uint64_t Proto::Number(uint64_t field) const {
  const auto found = numbers_.find(field);
  return found == numbers_.end() ? 0 : found->second;
}

Bytes Proto::Blob(uint64_t field) const {
  const auto found = blobs_.find(field);
  return found == blobs_.end() ? Bytes() : found->second.front();
}

std::vector<Proto> Proto::Messages(uint64_t field) const {
  std::vector<Proto> out;
  const auto found = blobs_.find(field);
  if (found == blobs_.end()) return out;
  for (const Bytes& blob : found->second) out.emplace_back(blob);
  return out;
}

std::vector<uint64_t> Proto::BlobFields() const {
  std::vector<uint64_t> out;
  for (const auto& [field, blobs] : blobs_) out.push_back(field);
  return out;
}

uint64_t Proto::TakeVarInt(ByteView& bytes) {
  uint64_t value = 0;
  for (int shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) break;
  }
  return value;
}

}  // namespace pawl::signal
