#include "store/peer_devices.h"

#include "store/rows.h"
#include "store/suites.h"

#define PAWL_DEVICE_COLUMNS \
  "address, device, signing_key, epoch, bundle_fetched_at, suites, epoch_record, bundle"

namespace pawl::store {
namespace {

void ReadDevice(Columns& in, PeerDeviceRow& row) {
  Bytes suites;
  in.ReadAll(row.address, row.device, row.signing_key, row.epoch, row.bundle_fetched_at, suites,
             row.epoch_record, row.bundle);
  in.Accept(DecodeSuites(suites), row.suites);
}

}  // namespace

absl::StatusOr<std::optional<PeerDeviceRow>> PeerDevices::Find(std::string_view address,
                                                               DeviceId device) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_DEVICE_COLUMNS
                              " FROM peer_device WHERE address = ? AND device = ?"));
  BindValues(query, address, device);
  return FirstRow<PeerDeviceRow>(batch(), query, ReadDevice);
}

absl::StatusOr<std::vector<PeerDeviceRow>> PeerDevices::LoadOf(std::string_view address) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_DEVICE_COLUMNS
                              " FROM peer_device WHERE address = ? ORDER BY device"));
  BindValues(query, address);
  return CollectRows<PeerDeviceRow>(batch(), query, ReadDevice);
}

absl::StatusOr<std::vector<PeerDeviceRow>> PeerDevices::LoadAll() {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT " PAWL_DEVICE_COLUMNS
                                                   " FROM peer_device ORDER BY address, device"));
  return CollectRows<PeerDeviceRow>(batch(), query, ReadDevice);
}

absl::Status PeerDevices::Save(const PeerDeviceRow& row) {
  PAWL_ASSIGN(const Bytes suites, EncodeSuites(row.suites));
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO peer_device (" PAWL_DEVICE_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.address, row.device, row.signing_key, row.epoch, row.bundle_fetched_at,
             suites, row.epoch_record, row.bundle);
  return batch().Change(change).status();
}

absl::Status PeerDevices::Erase(std::string_view address, DeviceId device) {
  // A session takes its skipped keys along (ON DELETE CASCADE).
  PAWL_ASSIGN(db::Statement sessions,
              batch().Prepare("DELETE FROM session WHERE address = ? AND device = ?"));
  BindValues(sessions, address, device);
  PAWL_TRY(batch().Change(sessions).status());
  PAWL_ASSIGN(db::Statement row,
              batch().Prepare("DELETE FROM peer_device WHERE address = ? AND device = ?"));
  BindValues(row, address, device);
  return batch().Change(row).status();
}

}  // namespace pawl::store
