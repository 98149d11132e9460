#include "picture.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>

namespace pawl_demo {
namespace {

constexpr int kWidth = 1600;
constexpr int kHeight = 900;

void Put32(std::string& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

std::string Header() {
  constexpr uint32_t pixels = kWidth * kHeight * 3;
  std::string out = "BM";
  Put32(out, 54 + pixels);
  Put32(out, 0);
  Put32(out, 54);
  Put32(out, 40);
  Put32(out, kWidth);
  Put32(out, kHeight);
  Put32(out, 24 << 16 | 1);  // one plane, 24 bits a pixel
  Put32(out, 0);
  Put32(out, pixels);
  for (int i = 0; i < 4; ++i) Put32(out, 0);
  return out;
}

}  // namespace

bool DrawPicture(const std::filesystem::path& path) {
  std::mt19937 random(std::random_device{}());
  const double phase = static_cast<double>(random() % 1000) / 100;
  std::string out = Header();
  out.reserve(out.size() + size_t{3} * kWidth * kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double wave =
          std::sin(x / 90.0 + phase) + std::sin(y / 70.0 - phase) + std::sin((x + y) / 140.0);
      const int grain = static_cast<int>(random() % 24);
      for (const double tint : {1.9, 1.2, 0.6}) {
        const int level = static_cast<int>(128 + 36 * wave * tint) + grain;
        out += static_cast<char>(std::clamp(level, 0, 255));
      }
    }
  }
  std::ofstream file(path, std::ios::binary);
  file << out;
  return file.good();
}

}  // namespace pawl_demo
