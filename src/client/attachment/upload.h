#ifndef PAWL_CLIENT_ATTACHMENT_UPLOAD_H_
#define PAWL_CLIENT_ATTACHMENT_UPLOAD_H_

#include <memory>
#include <optional>

#include "base/rng.h"
#include "base/status.h"
#include "client/attachment/chunk_log.h"
#include "client/attachment/layout.h"
#include "client/attachment/source.h"

namespace pawl::attachment {

// A chunk ready for the relay.
struct SealedChunk {
  uint64_t offset = 0;  // in the blob
  Bytes bytes;
};

// The disk side of an upload: reads, seals, remembers. Blocks: for the IO worker, one call at a
// time. Chunks come out in order; one that was sealed is sealed again only when the relay has lost
// it, and then under a fresh nonce.
class Upload {
 public:
  // `log_path` holds what an earlier process knew. kTooLarge, kIo, kDiskFull.
  static absl::StatusOr<std::unique_ptr<Upload>> Create(std::unique_ptr<Source> source,
                                                        crypto::BlobKey key,
                                                        const std::string& log_path);

  const Layout& layout() const { return layout_; }
  const Source& source() const { return *source_; }

  // The relay holds the blob up to `sealed_offset`: go on from there. Where that was sealed by an
  // earlier process the source is read again and compared, a slice in each call: true when done.
  // kSourceChanged; kCorrupt: what the relay holds is not in the log, so the blob must be deleted
  // and begun anew.
  absl::StatusOr<bool> Resume(uint64_t sealed_offset);

  // The next chunk; nothing when all are sealed. kWouldBlock: the source has not got it yet;
  // nothing changed, as after every other error.
  absl::StatusOr<std::optional<SealedChunk>> SealNext(Rng& rng);

  // Once every chunk is sealed.
  absl::StatusOr<crypto::Hash32> Root() const;

 private:
  Upload(std::unique_ptr<Source> source, crypto::BlobKey key, ChunkLog log, Layout layout);
  absl::Status CheckContent(uint64_t index);
  absl::StatusOr<MutableByteView> ReadPlain(uint64_t index);

  static constexpr uint64_t kSlice = 256;  // chunks compared in one call: 16 MiB

  std::unique_ptr<Source> source_;
  crypto::BlobKey key_;
  ChunkLog log_;
  Layout layout_;
  crypto::SecretBytes plain_;
  // The chunk that plain_ holds: no source is asked twice for one.
  std::optional<uint64_t> in_plain_;
  uint64_t trusted_ = 0;  // records before it are of this process, or their content was compared
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_UPLOAD_H_
