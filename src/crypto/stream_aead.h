#ifndef PAWL_CRYPTO_STREAM_AEAD_H_
#define PAWL_CRYPTO_STREAM_AEAD_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/hash.h"

namespace pawl::crypto {

// Chunked encryption of a blob in constant memory. Chunk i of n is
//   nonce(24, fresh random) || XChaCha20-Poly1305(key, nonce, ad = "pawl blob v1" || BE64(i) ||
//   last, plaintext)
// so chunks can be uploaded, fetched and verified one by one and in any order, a chunk cannot stand
// at another index, and a blob cut short is noticed. All chunks hold kBlobChunkPlain bytes but the
// last (0..kBlobChunkPlain). The root hash over all sealed chunks' hashes travels in the pointer
// message.
constexpr size_t kBlobChunkPlain = 64 * 1024 - 64;
constexpr size_t kBlobChunkOverhead = 24 + 16;
constexpr size_t kBlobChunkSealed = kBlobChunkPlain + kBlobChunkOverhead;

using BlobKey = Secret<struct BlobKeyTag, 32>;

enum class LastChunk : bool { kNo = false, kYes = true };

// `sealed` must be plaintext.size() + kBlobChunkOverhead bytes and not overlap `plaintext`. A size
// that the rule above forbids is the caller's defect and zeroes `sealed`, which never opens.
void SealChunk(const BlobKey& key, uint64_t index, LastChunk last, ByteView plaintext, Rng& rng,
               MutableByteView sealed);
// `plaintext` must be sealed.size() - kBlobChunkOverhead bytes. kAuthFailed, kMalformed.
absl::Status OpenChunk(const BlobKey& key, uint64_t index, LastChunk last, ByteView sealed,
                       MutableByteView plaintext);

// Running root: BLAKE2b-256 over "pawl blob root v1" and each chunk's BLAKE2b-256 in order, then
// BE64(chunk count).
class BlobRoot {
 public:
  BlobRoot();
  void AddChunk(ByteView sealed);
  void AddChunkHash(const Hash32& hash);
  Hash32 Finish();

 private:
  Blake2bStream stream_;
  uint64_t count_ = 0;
};

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_STREAM_AEAD_H_
