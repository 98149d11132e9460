#ifndef PAWL_DEMO_SEARCH_H_
#define PAWL_DEMO_SEARCH_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pawl_demo {

// Bytes that must not be found, and what a person calls them.
struct Secret {
  std::string label;
  std::string bytes;
};

struct Hit {
  std::string where;     // file, or part of a database
  std::string label;     // of the secret
  std::string encoding;  // "raw", "hex", "base64", "UTF-16"
  uint64_t offset = 0;
};

// Looks for each secret as it is, in hex (both cases), in base64 (at any of its three alignments,
// both alphabets) and in UTF-16 (both byte orders).
class Searcher {
 public:
  // What is shorter than this is found by chance in any noise.
  static constexpr size_t kLeast = 8;
  void Add(const Secret& secret);
  // Windows of the file's own bytes, from its beginning to its end, none of them monotonous. False
  // when it has none: too few bytes, or all alike.
  bool AddFile(const std::string& label, std::string_view content);
  // A text that has `secret` in each form once, as something that leaked might have it.
  static std::string InEveryForm(const std::string& secret);

  std::vector<Hit> InBytes(const std::string& where, std::string_view haystack) const;
  // Every regular file below `folder`.
  std::vector<Hit> InFolder(const std::filesystem::path& folder) const;

  size_t patterns() const { return needles_.size(); }
  uint64_t bytes_searched() const { return bytes_searched_; }

 private:
  struct Needle {
    std::string label;
    std::string encoding;
    std::string bytes;
  };
  std::vector<Needle> needles_;
  mutable uint64_t bytes_searched_ = 0;
};

std::string ReadWhole(const std::filesystem::path& path);

}  // namespace pawl_demo

#endif  // PAWL_DEMO_SEARCH_H_
