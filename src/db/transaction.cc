#include "db/transaction.h"

#include <utility>

#include "base/kill_point.h"

namespace pawl::db {

absl::StatusOr<Transaction> Transaction::Begin(Connection& connection, TransactionKind kind) {
  if (connection.InTransaction()) return Fail(Code::kWrongState, "inside another transaction");
  const bool write = kind == TransactionKind::kWrite;
  PAWL_ASSIGN(Statement begin,
              write ? connection.Prepare("BEGIN IMMEDIATE") : connection.Prepare("BEGIN"));
  PAWL_TRY(begin.Run());
  return Transaction(&connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() { RollBack(); }

absl::Status Transaction::Commit() {
  if (connection_ == nullptr || !connection_->InTransaction()) {
    connection_ = nullptr;
    return Fail(Code::kWrongState, "the transaction is over");
  }
  PAWL_KILL_POINT("db.before_commit");
  absl::StatusOr<Statement> commit = connection_->Prepare("COMMIT");
  const absl::Status status = commit.ok() ? commit->Run() : commit.status();
  if (!status.ok()) {
    RollBack();
    return status;
  }
  connection_ = nullptr;
  PAWL_KILL_POINT("db.after_commit");
  return OkStatus();
}

// SQLite may have rolled back by itself (disk full, I/O error); a second ROLLBACK would be an
// error.
void Transaction::RollBack() {
  Connection* const connection = std::exchange(connection_, nullptr);
  if (connection == nullptr || !connection->InTransaction()) return;
  absl::StatusOr<Statement> rollback = connection->Prepare("ROLLBACK");
  if (rollback.ok()) rollback->Run().IgnoreError();
}

}  // namespace pawl::db
