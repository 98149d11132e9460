#ifndef PAWL_STORE_DEDUPE_H_
#define PAWL_STORE_DEDUPE_H_

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "store/gateway.h"

namespace pawl::store {

constexpr Duration kDedupeLifetime = Days(45);

// Envelopes that were dealt with, by the relay's id and by their bytes' hash: one that comes again
// is acknowledged and dropped.
class Dedupe : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<bool> SeenId(const EnvelopeId& envelope);
  absl::StatusOr<bool> SeenHash(const ByteArray<32>& hash);
  // True when fresh, false (and nothing changed) when id or hash was there.
  absl::StatusOr<bool> Add(const EnvelopeId& envelope, const ByteArray<32>& hash,
                           Timestamp received_at);
  // Erases at most `limit` rows received before now - kDedupeLifetime; returns how many.
  absl::StatusOr<uint32_t> Prune(Timestamp now, size_t limit);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_DEDUPE_H_
