#include "client/attachment/chunk_log.h"

#include <algorithm>

#include "codec/writer.h"
#include "crypto/kdf.h"

namespace pawl::attachment {
namespace {

constexpr size_t kBodySize = 48;
constexpr std::string_view kContentLabel = "pawl chunk content v1";
constexpr std::string_view kRecordLabel = "pawl chunk record v1";

ByteArray<8> BigEndian(uint64_t value) {
  ByteArray<8> out{};
  codec::FixedWriter(out).U64(value);
  return out;
}

}  // namespace

ByteArray<16> ChunkLog::ContentMark(const crypto::BlobKey& key, uint64_t index,
                                    const crypto::Hash32& sealed_hash, ByteView plaintext) {
  ByteArray<16> mark{};
  crypto::Blake2bKeyed(key.Expose(),
                       {AsBytes(kContentLabel), BigEndian(index), sealed_hash, plaintext}, mark);
  return mark;
}

ByteArray<16> ChunkLog::RecordMark(uint64_t index, ByteView body) const {
  ByteArray<16> mark{};
  crypto::Blake2bKeyed(key_.Expose(), {AsBytes(kRecordLabel), BigEndian(index), body}, mark);
  return mark;
}

absl::StatusOr<ChunkLog> ChunkLog::Open(const std::string& path, crypto::BlobKey key) {
  PAWL_ASSIGN(File file, File::Open(path, File::How::kReadWrite));
  ChunkLog log(std::move(file), std::move(key));
  PAWL_TRY(log.CountRecords());
  return log;
}

absl::Status ChunkLog::CountRecords() {
  PAWL_ASSIGN(const uint64_t size, file_.Size());
  const uint64_t records = size / kRecordSize;
  while (count_ < records && Read(count_).ok()) ++count_;
  return OkStatus();
}

absl::StatusOr<ChunkLog::Record> ChunkLog::Read(uint64_t index) const {
  ByteArray<kRecordSize> bytes{};
  PAWL_TRY(file_.ReadAt(index * kRecordSize, bytes));
  const ByteView view(bytes);
  if (!SameBytes(RecordMark(index, view.first(kBodySize)), view.subspan(kBodySize))) {
    return Fail(Code::kCorrupt, "a record of a transfer is damaged");
  }
  Record record;
  std::copy_n(bytes.begin(), record.sealed_hash.size(), record.sealed_hash.begin());
  std::copy_n(bytes.begin() + record.sealed_hash.size(), record.content_mark.size(),
              record.content_mark.begin());
  return record;
}

absl::Status ChunkLog::Append(const Record& record) {
  ByteArray<kRecordSize> bytes{};
  codec::FixedWriter out(bytes);
  out.Raw(record.sealed_hash).Raw(record.content_mark);
  out.Raw(RecordMark(count_, ByteView(bytes).first(kBodySize)));
  PAWL_TRY(file_.WriteAt(count_ * kRecordSize, bytes));
  ++count_;
  return OkStatus();
}

absl::Status ChunkLog::Truncate(uint64_t count) {
  PAWL_TRY(file_.Truncate(count * kRecordSize));
  count_ = std::min(count, count_);
  return OkStatus();
}

absl::Status ChunkLog::AddTo(crypto::BlobRoot& root, uint64_t chunks) const {
  for (uint64_t i = 0; i < chunks; ++i) {
    PAWL_ASSIGN(const Record record, Read(i));
    root.AddChunkHash(record.sealed_hash);
  }
  return OkStatus();
}

}  // namespace pawl::attachment
