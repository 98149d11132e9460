#ifndef PAWL_PEEK_HPP_
#define PAWL_PEEK_HPP_

// A look at a client's mail from another process. Included by pawl.hpp.

#include <string>
#include <utility>
#include <vector>

#include "pawl/handle.hpp"

namespace pawl {
inline namespace v0 {

// pawl_peek_options, owning its texts. Empty means the default.
struct PeekOptions {
  std::string store_dir{};
  std::string passphrase{};
  std::vector<uint8_t> host_key{};
  std::string anchor_dir{};
};

// A page of envelopes; `beyond` more wait at the relay.
class Peeked
    : public internal::Page<pawl_peeked, pawl_peeked_item, pawl_peeked_count, pawl_peeked_at> {
 public:
  explicit Peeked(pawl_peeked* handle) : Page(handle), beyond_(pawl_peeked_beyond(handle)) {}
  uint64_t beyond() const { return beyond_; }

 private:
  uint64_t beyond_;
};

class Peek {
 public:
  static Result<Peek> open(const PeekOptions& options) {
    pawl_peek_options in = PAWL_PEEK_OPTIONS_INIT;
    in.store_dir = options.store_dir.c_str();
    in.passphrase = internal::OrNull(options.passphrase);
    in.host_key = options.host_key.empty() ? nullptr : options.host_key.data();
    in.host_key_len = options.host_key.size();
    in.anchor_dir = internal::OrNull(options.anchor_dir);
    pawl_peek* out = nullptr;
    const pawl_status status = pawl_peek_open(&in, &out);
    return internal::Give(status, Peek(out));
  }
  Result<Peeked> fetch(int32_t timeout_ms) {
    pawl_peeked* out = nullptr;
    const pawl_status status = pawl_peek_fetch(raw(), timeout_ms, &out);
    return internal::Give(status, Peeked(out));
  }
  Result<Peeked> envelope(ByteSpan envelope) {
    pawl_peeked* out = nullptr;
    const pawl_status status = pawl_peek_envelope(raw(), envelope.data(), envelope.size(), &out);
    return internal::Give(status, Peeked(out));
  }
  void close() { pawl_peek_close(raw()); }
  pawl_peek* raw() const { return handle_.get(); }

 private:
  explicit Peek(pawl_peek* handle) : handle_(handle) {}
  internal::Owned<pawl_peek> handle_;
};

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_PEEK_HPP_
