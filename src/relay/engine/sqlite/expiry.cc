#include "relay/engine/sqlite/expiry.h"

#include "relay/engine/sqlite/append.h"
#include "relay/engine/sqlite/blob_rows.h"
#include "relay/engine/sqlite/tokens.h"

namespace pawl::relay::engine::sqlite {
namespace {

// Each of these says whether it met its limit, so that there may be more.

absl::StatusOr<bool> DropBy(WriteContext& context, Literal sql, Timestamp time, uint32_t limit) {
  PAWL_ASSIGN(auto statement, context.db.Prepare(sql));
  PAWL_TRY(statement.BindAll(time.ms, int64_t{limit}).Run());
  return context.db.Changes() >= static_cast<int64_t>(limit);
}

absl::StatusOr<bool> DropRows(WriteContext& context, const Expire& op) {
  PAWL_ASSIGN(
      const bool seen,
      DropBy(context, "DELETE FROM seen WHERE id IN (SELECT id FROM seen WHERE at <= ?1 LIMIT ?2)",
             op.now - kDedupeAfterAck, op.limit));
  PAWL_ASSIGN(const bool one_time,
              DropBy(context,
                     "DELETE FROM one_time WHERE id IN (SELECT id FROM one_time "
                     "WHERE expires <= ?1 LIMIT ?2)",
                     op.now, op.limit));
  PAWL_ASSIGN(const bool invitations,
              DropBy(context,
                     "DELETE FROM invitation WHERE hash IN (SELECT hash FROM invitation "
                     "WHERE expires <= ?1 LIMIT ?2)",
                     op.now, op.limit));
  PAWL_ASSIGN(const bool keys,
              DropBy(context,
                     "UPDATE account SET old_delivery_key = NULL WHERE id IN "
                     "(SELECT id FROM account WHERE old_delivery_key IS NOT NULL AND "
                     "old_delivery_key_until <= ?1 LIMIT ?2)",
                     op.now, op.limit));
  PAWL_ASSIGN(const bool tokens, ForgetTokens(context, op.tokens_before, op.limit));
  return seen || one_time || invitations || keys || tokens;
}

absl::StatusOr<bool> DropBlobs(WriteContext& context, const Expire& op) {
  std::vector<BlobId> expired;
  PAWL_ASSIGN(auto select, context.db.Prepare("SELECT id FROM blob WHERE expires <= ? LIMIT ?"));
  select.BindAll(op.now.ms, int64_t{op.limit});
  while (true) {
    PAWL_ASSIGN(const bool row, select.Step());
    if (!row) break;
    PAWL_ASSIGN(const ByteArray<32> id, select.Array<32>(0));
    expired.emplace_back(id);
  }
  for (const BlobId& id : expired) {
    PAWL_ASSIGN(const BlobRow row, ReadBlobRow(context.db, id));
    PAWL_TRY(RemoveBlobRow(context, id, row));
  }
  return expired.size() >= op.limit;
}

absl::Status RemoveMessage(WriteContext& context, int64_t id) {
  PAWL_ASSIGN(auto remove, context.db.Prepare("DELETE FROM envelope WHERE id = ? "
                                              "RETURNING mbox, length(body), flags"));
  PAWL_ASSIGN(const bool row, remove.BindAll(id).Step());
  if (!row) return OkStatus();
  PAWL_ASSIGN(Fill* const fill, context.counters.Load(context.db, MailboxRef(remove.Int(0))));
  fill->messages -= 1;
  fill->bytes -= remove.Int(1);
  if ((remove.Int(2) & kFlagRequest) != 0) fill->requests -= 1;
  return OkStatus();
}

}  // namespace

// True when there is more to walk in this round.
absl::StatusOr<bool> ExpiryWalk::WalkMail(WriteContext& context, const Expire& op) {
  std::vector<int64_t> expired;
  uint32_t walked = 0;
  int64_t last = 0;
  {
    PAWL_ASSIGN(auto select, context.db.Prepare("SELECT id, expires FROM envelope WHERE id > ? "
                                                "ORDER BY id LIMIT ?"));
    select.BindAll(last_id_, int64_t{op.limit});
    while (true) {
      PAWL_ASSIGN(const bool row, select.Step());
      if (!row) break;
      ++walked;
      last = select.Int(0);
      if (select.Int(1) <= op.now.ms) expired.push_back(last);
    }
  }
  for (const int64_t id : expired) PAWL_TRY(RemoveMessage(context, id));
  last_id_ = walked == op.limit ? last : 0;
  return walked == op.limit;
}

absl::StatusOr<Expired> ExpiryWalk::Do(WriteContext& context, const Expire& op) {
  Expired result;
  if (last_id_ == 0 || small_is_left_) {
    small_is_left_ = true;  // also when one of them fails
    PAWL_ASSIGN(const bool rows, DropRows(context, op));
    PAWL_ASSIGN(const bool blobs, DropBlobs(context, op));
    small_is_left_ = rows || blobs;
  }
  PAWL_ASSIGN(result.more, WalkMail(context, op));
  result.more |= small_is_left_;
  return result;
}

}  // namespace pawl::relay::engine::sqlite
