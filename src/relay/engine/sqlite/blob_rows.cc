#include "relay/engine/sqlite/blob_rows.h"

#include <algorithm>

#include "relay/engine/sqlite/lookup.h"
#include "relay/engine/sqlite/tokens.h"

namespace pawl::relay::engine::sqlite {
namespace {

absl::StatusOr<int64_t> BlobBytesOf(db::Connection& db, int64_t account) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT blob_bytes FROM account WHERE id = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(account).Step());
  return row ? select.Int(0) : 0;
}

absl::Status AddBlobBytes(db::Connection& db, int64_t account, int64_t bytes) {
  PAWL_ASSIGN(auto update,
              db.Prepare("UPDATE account SET blob_bytes = blob_bytes + ?2 WHERE id = ?1"));
  return update.BindAll(account, bytes).Run();
}

int64_t ChargeFor(uint64_t size) { return static_cast<int64_t>(std::max(size, kLeastBlobCharge)); }

absl::StatusOr<int64_t> OpenUploadsOf(db::Connection& db, int64_t account) {
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT count(*) FROM blob WHERE account = ? AND committed = 0"));
  PAWL_ASSIGN(const bool row, select.BindAll(account).Step());
  return row ? select.Int(0) : 0;
}

absl::Status InsertRow(db::Connection& db, int64_t account, const BeginBlob& op) {
  PAWL_ASSIGN(auto insert, db.Prepare("INSERT INTO blob(id, account, size, expires, latest, owner) "
                                      "VALUES(?, ?, ?, ?, ?, ?)"));
  insert.BindAll(ByteView(*op.id), account, static_cast<int64_t>(op.size), op.expires.ms,
                 op.latest.ms);
  if (op.owner.hash) {
    insert.Bind(6, ByteView(*op.owner.hash));
  } else {
    insert.Bind(6, std::nullopt);
  }
  return insert.Run();
}

// Out of the quota of the account that uploads it.
absl::StatusOr<Code> Charge(WriteContext& context, int64_t account, const BeginBlob& op) {
  PAWL_ASSIGN(const int64_t used, BlobBytesOf(context.db, account));
  if (op.size > context.quotas.blob_bytes ||
      static_cast<uint64_t>(used + ChargeFor(op.size)) > context.quotas.blob_bytes) {
    return Code::kQuotaExceeded;
  }
  PAWL_ASSIGN(const int64_t open, OpenUploadsOf(context.db, account));
  if (open >= int64_t{context.quotas.open_uploads}) return Code::kRateLimited;
  PAWL_TRY(AddBlobBytes(context.db, account, ChargeFor(op.size)));
  return Code::kOk;
}

// By tokens, from nobody.
absl::StatusOr<Code> Redeem(WriteContext& context, const BeginBlob& op) {
  if (op.unpaid != Code::kOk) return op.unpaid;
  if (op.size > context.quotas.blob_bytes) return Code::kQuotaExceeded;
  return TakeTokens(context, op.tokens);
}

// Whoever goes on with what he paid for need not pay again because it took long.
absl::Status Prolong(WriteContext& context, const BeginBlob& op) {
  PAWL_ASSIGN(auto update, context.db.Prepare("UPDATE blob SET expires = "
                                              "max(expires, min(?2, latest)) WHERE id = ?1"));
  return update.BindAll(ByteView(*op.id), op.expires.ms).Run();
}

// Of an upload: what a restart in the same batch removes is gone.
uint64_t HeldOf(const WriteContext& context, const BlobFiles& files, const BlobId& id) {
  const auto& removed = context.removed_blobs;
  return std::find(removed.begin(), removed.end(), id) == removed.end() ? files.SizeOf(id) : 0;
}

}  // namespace

