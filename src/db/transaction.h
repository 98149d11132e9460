#ifndef PAWL_DB_TRANSACTION_H_
#define PAWL_DB_TRANSACTION_H_

#include "base/status.h"
#include "db/connection.h"

namespace pawl::db {

enum class TransactionKind {
  kWrite,  // takes the write lock at once: waits here, and never fails later for a lock
  kRead,   // one snapshot for several reads
};

// All statements on the connection from Begin to Commit, or none: destruction without Commit rolls
// back. The connection must outlive it. Thread-compatible.
class Transaction {
 public:
  // kWrongState inside another transaction; kStoreLocked when the lock does not come in time.
  static absl::StatusOr<Transaction> Begin(Connection& connection,
                                           TransactionKind kind = TransactionKind::kWrite);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // On return with ok everything is on the disk. After an error nothing of it is visible, and the
  // transaction is over; but when the disk failed in the middle (kIo), a later restart may find all
  // of it there, never a part: what must not happen twice needs its own key in the table.
  // kWrongState after an error of a statement has already rolled the transaction back.
  absl::Status Commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  void RollBack();

  Connection* connection_;  // null when over
};

}  // namespace pawl::db

#endif  // PAWL_DB_TRANSACTION_H_
