#ifndef PAWL_RELAY_CORE_TOKEN_BUCKET_H_
#define PAWL_RELAY_CORE_TOKEN_BUCKET_H_

#include <cstddef>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

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
  // When it will be full if nobody takes any more.
  Timestamp FullAt(const BucketSpec& spec) const;

 private:
  double TokensAt(const BucketSpec& spec, Timestamp now) const;

  double tokens_;
  Timestamp at_;
};

enum class BucketKind : uint8_t {
  kSend = 1,
  kSendPeer,
  kRequest,
  kPrekey,
  kPrekeyPeer,
  kOneTime,
  kLookup,
  kRegister,
  kRegisterInvited,
  kPut,
  kBlob,
  kConnect,
  kBlobPeer,
  kTokenKeys,
  kTokenIssue,
};

// Whose bucket, of which kind: the first byte is the kind, the rest a hash, so that no address or
// name is kept.
using BucketKey = ByteArray<16>;
// The parts are hashed together, each with its length.
BucketKey KeyOf(BucketKind kind, std::initializer_list<ByteView> parts);

// Many buckets with one spec in bounded memory. Forgetting a bucket fills it, so when there is no
// room it is the fullest one that is forgotten: nobody gets a used up bucket back by making others
// up.
class BucketTable {
 public:
  explicit BucketTable(size_t capacity) : capacity_(capacity) {}

  Duration Take(const BucketKey& key, const BucketSpec& spec, Timestamp now);
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    TokenBucket bucket;
    Timestamp full_at;  // its place in by_fullness_
  };
  const size_t capacity_;
  absl::flat_hash_map<BucketKey, Entry> entries_;
  std::set<std::pair<int64_t, BucketKey>> by_fullness_;  // the first to be full first
};

// A table for each kind: whatever is asked for in the name of one, it takes no room of another.
class BucketTables {
 public:
  explicit BucketTables(size_t capacity_of_each) : capacity_(capacity_of_each) {}
  // The same `spec` for all keys of a kind.
  Duration Take(const BucketKey& key, const BucketSpec& spec, Timestamp now);

 private:
  const size_t capacity_;
  std::map<uint8_t, BucketTable> tables_;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_TOKEN_BUCKET_H_
