#include "ratchet/braid/erasure_code.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::ratchet::braid {
namespace {

using test::Json;

Bytes ChunkOf(ByteView message, uint16_t index, size_t chunk_size) {
  Bytes chunk(chunk_size);
  EncodeChunk(message, index, chunk);
  return chunk;
}

Bytes Drawn(size_t size, test::SeededRng& rng) {
  Bytes bytes(size);
  rng.Fill(bytes);
  return bytes;
}

// Adds the chunks of these indices; gives what the last one completes.
std::optional<Bytes> Collect(ByteView message, StreamShape shape,
                             const std::vector<uint16_t>& indices) {
  ChunkCollector collector(shape);
  for (const uint16_t index : indices) {
    const Bytes chunk = ChunkOf(message, index, shape.chunk_size);
    if (auto whole = collector.CompletedBy(index, chunk)) return whole;
    if (!collector.Has(index)) collector.Add(index, chunk);
  }
  return std::nullopt;
}

TEST(ErasureCode, GivesTheKnownAnswer) {
  PAWL_VECTORS_OR_SKIP(file, "erasure-code/erasure.json");
  const auto vectors = file.List("vectors");
  const Bytes message = vectors[0].Hex("message");
  const Bytes parity = vectors[0].Hex("chunks_3_to_8");
  for (uint16_t index = 3; index <= 8; ++index) {
    const ByteView expected = ByteView(parity).subspan((index - 3u) * 32, 32);
    EXPECT_TRUE(SameBytes(ChunkOf(message, index, 32), expected)) << index;
  }
  const Bytes brief = vectors[1].Hex("message");
  for (const uint16_t index : std::vector<uint16_t>{0, 1, 77, 65535}) {
    EXPECT_EQ(ChunkOf(brief, index, 32), vectors[1].Hex("any_chunk")) << index;
  }
}

TEST(ErasureCode, TheFirstChunksAreTheMessageItself) {
  test::SeededRng rng(1);
  const Bytes message = Drawn(160, rng);
  Bytes joined = ChunkOf(message, 0, 128);
  const Bytes second = ChunkOf(message, 1, 128);
  joined.insert(joined.end(), second.begin(), second.end());
  EXPECT_TRUE(std::equal(message.begin(), message.end(), joined.begin()));
  EXPECT_TRUE(std::all_of(joined.begin() + 160, joined.end(), [](uint8_t b) { return b == 0; }));
}

TEST(ErasureCode, AnyChunksThatAreEnoughGiveTheMessageBack) {
  test::SeededRng rng(2);
  for (const size_t size : {96u, 160u, 960u, 1152u}) {
    for (const size_t chunk_size : {32u, 64u, 96u, 128u}) {
      const StreamShape shape{size, chunk_size};
      const Bytes message = Drawn(size, rng);
      for (int round = 0; round < 20; ++round) {
        std::vector<uint16_t> indices;
        while (indices.size() < shape.count()) {
          const uint64_t range = round % 2 == 0 ? 2 * shape.count() : 65536;
          const auto index = static_cast<uint16_t>(rng.Below(range));
          if (std::find(indices.begin(), indices.end(), index) == indices.end()) {
            indices.push_back(index);
          }
        }
        const auto whole = Collect(message, shape, indices);
        ASSERT_TRUE(whole.has_value()) << size << " in " << chunk_size;
        ASSERT_EQ(*whole, message) << size << " in " << chunk_size;
      }
    }
  }
}

TEST(ErasureCode, TheSameChunkTwiceCountsOnce) {
  const Bytes message(160, 7);
  const StreamShape shape{160, 128};
  EXPECT_FALSE(Collect(message, shape, {1, 1, 1}).has_value());
  EXPECT_EQ(Collect(message, shape, {1, 1, 9}), message);
}

TEST(ErasureCode, AskingWhatAChunkCompletesChangesNothing) {
  const Bytes message(160, 7);
  ChunkCollector collector({160, 128});
  collector.Add(0, ChunkOf(message, 0, 128));
  EXPECT_EQ(collector.CompletedBy(5, ChunkOf(message, 5, 128)), message);
  EXPECT_EQ(collector.size(), 1u);
  EXPECT_FALSE(collector.Has(5));
}

}  // namespace
}  // namespace pawl::ratchet::braid
