#include "relay/engine/sqlite/device_rows.h"

#include <algorithm>

#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

struct MailboxRow {
  MailboxRef mailbox;
  DeviceRow device;
};

absl::StatusOr<std::vector<MailboxRow>> ReadMailboxes(db::Connection& db, int64_t account) {
  std::vector<MailboxRow> rows;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT mbox, device, signing_key FROM mailbox WHERE account = ?"));
  select.BindAll(account);
  while (true) {
    PAWL_ASSIGN(const bool row, select.Step());
    if (!row) return rows;
    PAWL_ASSIGN(const ByteArray<32> key, select.Array<32>(2));
    rows.push_back(
        {MailboxRef(select.Int(0)), {DeviceId(static_cast<uint32_t>(select.Int(1))), key}});
  }
}

absl::Status RunFor(db::Connection& db, MailboxRef mailbox, Literal sql) {
  PAWL_ASSIGN(auto statement, db.Prepare(sql));
  return statement.BindAll(*mailbox).Run();
}

absl::Status RemoveMailbox(WriteContext& context, MailboxRef mailbox) {
  context.counters.Forget(mailbox);
  PAWL_TRY(RunFor(context.db, mailbox, "DELETE FROM envelope WHERE mbox = ?"));
  PAWL_TRY(RunFor(context.db, mailbox, "DELETE FROM seen WHERE mbox = ?"));
  PAWL_TRY(RunFor(context.db, mailbox, "DELETE FROM one_time WHERE mbox = ?"));
  PAWL_TRY(RunFor(context.db, mailbox, "DELETE FROM device_keys WHERE mbox = ?"));
  return RunFor(context.db, mailbox, "DELETE FROM mailbox WHERE mbox = ?");
}

absl::Status AddMailbox(WriteContext& context, int64_t account, const DeviceRow& device) {
  PAWL_ASSIGN(auto insert, context.db.Prepare("INSERT INTO mailbox(account, device, signing_key) "
                                              "VALUES(?, ?, ?)"));
  PAWL_TRY(insert.BindAll(account, int64_t{*device.id}, ByteView(device.signing_key)).Run());
  PAWL_ASSIGN(auto keys, context.db.Prepare("INSERT INTO device_keys(mbox) VALUES(?)"));
  return keys.BindAll(context.db.LastInsertRowid()).Run();
}

bool IsSame(const DeviceRow& a, const DeviceRow& b) {
  return a.id == b.id && a.signing_key == b.signing_key;
}

}  // namespace

absl::Status MatchDevices(WriteContext& context, int64_t account,
                          const std::vector<DeviceRow>& devices, std::vector<MailboxRef>* removed) {
  PAWL_ASSIGN(const std::vector<MailboxRow> stored, ReadMailboxes(context.db, account));
  for (const MailboxRow& row : stored) {
    const bool stays = std::any_of(devices.begin(), devices.end(), [&](const DeviceRow& device) {
      return IsSame(device, row.device);
    });
    if (stays) continue;
    PAWL_TRY(RemoveMailbox(context, row.mailbox));
    removed->push_back(row.mailbox);
  }
  for (const DeviceRow& device : devices) {
    const bool is_there = std::any_of(stored.begin(), stored.end(), [&](const MailboxRow& row) {
      return IsSame(device, row.device);
    });
    if (!is_there) PAWL_TRY(AddMailbox(context, account, device));
  }
  return OkStatus();
}

absl::StatusOr<DeviceEpoch> EpochOf(db::Connection& db, int64_t account, DeviceId device) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT k.epoch FROM mailbox m JOIN device_keys k "
                                      "ON k.mbox = m.mbox WHERE m.account = ? AND m.device = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(account, int64_t{*device}).Step());
  return DeviceEpoch(row ? static_cast<uint32_t>(select.Int(0)) : 0);
}

absl::Status StoreEpoch(WriteContext& context, int64_t account, const EpochRow& epoch) {
  PAWL_ASSIGN(const MailboxRef mailbox, FindMailbox(context.db, account, epoch.device));
  if (*mailbox == 0) return Fail(Code::kCorrupt, "epoch of a device without a mailbox");
  return StoreEpoch(context, mailbox, epoch);
}

absl::Status StoreEpoch(WriteContext& context, MailboxRef mailbox, const EpochRow& epoch) {
  PAWL_ASSIGN(auto update, context.db.Prepare("UPDATE device_keys SET epoch = ?2, "
                                              "epoch_record = ?3, bundle = NULL WHERE mbox = ?1"));
  PAWL_TRY(update.BindAll(*mailbox, int64_t{*epoch.epoch}, ByteView(epoch.record)).Run());
  return RunFor(context.db, mailbox, "DELETE FROM one_time WHERE mbox = ?");
}

}  // namespace pawl::relay::engine::sqlite
