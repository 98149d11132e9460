#include "sim/memory_vfs.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>

#include "sim/disk.h"

namespace pawl::sim {
namespace {

struct OpenFile {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<File>* file;
};

OpenFile& Of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
File& FileOf(sqlite3_file* file) { return **Of(file).file; }

int ResultOf(DiskAnswer answer, int io_error) {
  if (answer == DiskAnswer::kProceed) return SQLITE_OK;
  return answer == DiskAnswer::kFull ? SQLITE_FULL : io_error;
}

int Close(sqlite3_file* file) {
  delete Of(file).file;
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  if (Of(file).disk->gone()) return SQLITE_IOERR_READ;
  const Bytes& data = FileOf(file).data;
  const auto at = static_cast<size_t>(offset);
  const auto wanted = static_cast<size_t>(size);
  const size_t there = at < data.size() ? std::min(wanted, data.size() - at) : 0;
  if (there > 0) std::memcpy(out, data.data() + at, there);
  std::memset(static_cast<char*>(out) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* in, int size, sqlite3_int64 offset) {
  Disk& disk = *Of(file).disk;
  const DiskAnswer answer = disk.Ask();
  const ByteView bytes(static_cast<const uint8_t*>(in), static_cast<size_t>(size));
  // Sectors are whole, a page is not.
  if (answer == DiskAnswer::kTorn) disk.Write(FileOf(file), offset, bytes.first(bytes.size() / 2));
  if (answer == DiskAnswer::kProceed) disk.Write(FileOf(file), offset, bytes);
  return ResultOf(answer, SQLITE_IOERR_WRITE);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const DiskAnswer answer = Of(file).disk->Ask();
  if (answer == DiskAnswer::kProceed) {
    Of(file).disk->Truncate(FileOf(file), static_cast<size_t>(size));
  }
  return answer == DiskAnswer::kFull ? SQLITE_OK : ResultOf(answer, SQLITE_IOERR_TRUNCATE);
}

int Sync(sqlite3_file* file, int) {
  const DiskAnswer answer = Of(file).disk->Ask();
  if (answer == DiskAnswer::kProceed) Of(file).disk->Sync(FileOf(file));
  return ResultOf(answer, SQLITE_IOERR_FSYNC);
}

int FileSize(sqlite3_file* file, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(FileOf(file).data.size());
  return SQLITE_OK;
}

int Lock(sqlite3_file*, int) { return SQLITE_OK; }
int CheckReservedLock(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 4096; }
int DeviceCharacteristics(sqlite3_file*) { return 0; }

int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  auto& pages = FileOf(file).shared_memory;
  const auto index = static_cast<size_t>(page);
  *out = nullptr;
  if (static_cast<size_t>(size) > sizeof(ByteArray<32768>)) return SQLITE_IOERR_SHMMAP;
  if (index >= pages.size() && !extend) return SQLITE_OK;
  while (pages.size() <= index) pages.push_back(std::make_unique<ByteArray<32768>>());
  *out = pages[index]->data();
  return SQLITE_OK;
}
int ShmLock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void ShmBarrier(sqlite3_file*) {}
int ShmUnmap(sqlite3_file* file, int remove) {
  if (remove) FileOf(file).shared_memory.clear();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    2,
    &Close,
    &Read,
    &Write,
    &Truncate,
    &Sync,
    &FileSize,
    &Lock,
    &Lock,
    &CheckReservedLock,
    &FileControl,
    &SectorSize,
    &DeviceCharacteristics,
    &ShmMap,
    &ShmLock,
    &ShmBarrier,
    &ShmUnmap,
    nullptr,
    nullptr,
};

int g_temporary = 0;

int Open(sqlite3_vfs*, sqlite3_filename path, sqlite3_file* file, int flags, int* out_flags) {
  OpenFile& open = Of(file);
  open.base.pMethods = nullptr;
  const std::string name = path == nullptr ? std::string() : path;
  Disk* const disk = Disk::Of(name);
  if (disk == nullptr || disk->gone()) return SQLITE_CANTOPEN;
  std::shared_ptr<File> found = disk->Find(name);
  if (!found && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
  if (!found) {
    if (const int refused = ResultOf(disk->Ask(), SQLITE_CANTOPEN)) return refused;
    found = disk->Make(name);
  }
  open.disk = disk;
  open.file = new std::shared_ptr<File>(std::move(found));
  open.base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* path, int) {
  Disk* const disk = Disk::Of(path);
  if (disk == nullptr || disk->gone()) return SQLITE_IOERR_DELETE;
  if (!disk->Find(path)) return SQLITE_IOERR_DELETE_NOENT;
  const DiskAnswer answer = disk->Ask();
  if (answer == DiskAnswer::kProceed || answer == DiskAnswer::kFull) disk->Remove(path);
  return answer == DiskAnswer::kFull ? SQLITE_OK : ResultOf(answer, SQLITE_IOERR_DELETE);
}

int Access(sqlite3_vfs*, const char* path, int, int* out) {
  const Disk* const disk = Disk::Of(path);
  const auto file = disk == nullptr ? nullptr : disk->Find(path);
  *out = file != nullptr;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

// What SQLite draws here (salts of its log) decides nothing that a world could see.
int Randomness(sqlite3_vfs*, int size, char* out) {
  for (int i = 0; i < size; ++i) out[i] = static_cast<char>(++g_temporary * 31);
  return size;
}
int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int CurrentTime(sqlite3_vfs*, double* out) {
  *out = 2462502.5;  // 2030-01-01
  return SQLITE_OK;
}
int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* out) {
  *out = 212760216000000;
  return SQLITE_OK;
}
int LastError(sqlite3_vfs*, int, char*) { return EIO; }

}  // namespace

void RegisterMemoryVfs() {
  if (sqlite3_vfs_find(kMemoryVfs) != nullptr) return;
  static sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 512;
  vfs.zName = kMemoryVfs;
  vfs.xOpen = &Open;
  vfs.xDelete = &Delete;
  vfs.xAccess = &Access;
  vfs.xFullPathname = &FullPathname;
  vfs.xRandomness = &Randomness;
  vfs.xSleep = &Sleep;
  vfs.xCurrentTime = &CurrentTime;
  vfs.xCurrentTimeInt64 = &CurrentTimeInt64;
  vfs.xGetLastError = &LastError;
  sqlite3_vfs_register(&vfs, 0);
}

}  // namespace pawl::sim
