#ifndef PAWL_STORE_PREKEYS_H_
#define PAWL_STORE_PREKEYS_H_

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

enum class PrekeyKind : uint8_t {
  kBundle = 1,  // seal key, signed prekey and last-resort key of one bundle; id: the first of three
  kOneTime = 2,  // X25519 + ML-KEM-768, erased with the first handshake that proves itself
};

// Private parts of our prekeys, as session encodes them.
struct PrekeyRow {
  PrekeyKind kind = PrekeyKind::kOneTime;
  uint32_t id = 0;
  uint32_t last_resort_id = 0;  // of a bundle: its replay hashes live exactly as long as this row
  crypto::SecretBytes private_part;
  Bytes public_record;  // signed record to upload (again); may be empty
  Timestamp created_at;
  Timestamp expires_at = kNever;  // erased then
  bool uploaded = false;          // the relay has said so
};

class Prekeys : Gateway {
 public:
  using Gateway::Gateway;
  // The first of `count` ids that no prekey of this store ever had or will be given again; ids
  // start at 1. kTooLarge when 2^32 are used up.
  absl::StatusOr<uint32_t> ReserveIds(uint32_t count);
  absl::StatusOr<std::optional<PrekeyRow>> Find(PrekeyKind kind, uint32_t id);
  // Newest (highest id) first.
  absl::StatusOr<std::vector<PrekeyRow>> LoadKind(PrekeyKind kind);
  // One-time pairs and bundles that the relay has not confirmed, by id.
  absl::StatusOr<std::vector<PrekeyRow>> LoadNotUploaded(size_t limit);
  absl::StatusOr<uint32_t> Count(PrekeyKind kind);
  // Inserts or replaces.
  absl::Status Save(const PrekeyRow& row);
  absl::Status MarkUploaded(PrekeyKind kind, uint32_t id);  // kNotFound
  // Erasing a bundle erases the replay hashes of its last-resort key. Fine when it is not there.
  absl::Status Erase(PrekeyKind kind, uint32_t id);
  // All but the newest (highest id) `keep` of a kind.
  absl::Status EraseBeyond(PrekeyKind kind, uint32_t keep);
  // expires_at <= now; returns how many.
  absl::StatusOr<uint32_t> EraseExpired(Timestamp now);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_PREKEYS_H_
