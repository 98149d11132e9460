#ifndef PAWL_TESTS_SUPPORT_FILE_FAULTS_H_
#define PAWL_TESTS_SUPPORT_FILE_FAULTS_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "db/vfs.h"

// Faulty disks for db::ShimVfs. Header-only, so that only programs that use db link it.
namespace pawl::test {

// Whether an operation changes what is on the disk.
inline bool IsMutation(db::FileOp op) {
  return op == db::FileOp::kWrite || op == db::FileOp::kSync || op == db::FileOp::kTruncate ||
         op == db::FileOp::kDelete;
}

// Answers every write, sync, truncate and delete with one verdict, which the test switches.
class SwitchableDisk final : public db::FileFaults {
 public:
  db::FileVerdict Before(const db::FileEvent& event) override {
    return IsMutation(event.op) ? verdict_.load() : db::FileVerdict::kProceed;
  }
  void Set(db::FileVerdict verdict) { verdict_ = verdict; }

 private:
  std::atomic<db::FileVerdict> verdict_{db::FileVerdict::kProceed};
};

// Has room for `bytes` more of writing, and then is full until given more.
class SmallDisk final : public db::FileFaults {
 public:
  explicit SmallDisk(int64_t bytes) : room_(bytes) {}
  db::FileVerdict Before(const db::FileEvent& event) override {
    if (event.op != db::FileOp::kWrite) return db::FileVerdict::kProceed;
    if (event.size > room_) return db::FileVerdict::kDiskFull;
    room_ -= event.size;
    return db::FileVerdict::kProceed;
  }
  void MakeRoom(int64_t bytes) { room_ += bytes; }

 private:
  int64_t room_;
};

enum class Crash {
  kBefore,    // the process dies before the operation
  kTorn,      // it dies with the first half of a write done
  kPowerCut,  // it dies before the operation, and what was not synced is gone (PowerCut())
};

// Dies at the mutation number `at` (from 0): from then on every operation fails and changes
// nothing, as if the process were no more. Close the connections, PowerCut() where asked for, and
// open the files through the plain VFS: what a restart would find.
class CrashingDisk final : public db::FileFaults {
 public:
  CrashingDisk(Crash how, int64_t at) : how_(how), left_(at) {}

  db::FileVerdict Before(const db::FileEvent& event) override {
    if (crashed_) return db::FileVerdict::kIoError;
    if (event.op == db::FileOp::kOpen) NoteOpen(event.path);
    if (!IsMutation(event.op) || left_-- > 0) return db::FileVerdict::kProceed;
    crashed_ = true;
    return how_ == Crash::kTorn ? db::FileVerdict::kTorn : db::FileVerdict::kIoError;
  }
  void After(const db::FileEvent& event) override {
    if (how_ != Crash::kPowerCut) return;
    if (event.op == db::FileOp::kSync) synced_[std::string(event.path)] = Contents(event.path);
    if (event.op == db::FileOp::kDelete) synced_.erase(std::string(event.path));
  }

  bool crashed() const { return crashed_; }

  // Puts every file back to what its last sync made sure of. Files never synced become empty; the
  // shared memory of the log, which no restart of a machine survives, goes.
  void PowerCut() {
    for (const auto& [path, contents] : synced_) {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
      std::error_code ignored;
      std::filesystem::remove(path + "-shm", ignored);
    }
  }

 private:
  static std::string Contents(std::string_view path) {
    std::ifstream file(std::string(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void NoteOpen(std::string_view path) {
    if (how_ == Crash::kPowerCut && !path.empty()) {
      synced_.try_emplace(std::string(path), Contents(path));
    }
  }

  const Crash how_;
  int64_t left_;
  bool crashed_ = false;
  std::map<std::string, std::string> synced_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_FILE_FAULTS_H_
