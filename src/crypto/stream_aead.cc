#include "crypto/stream_aead.h"

namespace pawl::crypto {
namespace {

constexpr std::string_view kChunkLabel = "pawl blob v1";
constexpr std::string_view kRootLabel = "pawl blob root v1";
constexpr Suite kSuite = Suite::kXChaCha20Poly1305;
constexpr size_t kNonceSize = NonceSize(kSuite);
constexpr size_t kTagSize = TagSize(kSuite);
static_assert(kNonceSize + kTagSize == kBlobChunkOverhead);

using ChunkAd = ByteArray<kChunkLabel.size() + 8 + 1>;

ByteArray<8> BigEndian64(uint64_t value) {
  ByteArray<8> out;
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<uint8_t>(value >> (56 - 8 * i));
  return out;
}

ChunkAd AssociatedData(uint64_t index, LastChunk last) {
  ChunkAd ad;
  auto at = std::copy(kChunkLabel.begin(), kChunkLabel.end(), ad.begin());
  const ByteArray<8> number = BigEndian64(index);
  at = std::copy(number.begin(), number.end(), at);
  *at = last == LastChunk::kYes ? 1 : 0;
  return ad;
}

AeadKey ChunkKey(const BlobKey& key) { return AeadKey::From(key.Expose()); }

// Chunks in the middle are full, so that an index names a place in the blob.
bool SizeFits(size_t plaintext_size, LastChunk last) {
  return last == LastChunk::kYes ? plaintext_size <= kBlobChunkPlain
                                 : plaintext_size == kBlobChunkPlain;
}

}  // namespace

void SealChunk(const BlobKey& key, uint64_t index, LastChunk last, ByteView plaintext, Rng& rng,
               MutableByteView sealed) {
  if (!SizeFits(plaintext.size(), last) || sealed.size() != plaintext.size() + kBlobChunkOverhead) {
    Wipe(sealed);
    return;
  }
  const MutableByteView nonce = sealed.first(kNonceSize);
  const MutableByteView text = sealed.subspan(kNonceSize, plaintext.size());
  rng.Fill(nonce);
  std::copy(plaintext.begin(), plaintext.end(), text.begin());
  SealInPlace(kSuite, ChunkKey(key), nonce, AssociatedData(index, last), text,
              sealed.last(kTagSize));
}

absl::Status OpenChunk(const BlobKey& key, uint64_t index, LastChunk last, ByteView sealed,
                       MutableByteView plaintext) {
  if (sealed.size() < kBlobChunkOverhead || !SizeFits(sealed.size() - kBlobChunkOverhead, last) ||
      plaintext.size() != sealed.size() - kBlobChunkOverhead) {
    Wipe(plaintext);
    return Fail(Code::kMalformed, "blob chunk of wrong size");
  }
  return Open(kSuite, ChunkKey(key), sealed.first(kNonceSize), AssociatedData(index, last),
              sealed.subspan(kNonceSize, plaintext.size()), sealed.last(kTagSize), plaintext);
}

BlobRoot::BlobRoot() { stream_.Update(AsBytes(kRootLabel)); }

void BlobRoot::AddChunk(ByteView sealed) { AddChunkHash(Blake2b256({sealed})); }

void BlobRoot::AddChunkHash(const Hash32& hash) {
  stream_.Update(hash);
  ++count_;
}

Hash32 BlobRoot::Finish() {
  stream_.Update(BigEndian64(count_));
  return stream_.Finish();
}

}  // namespace pawl::crypto
