#ifndef PAWL_STORE_OPENING_H_
#define PAWL_STORE_OPENING_H_

#include <memory>

#include "db/connection.h"
#include "store/key_wrap.h"
#include "store/layout.h"
#include "store/store.h"

namespace pawl::store {

// The steps of Store::Open, each with the writer's lock held.

// A database connection and the key that opened it.
struct OpenDatabase {
  std::unique_ptr<db::Connection> connection;
  DatabaseKey key;
};

// Makes and keeps a random database key, wrapped in the key file.
absl::StatusOr<DatabaseKeys> CreateKeys(const Layout& layout, const OpenOptions& options, Rng& rng);
// What the key file holds.
absl::StatusOr<DatabaseKeys> LoadKeys(const Layout& layout, const WrapKey& key);

// Opens under whichever key it is encrypted with. The key file has authenticated, so that a
// database which neither opens is kCorrupt, not kWrongKey.
absl::StatusOr<OpenDatabase> OpenWithEither(const Layout& layout, const std::string& vfs,
                                            DatabaseKeys keys);
// For a Reader.
absl::StatusOr<std::unique_ptr<db::Connection>> OpenForReading(const Layout& layout,
                                                               const std::string& vfs,
                                                               const DatabaseKey& key);

// Where the file anchor lives, nullopt when the host keeps it. kInvalidArgument inside the store's
// own folder.
absl::StatusOr<std::optional<std::string>> ChooseAnchorDir(const Layout& layout,
                                                           const AnchorOptions& anchor);

}  // namespace pawl::store

#endif  // PAWL_STORE_OPENING_H_
