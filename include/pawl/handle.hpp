#ifndef PAWL_HANDLE_HPP_
#define PAWL_HANDLE_HPP_

// How handles are owned, and the values that calls exchange. Included by pawl.hpp.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pawl/pawl.h"
#include "pawl/result.hpp"

namespace pawl {
inline namespace v0 {

using ByteSpan = std::span<const uint8_t>;

namespace internal {

template <typename Handle>
struct Releaser;
#define PAWL_HPP_RELEASER_(noun)                                          \
  template <>                                                             \
  struct Releaser<pawl_##noun> {                                          \
    void operator()(pawl_##noun* it) const { pawl_##noun##_release(it); } \
  };
PAWL_HPP_RELEASER_(buffer)
PAWL_HPP_RELEASER_(identity)
PAWL_HPP_RELEASER_(session)
PAWL_HPP_RELEASER_(client)
PAWL_HPP_RELEASER_(conversation)
PAWL_HPP_RELEASER_(upload)
PAWL_HPP_RELEASER_(events)
PAWL_HPP_RELEASER_(messages)
PAWL_HPP_RELEASER_(conversations)
PAWL_HPP_RELEASER_(contacts)
PAWL_HPP_RELEASER_(devices)
PAWL_HPP_RELEASER_(peek)
PAWL_HPP_RELEASER_(peeked)
#undef PAWL_HPP_RELEASER_

template <typename Handle>
using Owned = std::unique_ptr<Handle, Releaser<Handle>>;

// Calls `get(out, cap, &len)` for a text that fits into `Size` bytes.
template <size_t Size, typename Get>
Result<std::string> Text(Get get) {
  char text[Size];
  size_t length = 0;
  const pawl_status status = get(text, Size, &length);
  if (status != PAWL_OK) return Error::Last(status);
  return std::string(text, length - 1);
}

inline const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }
inline std::string_view OrEmpty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// A batch or page: `count` and `at` as a range.
template <typename Handle, typename Item, size_t (*Count)(const Handle*),
          const Item* (*At)(const Handle*, size_t)>
class Page {
 public:
  explicit Page(Handle* handle) : handle_(handle) {}
  size_t size() const { return Count(handle_.get()); }
  bool empty() const { return size() == 0; }
  const Item& operator[](size_t index) const { return *At(handle_.get(), index); }

  class iterator {
   public:
    using value_type = Item;
    using difference_type = ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    iterator(const Page* page, size_t index) : page_(page), index_(index) {}
    const Item& operator*() const { return (*page_)[index_]; }
    const Item* operator->() const { return &(*page_)[index_]; }
    iterator& operator++() {
      ++index_;
      return *this;
    }
    void operator++(int) { ++index_; }
    bool operator==(const iterator& other) const { return index_ == other.index_; }

   private:
    const Page* page_;
    size_t index_;
  };
  iterator begin() const { return {this, 0}; }
  iterator end() const { return {this, size()}; }

 private:
  Owned<Handle> handle_;
};

}  // namespace internal

inline std::string_view version() { return pawl_version_string(); }

// pawl_id with equality and order.
struct Id {
  pawl_id raw{};
  Id() = default;
  Id(const pawl_id& id) : raw(id) {}
  friend bool operator==(const Id& a, const Id& b) {
    return std::memcmp(a.raw.bytes, b.raw.bytes, sizeof(a.raw.bytes)) == 0;
  }
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) {
    return std::memcmp(a.raw.bytes, b.raw.bytes, sizeof(a.raw.bytes)) <=> 0;
  }
};

class Buffer {
 public:
  explicit Buffer(pawl_buffer* handle) : handle_(handle) {}
  ByteSpan bytes() const {
    return {pawl_buffer_data(handle_.get()), pawl_buffer_size(handle_.get())};
  }
  operator ByteSpan() const { return bytes(); }

 private:
  internal::Owned<pawl_buffer> handle_;
};

using Events = internal::Page<pawl_events, pawl_event, pawl_events_count, pawl_events_at>;
using Messages = internal::Page<pawl_messages, pawl_message, pawl_messages_count, pawl_messages_at>;
using Conversations = internal::Page<pawl_conversations, pawl_conversation_info,
                                     pawl_conversations_count, pawl_conversations_at>;
using Contacts = internal::Page<pawl_contacts, pawl_contact, pawl_contacts_count, pawl_contacts_at>;
using Devices = internal::Page<pawl_devices, pawl_device, pawl_devices_count, pawl_devices_at>;

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_HANDLE_HPP_
