#include "store/batch.h"

namespace pawl::store {

absl::Status Batch::Note(absl::Status status) {
  const Code code = CodeOf(status);
  const bool fatal = code == Code::kDiskFull || code == Code::kIo || code == Code::kCorrupt ||
                     code == Code::kOutOfMemory;
  if (fatal && failure_.ok()) failure_ = status;
  return status;
}

// SQLite may have rolled back and be out of the transaction: a change now would be committed by
// itself.
absl::StatusOr<db::Statement> Batch::Prepare(Literal sql) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<db::Statement> statement = db_->Prepare(sql);
  if (!statement.ok()) return Note(statement.status());
  return statement;
}

absl::StatusOr<bool> Batch::Step(db::Statement& statement) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<bool> row = statement.Step();
  if (!row.ok()) return Note(row.status());
  return row;
}

absl::StatusOr<int64_t> Batch::Change(db::Statement& statement) {
  if (!failure_.ok()) return failure_;
  PAWL_TRY(Note(statement.Run()));
  const int64_t rows = db_->Changes();
  if (rows > 0) changed_ = true;
  return rows;
}

absl::Status Batch::ChangeOr(db::Statement& statement, Code code, Literal message) {
  PAWL_ASSIGN(const int64_t rows, Change(statement));
  return rows > 0 ? OkStatus() : Fail(code, message);
}

void Batch::Start() {
  changed_ = false;
  failure_ = OkStatus();
}

}  // namespace pawl::store
