#include "relay/engine/sqlite/blob_io.h"

#include <algorithm>

#include "relay/engine/sqlite/blob_rows.h"

namespace pawl::relay::engine::sqlite {
namespace {

// The row of a blob that this owner uploads; one that does not exist when there is none.
absl::StatusOr<BlobRow> ReadOwnRow(db::Connection& db, const BlobOwner& owner, const BlobId& id) {
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(db, id));
  if (!row.exists) return row;
  PAWL_ASSIGN(const bool own, IsOwn(db, row, owner));
  return own ? row : BlobRow();
}

}  // namespace

absl::StatusOr<BlobAppended> Do(db::Connection& db, const BlobFiles& files, const AppendBlob& op) {
  BlobAppended result;
  PAWL_ASSIGN(const BlobRow row, ReadOwnRow(db, op.owner, op.id));
  result.held = row.committed ? row.size : files.SizeOf(op.id);
  const uint64_t room = row.size > op.offset ? row.size - op.offset : 0;
  if (!row.exists || op.offset > result.held || op.bytes.size() > room) {
    result.code = Code::kWrongState;
    return result;
  }
  if (op.offset + op.bytes.size() <= result.held) return result;  // a chunk sent again
  if (op.offset != result.held) {
    result.code = Code::kWrongState;
    return result;
  }
  PAWL_TRY(files.Append(op.id, op.offset, op.bytes));
  result.held = op.offset + op.bytes.size();
  return result;
}

absl::StatusOr<BlobRead> Do(db::Connection& db, const BlobFiles& files, const ReadBlob& op) {
  BlobRead result;
  PAWL_ASSIGN(const BlobRow row, ReadBlobRow(db, op.id));
  if (!row.exists || !row.committed || row.expires <= op.now) {
    result.code = Code::kNotFound;
    return result;
  }
  result.offset = op.offset;
  result.total = row.size;
  if (op.offset > row.size) {
    result.code = Code::kInvalidArgument;
    return result;
  }
  const size_t want = std::min<uint64_t>(op.max, row.size - op.offset);
  PAWL_ASSIGN(result.bytes, files.Read(op.id, op.offset, want));
  if (result.bytes.size() != want) result.code = Code::kCorrupt;
  return result;
}

absl::StatusOr<BlobCommitted> Sync(db::Connection& db, const BlobFiles& files,
                                   const CommitBlob& op) {
  BlobCommitted result;
  PAWL_ASSIGN(const BlobRow row, ReadOwnRow(db, op.owner, op.id));
  if (!row.exists) {
    result.code = Code::kNotFound;
    return result;
  }
  if (!row.committed) {
    if (files.SizeOf(op.id) != row.size) {
      result.code = Code::kWrongState;
      return result;
    }
    if (const absl::Status synced = files.Sync(op.id); !synced.ok()) {
      // After a failed fsync the kernel may call pages clean that never reached the disk, and the
      // next one succeeds. Only bytes that are sent again can be trusted.
      files.Remove(op.id);
      return synced;
    }
  }
  result.size = row.size;
  return result;
}

}  // namespace pawl::relay::engine::sqlite
