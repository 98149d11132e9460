#include "store/transfers.h"

#include "store/rows.h"

#define PAWL_TRANSFER_COLUMNS                                                                \
  "kind, state, failure, conversation, message, sender, blob, path, name, media_type, size," \
  " padded_size, done, key, root, attempts, not_before, created_at, content, checkpoint,"    \
  " secret, begun"

namespace pawl::store {
namespace {

constexpr size_t kMaxSameTransferId = 16;

void ReadTransfer(Columns& in, TransferRow& row) {
  in.Read(row.id);
  in.ReadEnum(row.kind, TransferKind::kUpload, TransferKind::kDownload);
  in.ReadEnum(row.state, TransferState::kActive, TransferState::kFailed);
  in.ReadAll(row.failure, row.conversation, row.message, row.sender, row.blob, row.path, row.name,
             row.media_type, row.size, row.padded_size, row.done, row.key, row.root, row.attempts,
             row.not_before, row.created_at, row.content, row.checkpoint, row.secret, row.begun);
}

template <typename... T>
void BindTransfer(db::Statement& statement, const TransferRow& row, const T&... more) {
  BindValues(statement, row.kind, row.state, row.failure, row.conversation, row.message, row.sender,
             row.blob, row.path, row.name, row.media_type, row.size, row.padded_size, row.done,
             row.key, row.root, row.attempts, row.not_before, row.created_at, row.content,
             row.checkpoint, row.secret, row.begun, more...);
}

}  // namespace

absl::StatusOr<TransferId> Transfers::Insert(const TransferRow& row) {
  PAWL_ASSIGN(
      db::Statement change,
      batch().Prepare("INSERT INTO transfer (" PAWL_TRANSFER_COLUMNS
                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                      " ?)"));
  BindTransfer(change, row);
  PAWL_TRY(batch().Change(change).status());
  return TransferId(batch().LastInsertRowid());
}

absl::StatusOr<std::optional<TransferRow>> Transfers::Find(TransferId id) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_TRANSFER_COLUMNS " FROM transfer WHERE id = ?"));
  BindValues(query, id);
  return FirstRow<TransferRow>(batch(), query, ReadTransfer);
}

absl::StatusOr<std::vector<TransferRow>> Transfers::LoadMessage(const MessageId& message) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT id, " PAWL_TRANSFER_COLUMNS
                              " FROM transfer WHERE message = ? ORDER BY id LIMIT ?"));
  BindValues(query, message, RowLimit(kMaxSameTransferId));
  return CollectRows<TransferRow>(batch(), query, ReadTransfer);
}

absl::StatusOr<std::vector<TransferRow>> Transfers::LoadState(TransferState state) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT id, " PAWL_TRANSFER_COLUMNS
                                                   " FROM transfer WHERE state = ? ORDER BY id"));
  BindValues(query, state);
  return CollectRows<TransferRow>(batch(), query, ReadTransfer);
}

absl::Status Transfers::Save(const TransferRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET (" PAWL_TRANSFER_COLUMNS
                              ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                              " ?)"
                              " WHERE id = ?"));
  BindTransfer(change, row, row.id);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::Progress(const TransferProgress& progress) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET done = ?2, checkpoint = ?3 WHERE id = ?1"));
  BindValues(change, progress.id, progress.done, progress.checkpoint);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::SetState(TransferId id, TransferState state, Code failure) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET state = ?2, failure = ?3 WHERE id = ?1"));
  BindValues(change, id, state, state == TransferState::kFailed ? failure : Code::kOk);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::SetBlob(TransferId id, const BlobId& blob,
                                const crypto::SecretBytes& secret) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET blob = ?2, secret = ?3, begun = 0"
                              " WHERE id = ?1"));
  BindValues(change, id, blob, secret);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::SetBegun(TransferId id, bool begun) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET begun = ?2 WHERE id = ?1"));
  BindValues(change, id, begun);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::SetAttempts(TransferId id, uint32_t attempts) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE transfer SET attempts = ?2 WHERE id = ?1"));
  BindValues(change, id, attempts);
  return batch().ChangeOr(change, Code::kNotFound, "no such transfer");
}

absl::Status Transfers::Erase(TransferId id) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM transfer WHERE id = ?"));
  BindValues(change, id);
  return batch().Change(change).status();
}

}  // namespace pawl::store
