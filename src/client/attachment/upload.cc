#include "client/attachment/upload.h"

#include <algorithm>

#include "base/kill_point.h"

namespace pawl::attachment {

absl::StatusOr<std::unique_ptr<Upload>> Upload::Create(std::unique_ptr<Source> source,
                                                       crypto::BlobKey key,
                                                       const std::string& log_path) {
  PAWL_ASSIGN(const Layout layout, Layout::ForFile(source->size()));
  PAWL_ASSIGN(ChunkLog log, ChunkLog::Open(log_path, key.Clone()));
  return std::unique_ptr<Upload>(
      new Upload(std::move(source), std::move(key), std::move(log), layout));
}

Upload::Upload(std::unique_ptr<Source> source, crypto::BlobKey key, ChunkLog log, Layout layout)
    : source_(std::move(source)),
      key_(std::move(key)),
      log_(std::move(log)),
      layout_(layout),
      plain_(crypto::kBlobChunkPlain) {}

absl::StatusOr<MutableByteView> Upload::ReadPlain(uint64_t index) {
  const MutableByteView plain = plain_.Writable().first(layout_.PlainSize(index));
  if (in_plain_ == index) return plain;
  in_plain_.reset();
  const size_t from_file = layout_.FileBytes(index);
  if (from_file > 0) {
    PAWL_TRY(source_->ReadAt(Layout::PlainOffset(index), plain.first(from_file)));
  }
  const MutableByteView padding = plain.subspan(from_file);
  std::fill(padding.begin(), padding.end(), uint8_t{0});
  in_plain_ = index;
  return plain;
}

absl::Status Upload::CheckContent(uint64_t index) {
  PAWL_ASSIGN(const ChunkLog::Record record, log_.Read(index));
  PAWL_ASSIGN(const MutableByteView plain, ReadPlain(index));
  if (ChunkLog::ContentMark(key_, index, record.sealed_hash, plain) != record.content_mark) {
    return Fail(Code::kSourceChanged, "the file is not what was uploaded before");
  }
  return OkStatus();
}

absl::StatusOr<bool> Upload::Resume(uint64_t sealed_offset) {
  absl::StatusOr<uint64_t> held = layout_.ChunksBefore(sealed_offset);
  if (!held.ok() || *held > log_.count()) {
    PAWL_TRY(log_.Truncate(0));
    trusted_ = 0;
    return Fail(Code::kCorrupt, "the relay holds what this store does not know");
  }
  const uint64_t until = std::min(*held, trusted_ + kSlice);
  for (; trusted_ < until; ++trusted_) PAWL_TRY(CheckContent(trusted_));
  if (trusted_ < *held) return false;
  PAWL_TRY(log_.Truncate(*held));
  trusted_ = *held;
  return true;
}

absl::StatusOr<std::optional<SealedChunk>> Upload::SealNext(Rng& rng) {
  const uint64_t index = log_.count();
  if (index >= layout_.chunks()) return std::optional<SealedChunk>();
  PAWL_ASSIGN(const MutableByteView plain, ReadPlain(index));
  SealedChunk chunk{.offset = Layout::SealedOffset(index),
                    .bytes = Bytes(layout_.SealedSize(index))};
  crypto::SealChunk(key_, index, layout_.IsLast(index), plain, rng, chunk.bytes);
  ChunkLog::Record record{.sealed_hash = crypto::Blake2b256({ByteView(chunk.bytes)}),
                          .content_mark = {}};
  record.content_mark = ChunkLog::ContentMark(key_, index, record.sealed_hash, plain);
  PAWL_KILL_POINT("attachment.before_log");
  PAWL_TRY(log_.Append(record));
  PAWL_KILL_POINT("attachment.after_log");
  trusted_ = log_.count();
  return std::optional<SealedChunk>(std::move(chunk));
}

absl::StatusOr<crypto::Hash32> Upload::Root() const {
  if (log_.count() != layout_.chunks()) return Fail(Code::kWrongState, "not all is sealed yet");
  crypto::BlobRoot root;
  PAWL_TRY(log_.AddTo(root, layout_.chunks()));
  return root.Finish();
}

}  // namespace pawl::attachment
