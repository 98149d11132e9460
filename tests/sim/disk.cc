#include "sim/disk.h"

#include <algorithm>
#include <utility>

namespace pawl::sim {
namespace {

std::map<std::string, Disk*, std::less<>>& Mounted() {
  static std::map<std::string, Disk*, std::less<>> mounted;
  return mounted;
}

void Put(File& file, int64_t offset, ByteView bytes) {
  const auto at = static_cast<size_t>(offset);
  if (file.data.size() < at + bytes.size()) file.data.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.data.begin() + offset);
}

void Undo(File& file, const File::Unsynced& write) {
  Put(file, write.offset, write.before);
  file.data.resize(write.old_size);
}

}  // namespace

Disk::Disk(std::string name) : name_(std::move(name)) { Mounted()[name_] = this; }
Disk::~Disk() { Mounted().erase(name_); }

Disk* Disk::Of(std::string_view path) {
  for (const auto& [name, disk] : Mounted()) {
    if (path.starts_with(name)) return disk;
  }
  return nullptr;
}

DiskAnswer Disk::Ask() {
  if (gone_) return DiskAnswer::kGone;
  ++changes_;
  if (crash_ && crash_->left-- == 0) {
    died_by_ = crash_->how;
    crash_.reset();
    gone_ = true;
    return *died_by_ == DiskCrash::kTorn ? DiskAnswer::kTorn : DiskAnswer::kGone;
  }
  return full_ ? DiskAnswer::kFull : DiskAnswer::kProceed;
}

std::shared_ptr<File> Disk::Find(std::string_view path) const {
  const auto at = files_.find(path);
  return at == files_.end() ? nullptr : at->second;
}

std::shared_ptr<File> Disk::Make(std::string_view path) {
  auto& file = files_[std::string(path)];
  if (!file) file = std::make_shared<File>();
  return file;
}

void Disk::Remove(std::string_view path) {
  if (const auto at = files_.find(path); at != files_.end()) files_.erase(at);
}

void Disk::Replace(std::string_view path, ByteView bytes) {
  files_[std::string(path)] = std::make_shared<File>(File{ToBytes(bytes), {}, {}});
}

void Disk::Write(File& file, int64_t offset, ByteView bytes) {
  const auto at = static_cast<size_t>(offset);
  const size_t there = file.data.size() > at ? std::min(bytes.size(), file.data.size() - at) : 0;
  const auto begin = file.data.begin() + static_cast<int64_t>(std::min(at, file.data.size()));
  file.unsynced.push_back({offset, file.data.size(),
                           Bytes(begin, begin + static_cast<int64_t>(there)), ToBytes(bytes)});
  Put(file, offset, bytes);
}

void Disk::Truncate(File& file, size_t size) {
  if (size >= file.data.size()) return;
  const auto from = static_cast<int64_t>(size);
  file.unsynced.push_back(
      {from, file.data.size(), Bytes(file.data.begin() + from, file.data.end()), {}});
  file.data.resize(size);
}

void Disk::Sync(File& file) { file.unsynced.clear(); }

// Back to the last sync, and then some of what came after it, in its order: a disk writes what it
// holds in whatever order it likes.
void Disk::CutPower(File& file, Rng& rng) {
  auto writes = std::exchange(file.unsynced, {});
  for (auto write = writes.rbegin(); write != writes.rend(); ++write) Undo(file, *write);
  const uint64_t keep_one_in = 1 + rng.Below(4);  // 1: all of them
  if (keep_one_in == 4) return;
  for (const auto& write : writes) {
    if (write.after.empty() || rng.Below(keep_one_in) != 0) continue;
    Put(file, write.offset, write.after);
  }
}

void Disk::Revive(Rng& rng) {
  for (auto& [path, file] : files_) {
    if (died_by_ == DiskCrash::kPowerCut) CutPower(*file, rng);
    file->unsynced.clear();
    file->shared_memory.clear();
  }
  crash_.reset();
  died_by_.reset();
  gone_ = false;
}

std::map<std::string, Bytes> Disk::Image() const {
  std::map<std::string, Bytes> image;
  for (const auto& [path, file] : files_) image[path.substr(name_.size())] = file->data;
  return image;
}

void Disk::Restore(const std::map<std::string, Bytes>& image) {
  files_.clear();
  for (const auto& [path, bytes] : image) Replace(name_ + path, bytes);
}

bool Disk::Holds(ByteView needle) const {
  return std::any_of(files_.begin(), files_.end(), [&](const auto& entry) {
    const Bytes& data = entry.second->data;
    return AsText(data).find(AsText(needle)) != std::string_view::npos;
  });
}

}  // namespace pawl::sim
