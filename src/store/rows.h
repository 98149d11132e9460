#ifndef PAWL_STORE_ROWS_H_
#define PAWL_STORE_ROWS_H_

#include <algorithm>
#include <optional>
#include <vector>

#include "base/status.h"
#include "db/statement.h"
#include "store/batch.h"
#include "store/columns.h"
#include "store/parameters.h"

namespace pawl::store {

// `read` fills a Row from Columns.
template <typename Row, typename ReadRow>
absl::StatusOr<std::vector<Row>> CollectRows(Batch& batch, db::Statement& statement,
                                             const ReadRow& read) {
  std::vector<Row> rows;
  while (true) {
    PAWL_ASSIGN(const bool found, batch.Step(statement));
    if (!found) return rows;
    Columns columns(statement);
    read(columns, rows.emplace_back());
    PAWL_TRY(batch.Note(columns.Finish()));
  }
}

// The first row, nullopt when there is none.
template <typename Row, typename ReadRow>
absl::StatusOr<std::optional<Row>> FirstRow(Batch& batch, db::Statement& statement,
                                            const ReadRow& read) {
  std::optional<Row> row;
  PAWL_ASSIGN(const bool found, batch.Step(statement));
  if (!found) return row;
  Columns columns(statement);
  read(columns, row.emplace());
  PAWL_TRY(batch.Note(columns.Finish()));
  return row;
}

// The one value of a query that always has a row.
template <typename T>
absl::StatusOr<T> SingleValue(Batch& batch, db::Statement& statement) {
  PAWL_ASSIGN(const auto value,
              FirstRow<T>(batch, statement, [](Columns& in, T& out) { in.Read(out); }));
  if (!value) return Fail(Code::kCorrupt, "a query of the store has no answer");
  return *value;
}

// Limits are bound as SQLite's signed integers.
inline int64_t RowLimit(size_t limit) {
  return static_cast<int64_t>(std::min<size_t>(limit, INT64_MAX));
}

}  // namespace pawl::store

#endif  // PAWL_STORE_ROWS_H_
