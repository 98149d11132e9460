#include "db/statement.h"

#include <sqlcipher/sqlite3.h>

#include <utility>

#include "db/connection.h"
#include "db/error.h"

namespace pawl::db {
namespace {

// A null pointer would bind NULL; an empty value binds an empty one.
const void* DataOf(ByteView bytes) {
  return bytes.empty() ? "" : static_cast<const void*>(bytes.data());
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      text_(other.text_),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_result_(other.bind_result_) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  Reset();
  sqlite3_clear_bindings(statement_);
  connection_->Keep(text_, statement_);
}

Statement& Statement::Bind(int parameter, int64_t value) {
  NoteBind(sqlite3_bind_int64(statement_, parameter, value));
  return *this;
}

Statement& Statement::Bind(int parameter, ByteView bytes) {
  NoteBind(
      sqlite3_bind_blob64(statement_, parameter, DataOf(bytes), bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::Bind(int parameter, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  NoteBind(
      sqlite3_bind_text64(statement_, parameter, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::Bind(int parameter, std::nullopt_t) {
  NoteBind(sqlite3_bind_null(statement_, parameter));
  return *this;
}

Statement& Statement::BindInPlace(int parameter, ByteView bytes) {
  NoteBind(sqlite3_bind_blob64(statement_, parameter, DataOf(bytes), bytes.size(), SQLITE_STATIC));
  return *this;
}

void Statement::NoteBind(int result) {
  if (bind_result_ == SQLITE_OK) bind_result_ = result;
}

absl::StatusOr<bool> Statement::Step() {
  const int result = bind_result_ == SQLITE_OK ? sqlite3_step(statement_) : bind_result_;
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) return FailedStep(result);
  Reset();
  return false;
}

absl::Status Statement::Run() {
  for (;;) {
    PAWL_ASSIGN(const bool row, Step());
    if (!row) return OkStatus();
  }
}

absl::Status Statement::FailedStep(int result) {
  // Before the reset: it would overwrite what the connection knows of the error.
  absl::Status error = ErrorOf(result, connection_->handle_);
  // The SQL was fine when it was compiled. What SQLCipher still answers with the bare SQLITE_ERROR
  // is a page (of a long value's overflow) that does not authenticate.
  if (result == SQLITE_ERROR && connection_->encryption_ == Connection::Encryption::kRawKey) {
    error = Fail(Code::kCorrupt, "a page does not authenticate");
  }
  Reset();
  return error;
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  bind_result_ = SQLITE_OK;
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_, column); }

ByteView Statement::Blob(int column) const {
  // In this order: the size is of the converted value.
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const uint8_t*>(data), static_cast<size_t>(size)};
}

std::string_view Statement::Text(int column) const {
  const unsigned char* data = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return AsText({data, static_cast<size_t>(size)});
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

}  // namespace pawl::db
