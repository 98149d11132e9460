#include "client/attachment/download.h"

#include <algorithm>
#include <utility>

namespace pawl::attachment {

absl::StatusOr<std::unique_ptr<Download>> Download::Create(Pointer pointer, const std::string& path,
                                                           const std::string& log_path) {
  PAWL_ASSIGN(const Layout layout, Layout::ForFile(pointer.size));
  if (layout.padded_size() != pointer.padded_size) {
    return Fail(Code::kMalformed, "an attachment's sizes do not belong together");
  }
  PAWL_ASSIGN(PartFile part, PartFile::Open(path));
  PAWL_ASSIGN(ChunkLog log, ChunkLog::Open(log_path, pointer.key.Clone()));
  return std::unique_ptr<Download>(
      new Download(std::move(pointer), path, log_path, layout, std::move(part), std::move(log)));
}

Download::Download(Pointer pointer, std::string path, std::string log_path, Layout layout,
                   PartFile part, ChunkLog log)
    : pointer_(std::move(pointer)),
      path_(std::move(path)),
      log_path_(std::move(log_path)),
      layout_(layout),
      part_(std::move(part)),
      log_(std::move(log)),
      plain_(crypto::kBlobChunkPlain) {}

absl::StatusOr<bool> Download::IsWhole(uint64_t index, uint64_t part_size) {
  const size_t bytes = layout_.FileBytes(index);
  if (index >= layout_.chunks() || part_size < Layout::PlainOffset(index) + bytes) return false;
  const MutableByteView plain = plain_.Writable().first(layout_.PlainSize(index));
  if (bytes > 0) PAWL_TRY(part_.ReadAt(Layout::PlainOffset(index), plain.first(bytes)));
  std::fill(plain.begin() + static_cast<ptrdiff_t>(bytes), plain.end(), uint8_t{0});
  PAWL_ASSIGN(const ChunkLog::Record record, log_.Read(index));
  return ChunkLog::ContentMark(pointer_.key, index, record.sealed_hash, plain) ==
         record.content_mark;
}

absl::StatusOr<bool> Download::Resume() {
  PAWL_ASSIGN(const uint64_t part_size, part_.Size());
  const uint64_t until = std::min(log_.count(), good_ + kSlice);
  while (good_ < until) {
    PAWL_ASSIGN(const bool whole, IsWhole(good_, part_size));
    if (!whole) {
      PAWL_TRY(log_.Truncate(good_));
      return true;
    }
    ++good_;
  }
  return good_ == log_.count();
}

absl::Status Download::Take(ByteView sealed) {
  if (good_ >= layout_.chunks()) return Fail(Code::kWrongState, "all chunks are there");
  if (sealed.size() != layout_.SealedSize(good_)) {
    return Fail(Code::kAuthFailed, "a chunk has the wrong size");
  }
  const MutableByteView plain = plain_.Writable().first(layout_.PlainSize(good_));
  PAWL_TRY(crypto::OpenChunk(pointer_.key, good_, layout_.IsLast(good_), sealed, plain));
  const size_t bytes = layout_.FileBytes(good_);
  const auto padding = plain.subspan(bytes);
  if (std::any_of(padding.begin(), padding.end(), [](uint8_t byte) { return byte != 0; })) {
    return Fail(Code::kMalformed, "an attachment's padding is not zero");
  }
  ChunkLog::Record record{.sealed_hash = crypto::Blake2b256({sealed}), .content_mark = {}};
  record.content_mark = ChunkLog::ContentMark(pointer_.key, good_, record.sealed_hash, plain);
  PAWL_TRY(part_.WriteAt(Layout::PlainOffset(good_), plain.first(bytes)));
  PAWL_TRY(log_.Append(record));
  ++good_;
  return OkStatus();
}

absl::Status Download::Sync() {
  PAWL_TRY(part_.Sync());
  return log_.Sync();
}

absl::Status Download::Finish() {
  if (good_ != layout_.chunks()) return Fail(Code::kWrongState, "not all chunks are there yet");
  crypto::BlobRoot root;
  PAWL_TRY(log_.AddTo(root, layout_.chunks()));
  // The hash is of public bytes: no need for constant time.
  if (root.Finish() != pointer_.root) {
    return Fail(Code::kAuthFailed, "the attachment is not the one the message points to");
  }
  PAWL_TRY(part_.Finish(layout_.size()));
  RemoveFile(log_path_);
  return OkStatus();
}

void Download::Discard() {
  RemoveFile(PartFile::NameFor(path_));
  RemoveFile(log_path_);
}

}  // namespace pawl::attachment
