#include "relay/engine/sqlite/accounts.h"

#include "crypto/hash.h"
#include "relay/engine/sqlite/device_rows.h"
#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

constexpr uint32_t kFirstVersion = 1;

struct AccountRow {
  int64_t id = 0;  // 0: there is none
  uint32_t list_version = 0;
  ByteArray<32> list_hash{};
  ByteArray<32> account_key{};
};

absl::StatusOr<AccountRow> ReadAccount(db::Connection& db, std::string_view name) {
  AccountRow account;
  PAWL_ASSIGN(auto select, db.Prepare("SELECT id, list_version, list_hash, account_key "
                                      "FROM account WHERE name = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(name).Step());
  if (!row) return account;
  account.id = select.Int(0);
  account.list_version = static_cast<uint32_t>(select.Int(1));
  PAWL_ASSIGN(account.list_hash, select.Array<32>(2));
  PAWL_ASSIGN(account.account_key, select.Array<32>(3));
  return account;
}

// Whether `list` may follow the stored one.
Code JudgeSuccessor(const AccountRow& account, const ListRecord& list) {
  if (list.version < account.list_version) return Code::kDeviceListRolledBack;
  if (list.version != account.list_version + 1 || list.previous != account.list_hash) {
    return Code::kDeviceListForked;
  }
  return Code::kOk;
}

bool IsStored(const AccountRow& account, const ListRecord& list) {
  return list.version == account.list_version && list.hash == account.list_hash;
}

absl::Status StoreSuccessor(WriteContext& context, const AccountRow& account,
                            const ListRecord& list, std::vector<MailboxRef>* removed) {
  PAWL_ASSIGN(auto update, context.db.Prepare("UPDATE account SET list_version = ?2, "
                                              "list_hash = ?3, list = ?4 WHERE id = ?1"));
  PAWL_TRY(
      update.BindAll(account.id, int64_t{list.version}, ByteView(list.hash), ByteView(list.record))
          .Run());
  return MatchDevices(context, account.id, list.devices, removed);
}

absl::StatusOr<int64_t> InsertAccount(WriteContext& context, const ListRecord& list) {
  PAWL_ASSIGN(auto insert, context.db.Prepare("INSERT INTO account(name, account_key, "
                                              "list_version, list_hash, list) "
                                              "VALUES(?, ?, ?, ?, ?)"));
  PAWL_TRY(insert
               .BindAll(list.account, ByteView(list.account_key), int64_t{list.version},
                        ByteView(list.hash), ByteView(list.record))
               .Run());
  return context.db.LastInsertRowid();
}

absl::StatusOr<bool> TakeInvitation(WriteContext& context, const RegisterAccount& op) {
  if (!op.invitation_required) return true;
  if (!op.invitation_hash) return false;
  PAWL_ASSIGN(auto take, context.db.Prepare("DELETE FROM invitation WHERE hash = ? "
                                            "AND expires > ?"));
  PAWL_TRY(take.BindAll(ByteView(*op.invitation_hash), op.now.ms).Run());
  return context.db.Changes() == 1;
}

// Of a name and an account key that an administrator removed: no more than is needed to know them
// again.
crypto::Hash32 RemovedHash(std::string_view name, const ByteArray<32>& account_key) {
  return crypto::Blake2b256(
      {AsBytes("pawl relay removed account v1"), ByteView(account_key), AsBytes(name)});
}

absl::StatusOr<bool> WasRemoved(db::Connection& db, const ListRecord& list) {
  const crypto::Hash32 hash = RemovedHash(list.account, list.account_key);
  PAWL_ASSIGN(auto select, db.Prepare("SELECT 1 FROM removed_account WHERE hash = ?"));
  return select.BindAll(ByteView(hash)).Step();
}

absl::Status RememberRemoved(WriteContext& context, std::string_view name,
                             const std::vector<MailboxRef>& mailboxes) {
  PAWL_ASSIGN(const AccountRow account, ReadAccount(context.db, name));
  const crypto::Hash32 hash = RemovedHash(name, account.account_key);
  PAWL_ASSIGN(auto insert,
              context.db.Prepare("INSERT OR IGNORE INTO removed_account(hash) VALUES(?)"));
  PAWL_TRY(insert.BindAll(ByteView(hash)).Run());
  PAWL_ASSIGN(auto announce,
              context.db.Prepare("INSERT OR IGNORE INTO removed_mailbox(mbox) VALUES(?)"));
  for (const MailboxRef mailbox : mailboxes) PAWL_TRY(announce.BindAll(*mailbox).Run());
  return OkStatus();
}

absl::StatusOr<ListPut> RegisterNew(WriteContext& context, const RegisterAccount& op) {
  ListPut result;
  PAWL_ASSIGN(const bool was_removed, WasRemoved(context.db, op.list));
  if (was_removed) {
    result.code = Code::kNameTaken;
    return result;
  }
  if (op.list.version != kFirstVersion) {
    result.code = Code::kDeviceListForked;
    return result;
  }
  PAWL_ASSIGN(const bool invited, TakeInvitation(context, op));
  if (!invited) {
    result.code = Code::kInvitationRequired;
    return result;
  }
  PAWL_ASSIGN(const int64_t account, InsertAccount(context, op.list));
  PAWL_TRY(MatchDevices(context, account, op.list.devices, &result.removed));
  PAWL_TRY(StoreEpoch(context, account, op.epoch));
  result.version = op.list.version;
  return result;
}

// An imported account key brings back its account: the next list, and the epoch of the device it
// adds.
absl::StatusOr<ListPut> RegisterAgain(WriteContext& context, const AccountRow& account,
                                      const RegisterAccount& op) {
  ListPut result;
  result.version = account.list_version;
  if (IsStored(account, op.list)) return result;
  result.code = JudgeSuccessor(account, op.list);
  if (result.code != Code::kOk) return result;
  PAWL_ASSIGN(const DeviceEpoch stored, EpochOf(context.db, account.id, op.epoch.device));
  if (op.epoch.epoch <= stored) {
    result.code = Code::kWrongState;
    return result;
  }
  PAWL_TRY(StoreSuccessor(context, account, op.list, &result.removed));
  PAWL_TRY(StoreEpoch(context, account.id, op.epoch));
  result.version = op.list.version;
  return result;
}

absl::Status RemoveBlobs(WriteContext& context, int64_t account) {
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM blob WHERE account = ? RETURNING id"));
  remove.BindAll(account);
  while (true) {
    PAWL_ASSIGN(const bool row, remove.Step());
    if (!row) return OkStatus();
    PAWL_ASSIGN(const ByteArray<32> id, remove.Array<32>(0));
    context.removed_blobs.emplace_back(id);
  }
}

}  // namespace

absl::StatusOr<GotList> Do(db::Connection& db, const GetList& op) {
  GotList result;
  PAWL_ASSIGN(auto select, db.Prepare("SELECT list FROM account WHERE name = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(op.account).Step());
  if (row) {
    result.record = ToBytes(select.Blob(0));
  } else {
    result.code = Code::kNotFound;
  }
  return result;
}

absl::StatusOr<ListPut> Do(WriteContext& context, const RegisterAccount& op) {
  PAWL_ASSIGN(const AccountRow account, ReadAccount(context.db, op.list.account));
  if (account.id == 0) return RegisterNew(context, op);
  if (account.account_key != op.list.account_key) {
    ListPut result;
    result.code = Code::kNameTaken;
    return result;
  }
  return RegisterAgain(context, account, op);
}

absl::StatusOr<ListPut> Do(WriteContext& context, const PutList& op) {
  ListPut result;
  PAWL_ASSIGN(const AccountRow account, ReadAccount(context.db, op.list.account));
  result.version = account.list_version;
  if (account.id == 0) {
    result.code = Code::kNotFound;
  } else if (account.account_key != op.list.account_key) {
    result.code = Code::kIdentityChanged;
  } else if (!IsStored(account, op.list)) {
    result.code = JudgeSuccessor(account, op.list);
    if (result.code != Code::kOk) return result;
    PAWL_TRY(StoreSuccessor(context, account, op.list, &result.removed));
    result.version = op.list.version;
  }
  return result;
}

absl::StatusOr<Done> Do(WriteContext& context, const PutDeliveryKey& op) {
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (account == 0) return Done{Code::kNotFound};
  // The key in force again changes nothing, so that a retry does not push the old one out.
  PAWL_ASSIGN(auto update, context.db.Prepare("UPDATE account SET old_delivery_key = delivery_key, "
                                              "old_delivery_key_until = ?3, delivery_key = ?2 "
                                              "WHERE id = ?1 AND delivery_key IS NOT ?2"));
  const Timestamp until = op.now + kOldDeliveryKeyLife;
  PAWL_TRY(update.BindAll(account, ByteView(op.key), until.ms).Run());
  return Done();
}

absl::StatusOr<Done> Do(WriteContext& context, const PutInvitation& op) {
  PAWL_ASSIGN(auto insert, context.db.Prepare("INSERT OR REPLACE INTO invitation(hash, expires) "
                                              "VALUES(?, ?)"));
  PAWL_TRY(insert.BindAll(ByteView(op.hash), op.expires.ms).Run());
  return Done();
}

absl::StatusOr<AccountRemoved> Do(WriteContext& context, const RemoveAccount& op) {
  AccountRemoved result;
  PAWL_ASSIGN(const int64_t account, FindAccount(context.db, op.account));
  if (account == 0) {
    result.code = Code::kNotFound;
    return result;
  }
  PAWL_TRY(MatchDevices(context, account, {}, &result.removed));
  PAWL_TRY(RemoveBlobs(context, account));
  PAWL_TRY(RememberRemoved(context, op.account, result.removed));
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM account WHERE id = ?"));
  PAWL_TRY(remove.BindAll(account).Run());
  return result;
}

absl::StatusOr<Removals> Do(WriteContext& context, const TakeRemovals&) {
  Removals result;
  PAWL_ASSIGN(auto take, context.db.Prepare("DELETE FROM removed_mailbox RETURNING mbox"));
  while (true) {
    PAWL_ASSIGN(const bool row, take.Step());
    if (!row) return result;
    result.mailboxes.emplace_back(take.Int(0));
  }
}

}  // namespace pawl::relay::engine::sqlite
