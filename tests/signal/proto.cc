#include "proto.h"

namespace pawl::signal {
namespace {

std::optional<ByteView> Take(ByteView& rest, uint64_t size) {
  if (size > rest.size()) return std::nullopt;
  const ByteView taken = rest.first(size);
  rest = rest.subspan(size);
  return taken;
}

}  // namespace

std::optional<uint64_t> TakeVarInt(ByteView& bytes) {
  uint64_t value = 0;
  for (int shift = 0; !bytes.empty() && shift < 70; shift += 7) {
    const uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    if (shift == 63 && byte > 1) return std::nullopt;  // beyond 64 bits
    value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

void AddVarInt(Bytes& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<uint8_t>(value | 0x80));
  out.push_back(static_cast<uint8_t>(value));
}

std::optional<ProtoField> TakeField(ByteView& rest) {
  const std::optional<uint64_t> key = TakeVarInt(rest);
  if (!key || *key < 8) return std::nullopt;
  ProtoField field;
  field.number = *key / 8;
  std::optional<ByteView> taken;
  switch (*key % 8) {
    case 0: {
      const std::optional<uint64_t> value = TakeVarInt(rest);
      if (!value) return std::nullopt;
      field.value = *value;
      return field;
    }
    case 1:
      taken = Take(rest, 8);
      break;
    case 2: {
      const std::optional<uint64_t> size = TakeVarInt(rest);
      if (size) taken = Take(rest, *size);
      field.has_bytes = true;
      break;
    }
    case 5:
      taken = Take(rest, 4);
      break;
    default:  // groups are of proto2
      break;
  }
  if (!taken) return std::nullopt;
  if (field.has_bytes) field.bytes = *taken;
  return field;
}

void AddNumber(Bytes& out, uint64_t field, uint64_t value) {
  AddVarInt(out, field * 8);
  AddVarInt(out, value);
}

void AddBytes(Bytes& out, uint64_t field, ByteView bytes) {
  AddVarInt(out, field * 8 + 2);
  AddVarInt(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Proto::Proto(ByteView bytes) {
  while (const std::optional<ProtoField> field = TakeField(bytes)) {
    if (field->has_bytes) {
      blobs_[field->number].push_back(ToBytes(field->bytes));
    } else {
      numbers_[field->number] = field->value;
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

}  // namespace pawl::signal
