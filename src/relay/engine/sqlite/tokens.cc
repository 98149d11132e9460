#include "relay/engine/sqlite/tokens.h"

#include <algorithm>
#include <set>
#include <utility>

#include "relay/engine/sqlite/lookup.h"

namespace pawl::relay::engine::sqlite {
namespace {

struct Counted {
  int64_t period = 0;
  uint64_t bytes = 0;
};

absl::StatusOr<Counted> ReadCounted(db::Connection& db, int64_t account) {
  Counted counted;
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT token_period, token_bytes FROM account WHERE id = ?"));
  PAWL_ASSIGN(const bool row, select.BindAll(account).Step());
  if (!row) return counted;
  counted.period = select.Int(0);
  counted.bytes = static_cast<uint64_t>(select.Int(1));
  return counted;
}

absl::Status WriteCounted(db::Connection& db, int64_t account, const Counted& counted) {
  PAWL_ASSIGN(auto update, db.Prepare("UPDATE account SET token_period = ?2, token_bytes = ?3 "
                                      "WHERE id = ?1"));
  return update.BindAll(account, counted.period, static_cast<int64_t>(counted.bytes)).Run();
}

// Of each device: another one of the account may ask between a request and its repetition.
absl::StatusOr<bool> IsLastRequest(db::Connection& db, const IssueTokens& op) {
  PAWL_ASSIGN(auto select,
              db.Prepare("SELECT 1 FROM device_keys WHERE mbox = ? AND token_request = ?"));
  return select.BindAll(*op.mailbox, ByteView(op.request)).Step();
}

absl::Status WriteLastRequest(db::Connection& db, const IssueTokens& op) {
  PAWL_ASSIGN(auto update, db.Prepare("UPDATE device_keys SET token_request = ?2 WHERE mbox = ?1"));
  return update.BindAll(*op.mailbox, ByteView(op.request)).Run();
}

// The first period of which all that was taken is known.
absl::StatusOr<int64_t> FirstRemembered(db::Connection& db) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT forgotten FROM token_seed"));
  PAWL_ASSIGN(const bool row, select.Step());
  return row ? select.Int(0) : 0;
}

absl::StatusOr<bool> IsSpent(db::Connection& db, const SpentToken& token) {
  PAWL_ASSIGN(auto select, db.Prepare("SELECT 1 FROM spent_token WHERE period = ? AND serial = ?"));
  return select.BindAll(int64_t{token.period}, ByteView(token.serial)).Step();
}

}  // namespace

absl::StatusOr<GotTokenSeed> Do(WriteContext& context, const GetTokenSeed& op) {
  PAWL_ASSIGN(auto insert,
              context.db.Prepare("INSERT OR IGNORE INTO token_seed(one, seed) VALUES(1, ?)"));
  PAWL_TRY(insert.BindInPlace(1, op.candidate->Expose()).Run());
  PAWL_ASSIGN(auto select, context.db.Prepare("SELECT seed FROM token_seed"));
  PAWL_ASSIGN(const bool row, select.Step());
  const ByteView seed = row ? select.Blob(0) : ByteView();
  if (seed.size() != TokenSeed::kSize) return Fail(Code::kCorrupt, "token seed");
  GotTokenSeed got;
  got.seed = std::make_shared<const TokenSeed>(TokenSeed::From(seed.first<TokenSeed::kSize>()));
  return got;
}

absl::StatusOr<TokensCounted> Do(WriteContext& context, const IssueTokens& op) {
  TokensCounted result;
  const auto answer = [&](Code code) {
    result.code = code;
    return result;
  };
  PAWL_ASSIGN(const int64_t account, AccountOf(context.db, op.mailbox));
  if (account == 0) return answer(Code::kNotFound);
  PAWL_ASSIGN(const bool again, IsLastRequest(context.db, op));
  if (again) return result;
  PAWL_ASSIGN(Counted counted, ReadCounted(context.db, account));
  if (counted.period != op.period) counted.bytes = 0;
  // A clock that was set back does not open a period anew.
  if (counted.period > op.period || op.bytes > context.quotas.blob_bytes ||
      counted.bytes > context.quotas.blob_bytes - op.bytes) {
    return answer(Code::kQuotaExceeded);
  }
  PAWL_TRY(
      WriteCounted(context.db, account, {.period = op.period, .bytes = counted.bytes + op.bytes}));
  PAWL_TRY(WriteLastRequest(context.db, op));
  return result;
}

absl::StatusOr<Code> TakeTokens(WriteContext& context, std::span<const SpentToken> tokens) {
  PAWL_ASSIGN(const int64_t remembered, FirstRemembered(context.db));
  std::set<std::pair<uint32_t, ByteArray<16>>> distinct;
  for (const SpentToken& token : tokens) {
    if (token.period < remembered) return Code::kExpired;
    PAWL_ASSIGN(const bool spent, IsSpent(context.db, token));
    if (spent || !distinct.emplace(token.period, token.serial).second) return Code::kReplayed;
  }
  for (const SpentToken& token : tokens) {
    PAWL_ASSIGN(auto insert,
                context.db.Prepare("INSERT INTO spent_token(period, serial) VALUES(?, ?)"));
    PAWL_TRY(insert.BindAll(int64_t{token.period}, ByteView(token.serial)).Run());
  }
  return Code::kOk;
}

absl::StatusOr<bool> ForgetTokens(WriteContext& context, uint32_t period, uint32_t limit) {
  // A clock that was ahead and is set back must not make them good again.
  PAWL_ASSIGN(auto note, context.db.Prepare("UPDATE token_seed SET forgotten = ?1 "
                                            "WHERE forgotten < ?1"));
  PAWL_TRY(note.BindAll(int64_t{period}).Run());
  PAWL_ASSIGN(auto remove,
              context.db.Prepare("DELETE FROM spent_token WHERE (period, serial) IN "
                                 "(SELECT period, serial FROM spent_token WHERE period < ?1 "
                                 "LIMIT ?2)"));
  PAWL_TRY(remove.BindAll(int64_t{period}, int64_t{limit}).Run());
  return context.db.Changes() >= static_cast<int64_t>(limit);
}

}  // namespace pawl::relay::engine::sqlite
