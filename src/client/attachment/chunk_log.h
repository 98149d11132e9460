#ifndef PAWL_CLIENT_ATTACHMENT_CHUNK_LOG_H_
#define PAWL_CLIENT_ATTACHMENT_CHUNK_LOG_H_

#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "client/attachment/file.h"
#include "crypto/hash.h"
#include "crypto/stream_aead.h"

namespace pawl::attachment {

// The memory of a transfer that outlives the process: one record for each chunk that was sealed or
// verified,
//   BLAKE2b-256(sealed chunk)[32] || content mark[16] || record mark[16]
// The root is made from the hashes, so nothing is ever sealed a second time to compute it. Content
// mark: keyed hash over index, sealed hash and plaintext; it tells whether a file on disk still
// holds what that chunk held. Record mark: keyed hash over index and the 48 bytes before; it tells
// a record from what a power cut left. Both are keyed by the blob's key, so the file, which lies
// unencrypted beside the store, says nothing but what the relay knows anyway.
class ChunkLog {
 public:
  struct Record {
    crypto::Hash32 sealed_hash{};
    ByteArray<16> content_mark{};
  };
  static constexpr size_t kRecordSize = 64;

  // Makes the file when missing; the records up to the first bad one count.
  static absl::StatusOr<ChunkLog> Open(const std::string& path, crypto::BlobKey key);

  static ByteArray<16> ContentMark(const crypto::BlobKey& key, uint64_t index,
                                   const crypto::Hash32& sealed_hash, ByteView plaintext);

  uint64_t count() const { return count_; }
  absl::StatusOr<Record> Read(uint64_t index) const;
  // As record count(). In the page cache when this returns: a killed process loses nothing.
  absl::Status Append(const Record& record);
  absl::Status Truncate(uint64_t count);
  absl::Status Sync() { return file_.Sync(); }
  // The hashes of the first `chunks` records into a root that was empty.
  absl::Status AddTo(crypto::BlobRoot& root, uint64_t chunks) const;

 private:
  ChunkLog(File file, crypto::BlobKey key) : file_(std::move(file)), key_(std::move(key)) {}
  absl::Status CountRecords();
  ByteArray<16> RecordMark(uint64_t index, ByteView body) const;

  File file_;
  crypto::BlobKey key_;
  uint64_t count_ = 0;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_CHUNK_LOG_H_
