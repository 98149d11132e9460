#ifndef PAWL_TESTS_SIM_TRACE_H_
#define PAWL_TESTS_SIM_TRACE_H_

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"

namespace pawl::sim {

// Everything that happens in a world, as one number: two runs that differ in a single byte on the
// wire, in its time or in its order have different ones.
class Trace {
 public:
  explicit Trace(bool print) : print_(print) {}

  void Number(uint64_t value) {
    hash_ ^= value;
    hash_ *= 0x9e3779b97f4a7c15;
    hash_ ^= hash_ >> 29;
  }
  void Raw(ByteView bytes) {
    Number(bytes.size());
    size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
      uint64_t word;
      std::memcpy(&word, bytes.data() + at, 8);
      Number(word);
    }
    for (; at < bytes.size(); ++at) Number(bytes[at]);
  }
  void Happened(Timestamp now, size_t device, std::string_view what, uint64_t detail = 0) {
    Number(static_cast<uint64_t>(now.ms));
    Number(device);
    Raw(AsBytes(what));
    Number(detail);
    if (!print_) return;
    const int64_t ms = now.ms - 1'893'456'000'000;
    std::fprintf(stderr, "%9lld.%03d  %2zu  %.*s %llu\n", static_cast<long long>(ms / 1000),
                 static_cast<int>(ms % 1000), device, static_cast<int>(what.size()), what.data(),
                 static_cast<unsigned long long>(detail));
  }
  // More about what happened last, for a reader: no part of the hash.
  void Explain(const std::string& text) const {
    if (print_) std::fprintf(stderr, "%18s%s\n", "", text.c_str());
  }
  uint64_t hash() const { return hash_; }
  bool printing() const { return print_; }

 private:
  const bool print_;
  uint64_t hash_ = 0x243f6a8885a308d3;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_TRACE_H_
