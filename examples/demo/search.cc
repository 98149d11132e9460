#include "search.h"

#include <string.h>

#include <fstream>
#include <iterator>
#include <set>

namespace pawl_demo {
namespace {

constexpr size_t kWindow =
    24;  // bytes of a file taken as one secret: long enough never to occur by chance
constexpr size_t kWindows = 12;  // per file

std::string Hex(std::string_view bytes, const char* digits) {
  std::string out;
  for (const unsigned char byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// The base64 text that any encoding of a longer text contains when `bytes` begin there at `skip`
// modulo 3: the characters that depend on neighbouring bytes are left out.
std::string Base64Core(std::string_view bytes, size_t skip, std::string_view last_two) {
  std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  alphabet += last_two;
  const std::string padded = std::string(skip, '\0') + std::string(bytes);
  std::string out;
  for (size_t bit = 0; bit + 6 <= padded.size() * 8; bit += 6) {
    if (bit < skip * 8) continue;
    unsigned value = 0;
    for (size_t i = bit; i < bit + 6; ++i) {
      const unsigned byte = static_cast<unsigned char>(padded[i / 8]);
      value = value << 1 | ((byte >> (7 - i % 8)) & 1);
    }
    out += alphabet[value];
  }
  return out;
}

std::string Utf16(std::string_view bytes, bool little) {
  std::string out;
  for (const char c : bytes) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

bool Monotonous(std::string_view window) {
  return std::set<char>(window.begin(), window.end()).size() < 8;
}

}  // namespace

void Searcher::Add(const Secret& secret) {
  const auto add = [&](const char* encoding, std::string bytes) {
    needles_.push_back({secret.label, encoding, std::move(bytes)});
  };
  add("raw", secret.bytes);
  add("hex", Hex(secret.bytes, "0123456789abcdef"));
  add("hex", Hex(secret.bytes, "0123456789ABCDEF"));
  for (size_t skip = 0; skip < 3; ++skip) {
    add("base64", Base64Core(secret.bytes, skip, "+/"));
    add("base64", Base64Core(secret.bytes, skip, "-_"));
  }
  add("UTF-16", Utf16(secret.bytes, true));
  add("UTF-16", Utf16(secret.bytes, false));
}

bool Searcher::AddFile(const std::string& label, std::string_view content) {
  const size_t before = needles_.size();
  if (content.size() < kWindow) {
    if (content.size() >= kLeast) Add({label, std::string(content)});
    return needles_.size() > before;
  }
  const size_t last = content.size() - kWindow;
  for (size_t i = 0; i < kWindows; ++i) {
    size_t at = last * i / (kWindows - 1);
    size_t tries = 0;
    while (Monotonous(content.substr(at, kWindow)) && ++tries < 4096) at = (at + 7) % (last + 1);
    if (tries < 4096) Add({label, std::string(content.substr(at, kWindow))});
  }
  return needles_.size() > before;
}

std::string Searcher::InEveryForm(const std::string& secret) {
  std::string out;
  Searcher forms;
  forms.Add({"", secret});
  for (const Needle& needle : forms.needles_) out += needle.bytes + "\n";
  return out;
}

std::vector<Hit> Searcher::InBytes(const std::string& where, std::string_view haystack) const {
  std::vector<Hit> hits;
  bytes_searched_ += haystack.size();
  for (const Needle& needle : needles_) {
    if (needle.bytes.empty()) continue;
    const void* found =
        memmem(haystack.data(), haystack.size(), needle.bytes.data(), needle.bytes.size());
    if (found == nullptr) continue;
    const auto offset = static_cast<uint64_t>(static_cast<const char*>(found) - haystack.data());
    hits.push_back({where, needle.label, needle.encoding, offset});
  }
  return hits;
}

std::vector<Hit> Searcher::InFolder(const std::filesystem::path& folder) const {
  std::vector<Hit> hits;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = std::filesystem::relative(entry.path(), folder.parent_path()).string();
    // The names of files tell, too.
    for (Hit& hit : InBytes("the name of " + name, name)) hits.push_back(std::move(hit));
    for (Hit& hit : InBytes(name, ReadWhole(entry.path()))) hits.push_back(std::move(hit));
  }
  return hits;
}

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace pawl_demo
