#include "relay/engine/sqlite/blob_rows.h"

#include <algorithm>

#include "relay/engine/sqlite/lookup.h"

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
  PAWL_ASSIGN(auto insert, db.Prepare("INSERT INTO blob(id, account, size, expires) "
                                      "VALUES(?, ?, ?, ?)"));
  return insert.BindAll(ByteView(*op.id), account, static_cast<int64_t>(op.size), op.expires.ms)
      .Run();
}

}  // namespace

absl::StatusOr<BlobRow> ReadBlobRow(db::Connection& db, const BlobId& id) {
  BlobRow blob;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT account, size, committed, expires FROM blob WHERE id = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(ByteView(*id)).Step());
  if (!row) return blob;
  blob.account = select.Int(0);
  blob.size = static_cast<uint64_t>(select.Int(1));
  blob.committed = select.Int(2) != 0;
  blob.expires = Timestamp{select.Int(3)};
  return blob;
}

absl::Status RemoveBlobRow(WriteContext& context, const BlobId& id, const BlobRow& row) {
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM blob WHERE id = ?"));
  PAWL_TRY(remove.BindAll(ByteView(*id)).Run());
  PAWL_TRY(AddBlobBytes(context.db, row.account, -ChargeFor(row.size)));
  context.removed_blobs.push_back(id);
  return OkStatus();
}

absl::StatusOr<BlobBegun> Do(WriteContext& context, const BlobFiles& files, const BeginBlob& op) {
  BlobBegun result;
  const auto answer = [&](Code code) {
    result.code = code;
    return result;
  };
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (account == 0) return answer(Code::kNotFound);
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, op.id));
  if (row.account != 0) {
    if (row.account != account || row.size != op.size) return answer(Code::kAlreadyExists);
    result.offset = row.committed ? row.size : files.SizeOf(op.id);
    return result;
  }
  PAWL_ASSIGN(const int64_t used, BlobBytesOf(context.db, account));
  if (op.size > context.quotas.blob_bytes ||
      static_cast<uint64_t>(used + ChargeFor(op.size)) > context.quotas.blob_bytes) {
    return answer(Code::kQuotaExceeded);
  }
  PAWL_ASSIGN(const int64_t open, OpenUploadsOf(context.db, account));
  if (open >= int64_t{context.quotas.open_uploads}) return answer(Code::kRateLimited);
  files.Remove(
      op.id);  // a crash after the end of an earlier blob of this id may have left its bytes
  PAWL_TRY(InsertRow(context.db, account, op));
  PAWL_TRY(AddBlobBytes(context.db, account, ChargeFor(op.size)));
  return result;
}

absl::StatusOr<BlobCommitted> Do(WriteContext& context, const CommitBlob& op) {
  BlobCommitted result;
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, op.id));
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (row.account == 0 || row.account != account) {
    result.code = Code::kNotFound;
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
  if (row.account == 0) return result;
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (row.account != account) {
    result.code = Code::kNotFound;
    return result;
  }
  PAWL_TRY(RemoveBlobRow(context, op.id, row));
  return result;
}

}  // namespace pawl::relay::engine::sqlite
