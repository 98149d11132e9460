#ifndef PAWL_RELAY_CORE_TOKEN_BUCKET_H_
#define PAWL_RELAY_CORE_TOKEN_BUCKET_H_

#include <cstddef>
#include <initializer_list>
#include <list>

#include "absl/container/flat_hash_map.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace pawl::relay {

struct BucketSpec {
  double burst = 0;       // tokens of a full bucket
  double per_second = 0;  // that flow in
  constexpr BucketSpec Scaled(double factor) const { return {burst * factor, per_second * factor}; }
};

// One bucket. A clock that jumps back adds nothing.
class TokenBucket {
 public:
  TokenBucket(const BucketSpec& spec, Timestamp now) : tokens_(spec.burst), at_(now) {}

  // Takes a token: zero. None left: how long until there is one, and nothing is taken.
  Duration Take(const BucketSpec& spec, Timestamp now);
  // Whether Take would give one.
  bool HasToken(const BucketSpec& spec, Timestamp now) const;

 private:
  double TokensAt(const BucketSpec& spec, Timestamp now) const;

  double tokens_;
  Timestamp at_;
};

enum class BucketKind : uint8_t {
  kSend = 1,
  kRequest,
  kPrekey,
  kOneTime,
  kLookup,
  kRegister,
  kPut,
  kConnect,
};

// Many buckets in bounded memory, told apart by a hash, so that no address or name is kept. When it
// is full the bucket that was not used for longest is forgotten, which fills it.
class BucketTable {
 public:
  explicit BucketTable(size_t capacity) : capacity_(capacity) {}

  // Whose bucket: the parts are hashed together, each with its length.
  using Key = ByteArray<16>;
  static Key KeyOf(BucketKind kind, std::initializer_list<ByteView> parts);

  Duration Take(const Key& key, const BucketSpec& spec, Timestamp now);
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    TokenBucket bucket;
    std::list<Key>::iterator place;
  };
  const size_t capacity_;
  absl::flat_hash_map<Key, Entry> entries_;
  std::list<Key> by_use_;  // the newest first
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_TOKEN_BUCKET_H_
