#include "support/vectors.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pawl::test {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> Unpack(const fs::path& path) {
  const std::string command = "gzip -dc -- '" + path.string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 65536> chunk;
  while (const size_t got = fread(chunk.data(), 1, chunk.size(), pipe)) {
    text.append(chunk.data(), got);
  }
  if (pclose(pipe) != 0) return std::nullopt;
  return text;
}

}  // namespace

std::string VectorsFolder() {
  if (const char* folder = std::getenv("PAWL_VECTORS")) return folder;
  // <source>/tests/support/vectors.cc
  const fs::path source = fs::path(__FILE__).parent_path().parent_path().parent_path();
  return (source / ".." / "shared" / "vectors").lexically_normal().string();
}

std::optional<std::string> ReadVectors(std::string_view file) {
  const fs::path path = fs::path(VectorsFolder()) / file;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  if (path.extension() == ".gz") return Unpack(path);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace pawl::test
