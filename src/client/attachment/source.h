#ifndef PAWL_CLIENT_ATTACHMENT_SOURCE_H_
#define PAWL_CLIENT_ATTACHMENT_SOURCE_H_

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "client/attachment/file.h"

namespace pawl::attachment {

// Where the bytes of an upload come from. Used by the IO worker alone; may block.
class Source {
 public:
  virtual ~Source() = default;
  // Bytes. Fixed while the upload lasts.
  virtual uint64_t size() const = 0;
  // Fills `out` from `offset`. Offsets only ever go back to where an unacknowledged chunk began.
  // kSourceChanged, kIo; kWouldBlock: not there yet, ask again.
  virtual absl::Status ReadAt(uint64_t offset, MutableByteView out) = 0;
  // What the source was when it was opened, for a checkpoint. Empty: it cannot be opened again.
  virtual Bytes Stamp() const = 0;
};

// A regular file that must stay as it is: its device, inode, size and times of modification and
// change are looked at when it is opened and after every read.
class FileSource final : public Source {
 public:
  // kNotFound, kInvalidArgument (no regular file), kTooLarge, kIo; kSourceChanged when `stamp`, of
  // an earlier Stamp(), is not empty and not this file's. A change that keeps the size and comes
  // within a tick of the file system's clock (milliseconds) after the stamp was taken cannot be
  // told.
  static absl::StatusOr<std::unique_ptr<FileSource>> Open(const std::string& path, ByteView stamp);
  static absl::StatusOr<std::unique_ptr<FileSource>> FromDescriptor(int fd);

  uint64_t size() const override { return stamp_.size; }
  absl::Status ReadAt(uint64_t offset, MutableByteView out) override;
  Bytes Stamp() const override;

 private:
  struct FileStamp {
    uint64_t device = 0;
    uint64_t inode = 0;
    uint64_t size = 0;
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
  };
  FileSource(File file, const FileStamp& stamp) : file_(std::move(file)), stamp_(stamp) {}
  static absl::StatusOr<FileStamp> Look(const File& file);
  static absl::StatusOr<std::unique_ptr<FileSource>> Make(File file);

  File file_;
  FileStamp stamp_;
};

}  // namespace pawl::attachment

#endif  // PAWL_CLIENT_ATTACHMENT_SOURCE_H_
