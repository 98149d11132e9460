#include "relay/core/token_bucket.h"

#include <algorithm>
#include <cmath>

#include "crypto/hash.h"

namespace pawl::relay {
namespace {

constexpr double kLongestWait = 24 * 3600 * 1000.0;  // ms

}  // namespace

double TokenBucket::TokensAt(const BucketSpec& spec, Timestamp now) const {
  const double elapsed = std::max<double>(0, static_cast<double>((now - at_).ms) / 1000);
  return std::min(spec.burst, tokens_ + elapsed * spec.per_second);
}

Duration TokenBucket::Take(const BucketSpec& spec, Timestamp now) {
  tokens_ = TokensAt(spec, now);
  at_ = now;
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return Duration();
  }
  const double wait = (1 - tokens_) / spec.per_second * 1000;
  // A bucket that nothing flows into is asked again tomorrow.
  return wait < kLongestWait ? Duration{std::max<int64_t>(1, std::llround(wait))}
                             : Milliseconds(static_cast<int64_t>(kLongestWait));
}

bool TokenBucket::HasToken(const BucketSpec& spec, Timestamp now) const {
  return TokensAt(spec, now) >= 1;
}

Timestamp TokenBucket::FullAt(const BucketSpec& spec) const {
  const double wait = (spec.burst - tokens_) / spec.per_second * 1000;
  return at_ + Milliseconds(wait < kLongestWait ? std::llround(wait)
                                                : static_cast<int64_t>(kLongestWait));
}

BucketKey KeyOf(BucketKind kind, std::initializer_list<ByteView> parts) {
  crypto::Blake2bStream hash;
  for (const ByteView part : parts) {
    const auto size = static_cast<uint32_t>(part.size());
    const ByteArray<4> length = {static_cast<uint8_t>(size >> 24), static_cast<uint8_t>(size >> 16),
                                 static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
    hash.Update(length);
    hash.Update(part);
  }
  BucketKey key;
  const crypto::Hash32 digest = hash.Finish();
  key[0] = static_cast<uint8_t>(kind);
  std::copy_n(digest.begin(), key.size() - 1, key.begin() + 1);
  return key;
}

Duration BucketTable::Take(const BucketKey& key, const BucketSpec& spec, Timestamp now) {
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= capacity_) {
      entries_.erase(by_fullness_.begin()->second);
      by_fullness_.erase(by_fullness_.begin());
    }
    found = entries_.emplace(key, Entry{TokenBucket(spec, now), now}).first;
  } else {
    by_fullness_.erase({found->second.full_at.ms, key});
  }
  Entry& entry = found->second;
  const Duration wait = entry.bucket.Take(spec, now);
  entry.full_at = entry.bucket.FullAt(spec);
  by_fullness_.emplace(entry.full_at.ms, key);
  return wait;
}

Duration BucketTables::Take(const BucketKey& key, const BucketSpec& spec, Timestamp now) {
  return tables_.try_emplace(key[0], capacity_).first->second.Take(key, spec, now);
}

}  // namespace pawl::relay
