// Runs a fuzz target without libFuzzer: every seed of the corpus folders given as arguments, then
// each seed cut short and with single bits flipped, evenly spread over its length. Deterministic.
//
// Fails when a folder holds no seed: a target without a corpus proves nothing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

constexpr size_t kMutationsPerSeed = 200;

// An allocation of exactly the input's size, so that AddressSanitizer sees a read past the end.
void Run(const Bytes& input) {
  const Bytes exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void RunMutations(const Bytes& seed) {
  const size_t step = std::max<size_t>(1, seed.size() / kMutationsPerSeed);
  for (size_t at = 0; at < seed.size(); at += step) {
    Run(Bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(at)));
    Bytes flipped = seed;
    flipped[at] ^= static_cast<uint8_t>(1U << (at % 8));
    Run(flipped);
  }
}

std::vector<fs::path> SeedsOf(const char* folder) {
  std::vector<fs::path> seeds;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file()) seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::vector<fs::path> seeds = SeedsOf(argv[i]);
    if (seeds.empty()) {
      std::fprintf(stderr, "no seeds in %s\n", argv[i]);
      return 1;
    }
    for (const fs::path& path : seeds) {
      std::ifstream file(path, std::ios::binary);
      const Bytes seed{std::istreambuf_iterator<char>(file), {}};
      Run(seed);
      RunMutations(seed);
    }
    std::printf("%zu seeds of %s\n", seeds.size(), argv[i]);
  }
  return 0;
}
