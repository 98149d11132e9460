#include "base/kill_point.h"
#include "store/file.h"
#include "store/opening.h"
#include "store/store.h"
#include "store/store_impl.h"

namespace pawl::store {
namespace {

// The work factor that the key file in force has; of no meaning under a host key.
absl::StatusOr<crypto::Argon2Params> ParamsInForce(const Layout& layout) {
  PAWL_ASSIGN(const std::optional<Bytes> file, ReadSmallFile(layout.KeyWrap(), kKeyWrapSize));
  if (!file) return Fail(Code::kCorrupt, "the store's key file is missing");
  PAWL_ASSIGN(const std::optional<crypto::Argon2Params> params, WrapParams(*file));
  return params.value_or(crypto::Argon2Params{});
}

}  // namespace

absl::Status Store::Impl::WriteKeys(const WrapKey& wrap, std::optional<DatabaseKey> next,
                                    Rng& rng) const {
  PAWL_ASSIGN(const crypto::Argon2Params params, ParamsInForce(layout));
  const DatabaseKeys keys{key->Clone(), std::move(next)};
  PAWL_ASSIGN(const Bytes file, WrapKeys(keys, wrap, params, rng));
  return WriteFileAtomically(layout.KeyWrap(), file);
}

absl::Status Store::Rewrap(const WrapKey& key, const crypto::Argon2Params& params, Rng& rng) {
  PAWL_TRY(impl_->CheckIdle());
  const DatabaseKeys keys{impl_->key->Clone(), std::nullopt};
  PAWL_ASSIGN(const Bytes file, WrapKeys(keys, key, params, rng));
  return WriteFileAtomically(impl_->layout.KeyWrap(), file);
}

absl::Status Store::Reencrypt(const WrapKey& key, Rng& rng) {
  PAWL_TRY(impl_->CheckIdle());
  if (impl_->readers->load() > 0) return Fail(Code::kWrongState, "a reader of the store is open");
  PAWL_TRY(LoadKeys(impl_->layout, key).status());
  DatabaseKey next = DatabaseKey::Random(rng);
  // From here to the last write either key may be the one that opens the database.
  PAWL_TRY(impl_->WriteKeys(key, next.Clone(), rng));
  PAWL_KILL_POINT("store.rekey_begun");
  if (absl::Status rekeyed = impl_->connection->Rekey(next); !rekeyed.ok()) {
    // Only a fresh look at the files tells which it is now.
    impl_->connection.reset();
    PAWL_TRY(impl_->Connect({impl_->key->Clone(), std::move(next)}));
    return rekeyed;
  }
  PAWL_KILL_POINT("store.rekey_done");
  impl_->key = std::move(next);
  return impl_->WriteKeys(key, std::nullopt, rng);
}

}  // namespace pawl::store