absl::StatusOr<BlobRow> ReadBlobRow(db::Connection& db, const BlobId& id) {
  BlobRow blob;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT account, size, committed, expires, owner FROM blob WHERE id = ?"));
  PAWL_ASSIGN(blob.exists, select.BindAll(ByteView(*id)).Step());
  if (!blob.exists) return blob;
  blob.account = select.Int(0);
  blob.size = static_cast<uint64_t>(select.Int(1));
  blob.committed = select.Int(2) != 0;
  blob.expires = Timestamp{select.Int(3)};
  if (!select.IsNull(4)) {
    PAWL_ASSIGN(blob.owner, select.Array<32>(4));
  }
  return blob;
}

absl::StatusOr<bool> IsOwn(db::Connection& db, const BlobRow& row, const BlobOwner& owner) {
  if (owner.hash) return row.owner == owner.hash;
  if (row.owner) return false;
  PAWL_ASSIGN(const int64_t account, AccountOf(db, owner.mailbox));
  return account != 0 && row.account == account;
}

absl::Status RemoveBlobRow(WriteContext& context, const BlobId& id, const BlobRow& row) {
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM blob WHERE id = ?"));
  PAWL_TRY(remove.BindAll(ByteView(*id)).Run());
  if (row.account != 0) PAWL_TRY(AddBlobBytes(context.db, row.account, -ChargeFor(row.size)));
  context.removed_blobs.push_back(id);
  return OkStatus();
}

absl::StatusOr<BlobBegun> Do(WriteContext& context, const BlobFiles& files, const BeginBlob& op) {
  BlobBegun result;
  const auto answer = [&](Code code) {
    result.code = code;
    return result;
  };
  int64_t account = 0;
  if (!op.owner.hash) {
    PAWL_ASSIGN(account, AccountOf(context.db, op.owner.mailbox));
    if (account == 0) return answer(Code::kNotFound);
  }
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, op.id));
  if (row.exists) {
    PAWL_ASSIGN(const bool own, IsOwn(context.db, row, op.owner));
    if (!own || row.size != op.size) return answer(Code::kAlreadyExists);
    if (op.owner.hash && !row.committed) PAWL_TRY(Prolong(context, op));
    result.offset = row.committed ? row.size : HeldOf(context, files, op.id);
    return result;
  }
  PAWL_ASSIGN(const Code paid, op.owner.hash ? Redeem(context, op) : Charge(context, account, op));
  if (paid != Code::kOk) return answer(paid);
  files.Remove(
      op.id);  // a crash after the end of an earlier blob of this id may have left its bytes
  PAWL_TRY(InsertRow(context.db, account, op));
  return result;
}

absl::StatusOr<BlobCommitted> Do(WriteContext& context, const BlobFiles& files,
                                 const CommitBlob& op) {
  BlobCommitted result;
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, op.id));
  PAWL_ASSIGN(const bool own, IsOwn(context.db, row, op.owner));
  if (!row.exists || !own) {
    result.code = Code::kNotFound;
    return result;
  }
  // It may have been restarted since it was synced.
  if (!row.committed && HeldOf(context, files, op.id) != row.size) {
    result.code = Code::kWrongState;
    return result;
  }
  PAWL_ASSIGN(auto update, context.db.Prepare("UPDATE blob SET committed = 1, "
                                              "expires = max(expires, ?2) WHERE id = ?1"));
  if (!row.committed) PAWL_TRY(update.BindAll(ByteView(*op.id), op.expires.ms).Run());
  result.size = row.size;
  return result;
}

absl::StatusOr<BlobDeleted> Do(WriteContext& context, const DeleteBlob& op) {
  BlobDeleted result;
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, op.id));
  if (!row.exists) return result;
  PAWL_ASSIGN(const bool own, IsOwn(context.db, row, op.owner));
  if (!own) {
    result.code = Code::kNotFound;
    return result;
  }
  if (!op.restart) {
    PAWL_TRY(RemoveBlobRow(context, op.id, row));
    return result;
  }
  // Committed again it would be kept for another time that nobody paid for.
  if (row.committed) {
    result.code = Code::kWrongState;
    return result;
  }
  // Its bytes go after the commit; the row stays, so that it need not be paid for again.
  context.removed_blobs.push_back(op.id);
  return result;
}

}  // namespace pawl::relay::engine::sqlite
