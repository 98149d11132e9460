#include "db/migrations.h"

#include "db/transaction.h"

namespace pawl::db {
namespace {

bool CountsUpFromOne(std::span<const Migration> migrations) {
  int32_t expected = 1;
  for (const Migration& migration : migrations) {
    if (migration.version != expected++) return false;
  }
  return true;
}

// The version is read again inside the transaction: another process may have been faster.
absl::Status Apply(Connection& connection, const Migration& migration) {
  PAWL_ASSIGN(Transaction transaction, Transaction::Begin(connection));
  PAWL_ASSIGN(const int64_t version, connection.UserVersion());
  if (version >= migration.version) return OkStatus();
  PAWL_TRY(connection.Execute(migration.script));
  PAWL_TRY(connection.SetUserVersion(migration.version));
  return transaction.Commit();
}

}  // namespace

absl::Status Migrate(Connection& connection, std::span<const Migration> migrations) {
  if (!CountsUpFromOne(migrations)) return Fail(Code::kInternal, "migrations out of order");
  PAWL_ASSIGN(const int64_t version, connection.UserVersion());
  if (version < 0 || version > static_cast<int64_t>(migrations.size())) {
    return Fail(Code::kStoreTooNew, "made by a later release");
  }
  for (const Migration& migration : migrations.subspan(static_cast<size_t>(version))) {
    PAWL_TRY(Apply(connection, migration));
  }
  return OkStatus();
}

}  // namespace pawl::db
