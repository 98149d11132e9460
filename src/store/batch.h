#ifndef PAWL_STORE_BATCH_H_
#define PAWL_STORE_BATCH_H_

#include <cstdint>

#include "base/status.h"
#include "db/connection.h"
#include "db/statement.h"

namespace pawl::store {

// The connection of the gateways, and what its running transaction has come to: whether it changed
// anything, and the first error after which it must not go on (a full or failing disk, a damaged
// file, no memory: SQLite may have rolled back already). From that error on every call returns it.
class Batch {
 public:
  explicit Batch(db::Connection* db) : db_(db) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  absl::StatusOr<db::Statement> Prepare(Literal sql);
  // The next row of a query, or of a change with RETURNING.
  absl::StatusOr<bool> Step(db::Statement& statement);
  // A change; returns how many rows it touched.
  absl::StatusOr<int64_t> Change(db::Statement& statement);
  // A change; with no row touched, `code` and `message`.
  absl::Status ChangeOr(db::Statement& statement, Code code, Literal message);
  int64_t LastInsertRowid() const { return db_->LastInsertRowid(); }

  // A transaction begins: forget what the last one came to.
  void Start();
  // Another connection: what happened on the last one is over.
  void Attach(db::Connection* db) {
    db_ = db;
    Start();
  }
  void NoteChanged() { changed_ = true; }
  // Remembers an error after which the transaction must not commit; gives it back.
  absl::Status Note(absl::Status status);
  bool changed() const { return changed_; }
  const absl::Status& failure() const { return failure_; }
  db::Connection& db() { return *db_; }

 private:
  db::Connection* db_;
  bool changed_ = false;
  absl::Status failure_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_BATCH_H_
