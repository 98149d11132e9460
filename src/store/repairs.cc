#include "store/repairs.h"

#include "store/rows.h"

namespace pawl::store {

absl::StatusOr<std::vector<RepairRow>> Repairs::LoadAll() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT address, device, reason, began_at, attempts, not_before"
                              " FROM repair ORDER BY address, device"));
  return CollectRows<RepairRow>(batch(), query, [](Columns& in, RepairRow& row) {
    in.ReadAll(row.address, row.device, row.reason, row.began_at, row.attempts, row.not_before);
  });
}

absl::Status Repairs::Save(const RepairRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO repair (address, device, reason, began_at,"
                              " attempts, not_before) VALUES (?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.address, row.device, row.reason, row.began_at, row.attempts,
             row.not_before);
  return batch().Change(change).status();
}

absl::Status Repairs::Erase(std::string_view address, DeviceId device) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM repair WHERE address = ? AND device = ?"));
  BindValues(change, address, device);
  return batch().Change(change).status();
}

}  // namespace pawl::store
