#include "store/account.h"

#include "store/rows.h"

namespace pawl::store {

absl::StatusOr<std::optional<AccountRow>> Account::Load() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT address, device, epoch, account_seed, device_seed,"
                              " identity_key, device_list, epoch_record, delivery_key,"
                              " previous_delivery_key, previous_delivery_key_until, relay_url,"
                              " registered FROM account"));
  return FirstRow<AccountRow>(batch(), query, [](Columns& in, AccountRow& row) {
    in.ReadAll(row.address, row.device, row.epoch, row.account_seed, row.device_seed,
               row.identity_key, row.device_list, row.epoch_record, row.delivery_key,
               row.previous_delivery_key, row.previous_delivery_key_until, row.relay_url,
               row.registered);
  });
}

absl::Status Account::Save(const AccountRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO account (one, address, device, epoch,"
                              " account_seed, device_seed, identity_key, device_list,"
                              " epoch_record, delivery_key, previous_delivery_key,"
                              " previous_delivery_key_until, relay_url, registered)"
                              " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.address, row.device, row.epoch, row.account_seed, row.device_seed,
             row.identity_key, row.device_list, row.epoch_record, row.delivery_key,
             row.previous_delivery_key, row.previous_delivery_key_until, row.relay_url,
             row.registered);
  return batch().Change(change).status();
}

}  // namespace pawl::store
