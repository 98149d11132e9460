#include "store/tokens.h"

#include "store/rows.h"

namespace pawl::store {

absl::Status Tokens::Add(const TokenRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO token (serial, period, kind, mac) VALUES (?, ?, ?, ?)"
                              " ON CONFLICT DO NOTHING"));
  const ByteView mac = row.mac.Expose();
  BindValues(change, row.serial, row.period, row.kind, mac);
  return batch().ChangeOr(change, Code::kAlreadyExists, "a token with this serial is there");
}

absl::StatusOr<uint32_t> Tokens::CountFree(TokenKind kind) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT count(*) FROM token"
                                                   " WHERE upload IS NULL AND kind = ?"));
  BindValues(query, kind);
  return SingleValue<uint32_t>(batch(), query);
}

absl::Status Tokens::Allot(TransferId upload, TokenKind kind, uint32_t count) {
  PAWL_ASSIGN(const uint32_t free, CountFree(kind));
  if (free < count) return Fail(Code::kNotFound, "there are not so many tokens");
  // Serials are random: their order says nothing of when they were issued.
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("UPDATE token SET upload = ? WHERE serial IN"
                              " (SELECT serial FROM token WHERE upload IS NULL AND kind = ?"
                              " ORDER BY period, serial LIMIT ?)"));
  BindValues(change, upload, kind, count);
  return batch().Change(change).status();
}

absl::StatusOr<std::vector<TokenRow>> Tokens::LoadAllotted(TransferId upload) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT serial, period, kind, mac FROM token"
                                                   " WHERE upload = ? ORDER BY serial"));
  BindValues(query, upload);
  return CollectRows<TokenRow>(batch(), query, [](Columns& in, TokenRow& row) {
    in.ReadAll(row.serial, row.period);
    in.ReadEnum(row.kind, TokenKind::kSmall, TokenKind::kLarge);
    in.ReadSecret(row.mac);
  });
}

absl::Status Tokens::EraseAllotted(TransferId upload) {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM token WHERE upload = ?"));
  BindValues(change, upload);
  return batch().Change(change).status();
}

absl::Status Tokens::EraseAllottedBefore(TransferId upload, uint32_t period) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM token WHERE upload = ? AND period < ?"));
  BindValues(change, upload, period);
  return batch().Change(change).status();
}

absl::Status Tokens::EraseFree() {
  PAWL_ASSIGN(db::Statement change, batch().Prepare("DELETE FROM token WHERE upload IS NULL"));
  return batch().Change(change).status();
}

absl::Status Tokens::EraseFreeBefore(uint32_t period) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("DELETE FROM token WHERE upload IS NULL AND period < ?"));
  BindValues(change, period);
  return batch().Change(change).status();
}

}  // namespace pawl::store
