#include "wipe/secret_watch.h"

#include <execinfo.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "support/replace_operator_new.h"

namespace pawl::wipe {
namespace {

constexpr size_t kPiece = 16;
constexpr size_t kStackSearched = size_t{256} << 10;
// What the search itself stands on.
constexpr size_t kStackSkipped = 1024;

struct Entry {
  uint64_t low = 0;
  uint64_t high = 0;
  const char* what = nullptr;
};

struct Find {
  const char* what = nullptr;
  size_t block = 0;
  std::array<void*, 14> callers{};
};

// Static: nothing here may allocate while a block is being freed.
constexpr size_t kEntries = size_t{1} << 20;
constexpr size_t kFilterBits = size_t{1} << 24;
std::array<Entry, kEntries> entries;
std::array<uint64_t, kFilterBits / 64> filter;
std::array<Find, 200> found;
size_t entry_count = 0;
size_t find_count = 0;
size_t block_count = 0;
bool watching = false;

uint64_t Load(const uint8_t* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

uint64_t Mix(uint64_t value) { return value * 0x9E3779B97F4A7C15u; }

const Entry* Lookup(const uint8_t* at) {
  const uint64_t low = Load(at);
  const uint64_t mixed = Mix(low);
  const size_t bit = mixed >> 40;
  if ((filter[bit / 64] >> (bit % 64) & 1) == 0) return nullptr;
  const uint64_t high = Load(at + 8);
  for (size_t i = mixed >> 44;; i = (i + 1) % kEntries) {
    const Entry& entry = entries[i];
    if (entry.what == nullptr) return nullptr;
    if (entry.low == low && entry.high == high) return &entry;
  }
}

void Insert(const uint8_t* at, const char* what) {
  if (entry_count > kEntries / 2 || Lookup(at) != nullptr) return;
  const uint64_t low = Load(at);
  const uint64_t mixed = Mix(low);
  const size_t bit = mixed >> 40;
  filter[bit / 64] |= uint64_t{1} << (bit % 64);
  size_t i = mixed >> 44;
  while (entries[i].what != nullptr) i = (i + 1) % kEntries;
  entries[i] = {low, Load(at + 8), what};
  ++entry_count;
}

void Search(ByteView block) {
  if (!watching) return;
  ++block_count;
  for (size_t at = 0; at + kPiece <= block.size(); ++at) {
    const Entry* entry = Lookup(block.data() + at);
    if (entry == nullptr) continue;
    if (find_count < found.size()) {
      Find& find = found[find_count];
      find = {entry->what, block.size(), {}};
      backtrace(find.callers.data(), static_cast<int>(find.callers.size()));
    }
    ++find_count;
    return;
  }
}

// Zeros, small numbers, a fixture's key of one byte: found everywhere.
bool IsNobodysKey(const uint8_t* piece) {
  constexpr int kLeastDistinct = 7;
  std::array<bool, 256> seen{};
  int distinct = 0;
  for (size_t i = 0; i < kPiece; ++i) distinct += std::exchange(seen[piece[i]], true) ? 0 : 1;
  return distinct < kLeastDistinct;
}

uint8_t* DeadStack() { return static_cast<uint8_t*>(__builtin_frame_address(0)) - kStackSkipped; }

}  // namespace

void SearchFreed(void* memory) {
  if (memory != nullptr) Search({static_cast<const uint8_t*>(memory), malloc_usable_size(memory)});
}

void Plant(ByteView secret, const char* what) {
  for (size_t at = 0; at + kPiece <= secret.size(); at += kPiece) {
    if (!IsNobodysKey(secret.data() + at)) Insert(secret.data() + at, what);
  }
}
size_t planted() { return entry_count; }

Watch::Watch() {
  void* loads_the_unwinder[1];
  backtrace(loads_the_unwinder, 1);
  find_count = 0;
  block_count = 0;
  watching = true;
}
Watch::~Watch() { watching = false; }

size_t Watch::blocks() const { return block_count; }
size_t Watch::finds() const { return find_count; }

std::string Watch::Report() const {
  watching = false;
  std::string report = std::to_string(find_count) + " of " + std::to_string(block_count) +
                       " freed blocks still held a secret\n";
  for (size_t i = 0; i < std::min(find_count, found.size()); ++i) {
    report += std::string("  ") + found[i].what + " in " + std::to_string(found[i].block) +
              " bytes, freed by\n";
    char** names = backtrace_symbols(found[i].callers.data(), 14);
    for (size_t caller = 2; caller < 14 && found[i].callers[caller] != nullptr; ++caller) {
      report += std::string("    ") + names[caller] + "\n";
    }
    std::free(names);
  }
  watching = true;
  return report;
}

[[gnu::noinline]] void ClearDeadStack() {
  volatile uint8_t* top = DeadStack();
  for (size_t i = 1; i <= kStackSearched; ++i) top[-static_cast<std::ptrdiff_t>(i)] = 0;
}

[[gnu::noinline]] std::string SearchDeadStack() {
  std::array<const char*, 64> names{};
  std::array<size_t, 64> counts{};
  const uint8_t* const top = DeadStack();
  const uint8_t* at = top - kStackSearched;
  __asm__ volatile("" : "+r"(at) : : "memory");
  for (; at + kPiece <= top; ++at) {
    const Entry* entry = Lookup(at);
    if (entry == nullptr) continue;
    size_t i = 0;
    while (names[i] != nullptr && names[i] != entry->what) ++i;
    names[i] = entry->what;
    ++counts[i];
  }
  std::string report;
  for (size_t i = 0; names[i] != nullptr; ++i) {
    report += std::string(names[i]) + " x" + std::to_string(counts[i]) + ", ";
  }
  return report;
}

}  // namespace pawl::wipe

// C code in static archives (SQLCipher, libsodium) frees through these (--wrap), and so do the
// operators delete above.
extern "C" {
void __real_free(void* memory);
void* __real_realloc(void* memory, size_t size);
void __wrap_free(void* memory) {
  pawl::wipe::SearchFreed(memory);
  __real_free(memory);
}
// What moves leaves a copy behind: done by hand, so that it is looked at.
void* __wrap_realloc(void* memory, size_t size) {
  if (memory == nullptr || size == 0) return __real_realloc(memory, size);
  void* moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(size, malloc_usable_size(memory)));
  __wrap_free(memory);
  return moved;
}
}
