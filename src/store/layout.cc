#include "store/layout.h"

#include "store/file.h"

namespace pawl::store {
namespace {

constexpr std::string_view kPlainHeader("SQLite format 3\0", 16);

}  // namespace

absl::StatusOr<Presence> Layout::Look() const {
  if (FileExists(Creating())) return Presence::kHalfMade;
  const bool key = FileExists(KeyWrap());
  const bool file = FileExists(Database());
  if (!key && !file) return Presence::kNothing;
  if (!file) return Fail(Code::kCorrupt, "the store's database is missing");
  PAWL_ASSIGN(const Bytes header, ReadFileStart(Database(), kPlainHeader.size()));
  if (header.empty()) return Fail(Code::kCorrupt, "the store's database is empty");
  if (key) return Presence::kStore;
  if (SameBytes(header, AsBytes(kPlainHeader))) {
    return Fail(Code::kNotEncrypted, "a plain SQLite database stands in the store's place");
  }
  return Fail(Code::kCorrupt, "the store's key file is missing");
}

bool Layout::HoldsSomething() const {
  return !FileExists(Creating()) && (FileExists(KeyWrap()) || FileExists(Database()));
}

absl::Status Layout::BeginCreation() const {
  PAWL_TRY(WriteFileAtomically(Creating(), {}));
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    PAWL_TRY(RemoveFile(Database() + suffix));
  }
  PAWL_TRY(RemoveFile(KeyWrap()));
  // SQLite would make it as readable as the umask allows; its log takes the mode over.
  return WriteFileAtomically(Database(), {});
}

absl::Status Layout::EndCreation() const { return RemoveFile(Creating()); }

}  // namespace pawl::store
