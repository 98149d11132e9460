#ifndef PAWL_TESTS_SIM_DISK_H_
#define PAWL_TESTS_SIM_DISK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/rng.h"

namespace pawl::sim {

// A file in memory, with what a power cut could still take back.
struct File {
  struct Unsynced {
    int64_t offset = 0;
    size_t old_size = 0;
    Bytes before{};  // what stood there, as far as anything did
    Bytes after{};   // empty for a truncation
  };
  Bytes data;
  std::vector<Unsynced> unsynced;
  std::vector<std::unique_ptr<ByteArray<32768>>> shared_memory;  // of the log; gone with its users
};

enum class DiskCrash : uint8_t {
  kProcess = 0,   // the process dies before the operation; the machine keeps what was written
  kTorn = 1,      // a part of the write is done, then the process dies
  kPowerCut = 2,  // what was not synced is gone, or a part of it, in any order
};

enum class DiskAnswer : uint8_t { kProceed, kFull, kGone, kTorn };

// One machine's disk. Paths begin with the name that it is mounted under.
class Disk {
 public:
  explicit Disk(std::string name);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const std::string& name() const { return name_; }
  // The disk that a path lies on; null for none.
  static Disk* Of(std::string_view path);

  // --- for the file systems above (memory_vfs.cc, store_files.cc) ---
  // Before anything that changes what is stored.
  DiskAnswer Ask();
  // Whether the process that used it is dead: everything fails.
  bool gone() const { return gone_; }
  std::shared_ptr<File> Find(std::string_view path) const;
  std::shared_ptr<File> Make(std::string_view path);
  void Remove(std::string_view path);
  // All or nothing, durable.
  void Replace(std::string_view path, ByteView bytes);
  void Write(File& file, int64_t offset, ByteView bytes);
  void Truncate(File& file, size_t size);
  void Sync(File& file);

  // --- faults ---
  // Dies at the n-th change from now (0: the next).
  void CrashAt(uint64_t n, DiskCrash how) { crash_ = Crash{n, how}; }
  void SetFull(bool full) { full_ = full; }
  // Nothing more is planned.
  void StopFaults() {
    crash_.reset();
    full_ = false;
  }
  // The process is gone from now on.
  void Die() { gone_ = true; }
  // A new process finds what the old one left.
  void Revive(Rng& rng);
  // How it died; nothing when it was killed between two operations.
  std::optional<DiskCrash> died_by() const { return died_by_; }
  uint64_t changes() const { return changes_; }

  // What an image of the disk holds: only of a disk that nobody uses.
  std::map<std::string, Bytes> Image() const;
  void Restore(const std::map<std::string, Bytes>& image);
  // Whether any file holds these bytes.
  bool Holds(ByteView needle) const;

 private:
  struct Crash {
    uint64_t left;
    DiskCrash how;
  };
  void CutPower(File& file, Rng& rng);

  const std::string name_;
  std::map<std::string, std::shared_ptr<File>, std::less<>> files_;
  std::optional<Crash> crash_;
  std::optional<DiskCrash> died_by_;
  bool gone_ = false;
  bool full_ = false;
  uint64_t changes_ = 0;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_DISK_H_
