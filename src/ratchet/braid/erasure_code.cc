#include "ratchet/braid/erasure_code.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "ratchet/braid/gf65536.h"

namespace pawl::ratchet::braid {
namespace {

using Points = std::vector<GfElement>;

// The factors of Lagrange's interpolation: the value at `at` is the sum of weight i times the value
// at nodes[i]. The nodes differ from each other and from `at`.
Points LagrangeWeights(const Points& nodes, GfElement at) {
  GfElement all = 1;
  for (const GfElement node : nodes) {
    all = GfMultiply(all, static_cast<GfElement>(at ^ node));
  }
  Points weights;
  weights.reserve(nodes.size());
  for (const GfElement node : nodes) {
    GfElement below = static_cast<GfElement>(at ^ node);
    for (const GfElement other : nodes) {
      if (other != node) below = GfMultiply(below, static_cast<GfElement>(node ^ other));
    }
    weights.push_back(GfMultiply(all, GfInverse(below)));
  }
  return weights;
}

// out += weight * chunk. A chunk that ends early ends in zeros.
void AddWeighted(GfElement weight, ByteView chunk, MutableByteView out) {
  const GfMultiplier times(weight);
  const size_t size = std::min(chunk.size(), out.size());
  for (size_t i = 0; i < size; i += 2) {
    const uint32_t low = i + 1 < size ? chunk[i + 1] : 0;
    const GfElement product = times(static_cast<GfElement>(uint32_t{chunk[i]} << 8 | low));
    out[i] = static_cast<uint8_t>(out[i] ^ product >> 8);
    out[i + 1] = static_cast<uint8_t>(out[i + 1] ^ (product & 0xff));
  }
}

ByteView PlainChunk(ByteView message, size_t index, size_t chunk_size) {
  const ByteView rest = message.subspan(index * chunk_size);
  return rest.first(std::min(rest.size(), chunk_size));
}

}  // namespace

void EncodeChunk(ByteView message, uint16_t index, MutableByteView out) {
  const StreamShape shape{message.size(), out.size()};
  std::fill(out.begin(), out.end(), uint8_t{0});
  if (index < shape.count()) {
    const ByteView plain = PlainChunk(message, index, shape.chunk_size);
    std::copy(plain.begin(), plain.end(), out.begin());
    return;
  }
  Points nodes(shape.count());
  std::iota(nodes.begin(), nodes.end(), GfElement{0});
  const Points weights = LagrangeWeights(nodes, index);
  for (size_t i = 0; i < nodes.size(); ++i) {
    AddWeighted(weights[i], PlainChunk(message, i, shape.chunk_size), out);
  }
}

ChunkCollector::ChunkCollector(StreamShape shape) : shape_(shape) {}

bool ChunkCollector::Has(uint16_t index) const {
  return std::find(indices_.begin(), indices_.end(), index) != indices_.end();
}

std::optional<Bytes> ChunkCollector::CompletedBy(uint16_t index, ByteView chunk) const {
  if (size() + 1 < shape_.count() || Has(index)) return std::nullopt;
  Points nodes(indices_.begin(), indices_.end());
  nodes.push_back(index);
  const auto value_at = [&](size_t place) { return place < size() ? chunk_at(place) : chunk; };
  Bytes message(shape_.count() * shape_.chunk_size);
  for (size_t i = 0; i < shape_.count(); ++i) {
    const MutableByteView out =
        MutableByteView(message).subspan(i * shape_.chunk_size, shape_.chunk_size);
    const auto known = std::find(nodes.begin(), nodes.end(), i);
    if (known != nodes.end()) {
      const ByteView plain = value_at(static_cast<size_t>(known - nodes.begin()));
      std::copy(plain.begin(), plain.end(), out.begin());
      continue;
    }
    const Points weights = LagrangeWeights(nodes, static_cast<GfElement>(i));
    for (size_t j = 0; j < nodes.size(); ++j) AddWeighted(weights[j], value_at(j), out);
  }
  message.resize(shape_.message_size);
  return message;
}

void ChunkCollector::Add(uint16_t index, ByteView chunk) {
  // All chunks but the last one are shorter together than the message.
  std::copy(chunk.begin(), chunk.end(),
            bytes_.begin() + static_cast<ptrdiff_t>(size() * shape_.chunk_size));
  indices_.push_back(index);
}

}  // namespace pawl::ratchet::braid
