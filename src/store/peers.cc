#include "store/peers.h"

#include "store/rows.h"

#define PAWL_PEER_COLUMNS                                                                 \
  "address, account_key, list_version, list_hash, list_checked_at, state, state_version," \
  " delivery_key, display_name, verified, pending_key, created_at, device_list, pending_list"

namespace pawl::store {
namespace {

void ReadPeer(Columns& in, PeerRow& row) {
  in.ReadAll(row.address, row.account_key, row.list_version, row.list_hash, row.list_checked_at);
  in.ReadEnum(row.state, ContactState::kNone, ContactState::kBlocked);
  in.ReadAll(row.state_version, row.delivery_key, row.display_name, row.verified, row.pending_key,
             row.created_at, row.device_list, row.pending_list);
}

}  // namespace

absl::StatusOr<std::optional<PeerRow>> Peers::Find(std::string_view address) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_PEER_COLUMNS " FROM peer WHERE address = ?"));
  BindValues(query, address);
  return FirstRow<PeerRow>(batch(), query, ReadPeer);
}

absl::StatusOr<std::vector<PeerRow>> Peers::LoadAll() {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT " PAWL_PEER_COLUMNS " FROM peer ORDER BY address"));
  return CollectRows<PeerRow>(batch(), query, ReadPeer);
}

absl::StatusOr<std::vector<ContactRow>> Peers::Contacts(std::string_view after, size_t limit) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT address, display_name, verified, pending_key IS NOT NULL,"
                              " state FROM peer WHERE address > ? ORDER BY address LIMIT ?"));
  BindValues(query, after, RowLimit(limit));
  return CollectRows<ContactRow>(batch(), query, [](Columns& in, ContactRow& row) {
    in.ReadAll(row.address, row.display_name, row.verified, row.identity_changed);
    in.ReadEnum(row.state, ContactState::kNone, ContactState::kBlocked);
  });
}

absl::Status Peers::Save(const PeerRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT OR REPLACE INTO peer (" PAWL_PEER_COLUMNS
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  BindValues(change, row.address, row.account_key, row.list_version, row.list_hash,
             row.list_checked_at, row.state, row.state_version, row.delivery_key, row.display_name,
             row.verified, row.pending_key, row.created_at, row.device_list, row.pending_list);
  return batch().Change(change).status();
}

absl::Status Peers::Erase(std::string_view address) {
  // A session takes its skipped keys along (ON DELETE CASCADE).
  PAWL_ASSIGN(db::Statement sessions, batch().Prepare("DELETE FROM session WHERE address = ?"));
  BindValues(sessions, address);
  PAWL_TRY(batch().Change(sessions).status());
  PAWL_ASSIGN(db::Statement devices, batch().Prepare("DELETE FROM peer_device WHERE address = ?"));
  BindValues(devices, address);
  PAWL_TRY(batch().Change(devices).status());
  PAWL_ASSIGN(db::Statement peer, batch().Prepare("DELETE FROM peer WHERE address = ?"));
  BindValues(peer, address);
  return batch().Change(peer).status();
}

}  // namespace pawl::store
