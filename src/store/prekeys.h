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
  kSeal = 1,        // X-Wing, what first messages are sealed to
  kSigned = 2,      // X25519
  kLastResort = 3,  // ML-KEM-768; its replay hashes live as long as it does
  kOneTime = 4,     // X25519 + ML-KEM-768, erased with the first handshake that proves itself
};

// The private part of one of our prekeys.
struct PrekeyRow {
  PrekeyKind kind = PrekeyKind::kOneTime;
  uint32_t id = 0;
  crypto::SecretBytes private_part;
  Bytes public_record;  // signed record to upload (again); may be empty
  Timestamp created_at;
  Timestamp expires_at;  // erased then
  bool uploaded = false;
};

class Prekeys : Gateway {
 public:
  using Gateway::Gateway;
  // The first of `count` ids that no prekey of this store ever had or will be given again; ids
  // start at 1. kTooLarge when 2^32 are used up.
  absl::StatusOr<uint32_t> ReserveIds(uint32_t count);
  absl::StatusOr<std::optional<PrekeyRow>> Find(PrekeyKind kind, uint32_t id);
  // Newest first.
  absl::StatusOr<std::vector<PrekeyRow>> LoadKind(PrekeyKind kind);
  // kAlreadyExists.
  absl::Status Insert(const PrekeyRow& row);
  absl::Status MarkUploaded(PrekeyKind kind, uint32_t id);
  absl::StatusOr<uint32_t> Count(PrekeyKind kind);
  // Erasing a last-resort key erases its replay hashes. Fine when it is not there.
  absl::Status Erase(PrekeyKind kind, uint32_t id);
  // expires_at <= now; returns how many.
  absl::StatusOr<uint32_t> EraseExpired(Timestamp now);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_PREKEYS_H_
