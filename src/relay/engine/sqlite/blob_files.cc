#include "relay/engine/sqlite/blob_files.h"

#include <filesystem>
#include <optional>

#include "base/kill_point.h"
#include "relay/engine/sqlite/file.h"

namespace pawl::relay::engine::sqlite {
namespace {

namespace fs = std::filesystem;

// Unwritten pages of an upload pile up to this much; without it the sync at the end of a large blob
// would hold up everyone else's.
constexpr uint64_t kWritebackStep = 8ull << 20;
constexpr std::string_view kDigits = "0123456789abcdef";

std::string NameOf(const BlobId& id) {
  std::string name;
  name.reserve(2 * (*id).size());
  for (const uint8_t byte : *id) {
    name += kDigits[byte >> 4];
    name += kDigits[byte & 15];
  }
  return name;
}

std::optional<BlobId> IdOf(std::string_view name) {
  ByteArray<32> id{};
  if (name.size() != 2 * id.size()) return std::nullopt;
  for (size_t i = 0; i < name.size(); ++i) {
    const size_t digit = kDigits.find(name[i]);
    if (digit == kDigits.npos) return std::nullopt;
    id[i / 2] = static_cast<uint8_t>(id[i / 2] << 4 | digit);
  }
  return BlobId(id);
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (!error) return OkStatus();
  return error == std::errc::no_space_on_device
             ? Fail(Code::kDiskFull, "no space for a blob folder")
             : Fail(Code::kIo, "a blob folder could not be made");
}

}  // namespace

absl::StatusOr<BlobFiles> BlobFiles::Open(std::string directory) {
  PAWL_TRY(MakeFolder(directory));
  return BlobFiles(std::move(directory));
}

std::string BlobFiles::FolderOf(const BlobId& id) const {
  return directory_ + "/" + NameOf(id).substr(0, 2);
}

std::string BlobFiles::PathOf(const BlobId& id) const { return FolderOf(id) + "/" + NameOf(id); }

uint64_t BlobFiles::SizeOf(const BlobId& id) const {
  const auto file = File::OpenToRead(PathOf(id));
  if (!file.ok()) return 0;
  const auto size = file->Size();
  return size.ok() ? *size : 0;
}

absl::Status BlobFiles::Append(const BlobId& id, uint64_t offset, ByteView bytes) const {
  if (offset == 0) PAWL_TRY(MakeFolder(FolderOf(id)));
  PAWL_ASSIGN(const File file, File::OpenToAppend(PathOf(id)));
  PAWL_ASSIGN(const uint64_t held, file.Size());
  if (held != offset) return Fail(Code::kWrongState, "a blob is written in order");
  PAWL_KILL_POINT("relay.before_write");
  const absl::Status written = file.WriteAt(offset, bytes);
  if (!written.ok()) {
    PAWL_TRY(file.Truncate(offset));
    return written;
  }
  PAWL_KILL_POINT("relay.after_write");
  const uint64_t end = offset + bytes.size();
  if (offset / kWritebackStep != end / kWritebackStep) {
    const uint64_t from = offset < kWritebackStep ? 0 : offset - kWritebackStep;
    file.BeginWriteback(from, end - from);
  }
  return OkStatus();
}

absl::StatusOr<Bytes> BlobFiles::Read(const BlobId& id, uint64_t offset, size_t max) const {
  PAWL_ASSIGN(const File file, File::OpenToRead(PathOf(id)));
  return file.ReadAt(offset, max);
}

absl::Status BlobFiles::Sync(const BlobId& id) const {
  PAWL_ASSIGN(const File file, File::OpenToRead(PathOf(id)));
  PAWL_KILL_POINT("relay.before_fsync");
  PAWL_TRY(file.SyncData());
  for (const std::string& folder : {FolderOf(id), directory_}) {
    PAWL_ASSIGN(const File names, File::OpenToRead(folder));
    PAWL_TRY(names.SyncData());
  }
  PAWL_KILL_POINT("relay.after_fsync");
  return OkStatus();
}

void BlobFiles::Remove(const BlobId& id) const {
  std::error_code ignored;  // Sweep finds what stays
  fs::remove(PathOf(id), ignored);
}

absl::Status BlobFiles::Sweep(const std::function<bool(const BlobId&)>& is_known) const {
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(directory_, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const auto id = IdOf(entry->path().filename().string());
    if (id && !is_known(*id)) Remove(*id);
  }
  return error ? Fail(Code::kIo, "the blob folder could not be read") : OkStatus();
}

}  // namespace pawl::relay::engine::sqlite
