#ifndef PAWL_CLIENT_ENGINE_REPAIR_TABLE_H_
#define PAWL_CLIENT_ENGINE_REPAIR_TABLE_H_

#include <optional>

#include "absl/container/btree_map.h"
#include "base/clock.h"
#include "base/status.h"
#include "identity/address.h"
#include "store/repairs.h"

namespace pawl::client {

// A device that is to send again what of its mail we cannot read (repair.h).
struct Repair {
  Code reason = Code::kOk;  // kOk: it is over, and the device is not to be asked again yet
  Timestamp began_at{};
  uint32_t attempts = 0;
  Timestamp not_before{};  // the next time we ask
};
using RepairTable = absl::btree_map<identity::DeviceAddress, Repair>;

// Repairs as one Step sees them: the table, and those that it began, changed or ended.
class RepairEdits {
 public:
  explicit RepairEdits(const RepairTable& base) : base_(&base) {}

  const Repair* Find(const identity::DeviceAddress& device) const;
  void Set(const identity::DeviceAddress& device, Repair repair) { changed_[device] = repair; }
  void Erase(const identity::DeviceAddress& device) { changed_[device] = std::nullopt; }

  // Into the transaction; once, before the commit.
  absl::Status Save(store::Repairs& repairs) const;
  // After the commit.
  void ApplyTo(RepairTable& table) &&;

 private:
  const RepairTable* base_;
  absl::btree_map<identity::DeviceAddress, std::optional<Repair>> changed_;
};

// Repairs as stored. kCorrupt when a row is not one of ours.
absl::StatusOr<RepairTable> LoadRepairs(store::Repairs& repairs);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_REPAIR_TABLE_H_
