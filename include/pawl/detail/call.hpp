#ifndef PAWL_DETAIL_CALL_HPP_
#define PAWL_DETAIL_CALL_HPP_

// How the arguments and results of C++ become those of C. Knows no function of Pawl.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "pawl/result.hpp"

namespace pawl {
inline namespace v0 {

using ByteSpan = std::span<const uint8_t>;

// A text of a view, where null stands for an absent one.
inline std::string_view text(const char* of_a_view) {
  return of_a_view == nullptr ? std::string_view() : std::string_view(of_a_view);
}

namespace internal {

// Overwrites all that `owned`, a string or a vector of bytes, has room for.
template <typename Owned>
void Wipe(Owned& owned) {
  owned.resize(owned.capacity());
  volatile auto* at = owned.data();
  for (size_t left = owned.size(); left > 0; --left) *at++ = 0;
}

inline bool IsText(std::string_view text) { return text.find('\0') == std::string_view::npos; }

inline Error NulInText() { return Error(PAWL_E_INVALID_ARGUMENT, "a text has a NUL inside"); }

// A text for the time of a call, with the NUL that C wants; it may be a passphrase.
class Text {
 public:
  explicit Text(std::string_view text) : text_(text) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  ~Text() { Wipe(text_); }
  bool ok() const { return IsText(text_); }
  const char* c_str() const { return text_.c_str(); }
  // Where C takes null for an absent text.
  const char* c_str_or_null() const { return text_.empty() ? nullptr : text_.c_str(); }

 private:
  std::string text_;
};

inline const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }
inline const uint8_t* OrNull(ByteSpan bytes) { return bytes.empty() ? nullptr : bytes.data(); }

template <typename Object>
auto RawOrNull(const Object* object) {
  return object == nullptr ? nullptr : object->raw();
}

// Calls `get(out, room, &size)`, again with more room where it asks for that: what is to be written
// may have grown since `bound` was asked for.
template <typename Owned, typename Get>
pawl_status Fill(Owned& out, size_t bound, Get get) {
  size_t size = bound;
  pawl_status status = PAWL_OK;
  do {
    out.resize(size);
    status = get(out.data(), out.size(), &size);
  } while (status == PAWL_E_BUFFER_TOO_SMALL && size > out.size());
  out.resize(status == PAWL_OK ? size : 0);
  return status;
}

// The same for a text, whose NUL is counted by C and not by C++.
template <typename Get>
pawl_status FillText(std::string& out, size_t bound, Get get) {
  const pawl_status status = Fill(out, bound, get);
  if (!out.empty()) out.pop_back();
  return status;
}

inline Result<void> Check(pawl_status status) {
  if (status == PAWL_OK) return {};
  return Error::Last(status);
}

// Walks a page by its index.
template <typename Page, typename Item>
class PageIterator {
 public:
  using value_type = Item;
  using difference_type = ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;
  using iterator_category = std::input_iterator_tag;
  using pointer = const Item*;
  using reference = const Item&;
  PageIterator() = default;
  PageIterator(const Page* page, size_t index) : page_(page), index_(index) {}
  const Item& operator*() const { return (*page_)[index_]; }
  const Item* operator->() const { return &(*page_)[index_]; }
  PageIterator& operator++() {
    ++index_;
    return *this;
  }
  void operator++(int) { ++index_; }
  bool operator==(const PageIterator& other) const { return index_ == other.index_; }

 private:
  const Page* page_ = nullptr;
  size_t index_ = 0;
};

}  // namespace internal
}  // namespace v0
}  // namespace pawl

#endif  // PAWL_DETAIL_CALL_HPP_
