#include "relay/engine/sqlite/reads.h"

#include "relay/engine/sqlite/accounts.h"
#include "relay/engine/sqlite/blob_io.h"
#include "relay/engine/sqlite/mail.h"

namespace pawl::relay::engine::sqlite {
namespace {

template <typename R>
Result OrFailure(absl::StatusOr<R> result, const Op& op) {
  if (!result.ok()) return FailureOf(op, pawl::CodeOf(result));
  return *std::move(result);
}

}  // namespace

Result Read(db::Connection& db, const Op& op) {
  if (const auto* attach = std::get_if<Attach>(&op)) return OrFailure(Do(db, *attach), op);
  if (const auto* fetch = std::get_if<FetchMail>(&op)) return OrFailure(Do(db, *fetch), op);
  if (const auto* get = std::get_if<GetList>(&op)) return OrFailure(Do(db, *get), op);
  return FailureOf(op, Code::kInternal);
}

Result DoBlobIo(db::Connection& db, const BlobFiles& files, const Op& op) {
  if (const auto* append = std::get_if<AppendBlob>(&op)) {
    return OrFailure(Do(db, files, *append), op);
  }
  if (const auto* read = std::get_if<ReadBlob>(&op)) return OrFailure(Do(db, files, *read), op);
  if (const auto* commit = std::get_if<CommitBlob>(&op)) {
    return OrFailure(Sync(db, files, *commit), op);
  }
  return FailureOf(op, Code::kInternal);
}

}  // namespace pawl::relay::engine::sqlite
