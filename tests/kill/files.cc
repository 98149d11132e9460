#include "files.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

namespace pawl_kill {
namespace {

namespace fs = std::filesystem;

// Several chunks, and a last one that is not full.
constexpr uint64_t kLeast = 150'000;
constexpr uint64_t kSpread = 300'000;

}  // namespace

Files::Files(std::string stem) : stem_(std::move(stem)) {
  fs::create_directories(stem_ + ".out");
  fs::create_directories(stem_ + ".in");
}

std::string Files::Make(uint64_t number) const {
  const std::string path = stem_ + ".out/" + std::to_string(number);
  if (fs::exists(path)) return path;
  std::mt19937_64 bytes(number);
  const uint64_t words = (kLeast + bytes() % kSpread) / sizeof(uint64_t);
  const std::string unfinished = path + ".new";
  {
    std::ofstream out(unfinished, std::ios::binary);
    for (uint64_t i = 0; i < words; ++i) {
      const uint64_t word = bytes();
      out.write(reinterpret_cast<const char*>(&word), sizeof word);
    }
  }
  fs::rename(unfinished, path);
  return path;
}

std::string Files::Incoming(uint64_t number) const {
  return stem_ + ".in/" + std::to_string(number);
}

bool Files::HasIncoming(uint64_t number) const { return fs::exists(Incoming(number)); }

uint64_t NumberOf(const char* caption) {
  constexpr char kWord[] = "file ";
  if (caption == nullptr || std::strncmp(caption, kWord, sizeof kWord - 1) != 0) return 0;
  return std::strtoull(caption + sizeof kWord - 1, nullptr, 10);
}

}  // namespace pawl_kill
