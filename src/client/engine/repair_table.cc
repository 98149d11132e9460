#include "client/engine/repair_table.h"

#include <utility>

#include "client/engine/codes.h"

namespace pawl::client {

const Repair* RepairEdits::Find(const identity::DeviceAddress& device) const {
  if (auto at = changed_.find(device); at != changed_.end()) {
    return at->second ? &*at->second : nullptr;
  }
  auto at = base_->find(device);
  return at == base_->end() ? nullptr : &at->second;
}

absl::Status RepairEdits::Save(store::Repairs& repairs) const {
  for (const auto& [device, repair] : changed_) {
    const std::string address = device.account.ToString();
    if (repair) {
      PAWL_TRY(repairs.Save({.address = address,
                             .device = device.device,
                             .reason = repair->reason,
                             .began_at = repair->began_at,
                             .attempts = repair->attempts,
                             .not_before = repair->not_before}));
    } else {
      PAWL_TRY(repairs.Erase(address, device.device));
    }
  }
  return OkStatus();
}

void RepairEdits::ApplyTo(RepairTable& table) && {
  for (auto& [device, repair] : changed_) {
    if (repair) {
      table[device] = *repair;
    } else {
      table.erase(device);
    }
  }
}

absl::StatusOr<RepairTable> LoadRepairs(store::Repairs& repairs) {
  RepairTable table;
  PAWL_ASSIGN(const auto rows, repairs.LoadAll());
  for (const store::RepairRow& row : rows) {
    PAWL_ASSIGN(auto account, FromStore(identity::Address::Parse(row.address)));
    table[{std::move(account), row.device}] = {.reason = row.reason,
                                               .began_at = row.began_at,
                                               .attempts = row.attempts,
                                               .not_before = row.not_before};
  }
  return table;
}

}  // namespace pawl::client
