#ifndef PAWL_CLIENT_ATTACHMENT_DOWNLOAD_H_
#define PAWL_CLIENT_ATTACHMENT_DOWNLOAD_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "client/attachment/chunk_log.h"
#include "client/attachment/layout.h"
#include "client/attachment/part_file.h"

namespace pawl::attachment {

// What a pointer message says about a file.
struct Pointer {
  crypto::BlobKey key;
  crypto::Hash32 root{};
  uint64_t size = 0;
  uint64_t padded_size = 0;
};

// The disk side of a download: verifies, writes, remembers. Blocks: for the IO worker, one call at
// a time.
class Download {
 public:
  // kMalformed (sizes that do not belong together), kTooLarge, kNotFound (no folder for `path`),
  // kIo, kDiskFull.
  static absl::StatusOr<std::unique_ptr<Download>> Create(Pointer pointer, const std::string& path,
                                                          const std::string& log_path);

  const Layout& layout() const { return layout_; }

  // Finds out what an earlier process left that is still whole, a slice in each call: true when
  // done. Then chunks() is where to go on.
  absl::StatusOr<bool> Resume();
  uint64_t chunks() const { return good_; }

  // The next sealed chunk: opens, writes and remembers it. kAuthFailed: it is not what the sender
  // sealed. After an error nothing has changed.
  absl::Status Take(ByteView sealed);
  // What was taken survives a power cut.
  absl::Status Sync();
  // All chunks are there: checks the root, and the file gets its name. kAuthFailed.
  absl::Status Finish();
  // Leaves nothing behind.
  void Discard();

 private:
  Download(Pointer pointer, std::string path, std::string log_path, Layout layout, PartFile part,
           ChunkLog log);
  absl::StatusOr<bool> IsWhole(uint64_t index, uint64_t part_size);

  static constexpr uint64_t kSlice = 256;  // chunks compared in one call: 16 MiB

  Pointer pointer_;
  std::string path_;
  std::string log_path_;
  Layout layout_;
  PartFile part_;
  ChunkLog log_;
  crypto::SecretBytes plain_;
  uint64_t good_ = 0;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_DOWNLOAD_H_
