#include "store/opening.h"

#include "store/file.h"

namespace pawl::store {
namespace {

db::OpenOptions DatabaseOptions(const Layout& layout, const std::string& vfs, db::Access access) {
  db::OpenOptions options;
  options.path = layout.Database();
  options.access = access;
  options.foreign_keys = true;
  options.vfs = vfs;
  return options;
}

bool IsInside(const std::string& path, const std::string& folder) {
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  return path == folder || path.starts_with(prefix);
}

}  // namespace

absl::StatusOr<DatabaseKeys> CreateKeys(const Layout& layout, const OpenOptions& options,
                                        Rng& rng) {
  DatabaseKeys keys{DatabaseKey::Random(rng), std::nullopt};
  PAWL_ASSIGN(const Bytes file, WrapKeys(keys, options.key, options.argon2, rng));
  PAWL_TRY(WriteFileAtomically(layout.KeyWrap(), file));
  return keys;
}

absl::StatusOr<DatabaseKeys> LoadKeys(const Layout& layout, const WrapKey& key) {
  const absl::StatusOr<std::optional<Bytes>> file = ReadSmallFile(layout.KeyWrap(), kKeyWrapSize);
  if (CodeOf(file) == Code::kTooLarge) return Fail(Code::kCorrupt, "key file: wrong size");
  if (!file.ok()) return file.status();
  if (!file->has_value()) return Fail(Code::kCorrupt, "the store's key file is missing");
  return UnwrapKeys(**file, key);
}

absl::StatusOr<OpenDatabase> OpenWithEither(const Layout& layout, const std::string& vfs,
                                            DatabaseKeys keys) {
  // kCreate: a database that is being created is an empty file; Layout::Look has refused others.
  const db::OpenOptions options = DatabaseOptions(layout, vfs, db::Access::kCreate);
  auto connection = db::Connection::Open(options, keys.current);
  if (connection.ok()) return OpenDatabase{*std::move(connection), std::move(keys.current)};
  if (CodeOf(connection) == Code::kWrongKey && keys.next) {
    connection = db::Connection::Open(options, *keys.next);
    if (connection.ok()) return OpenDatabase{*std::move(connection), *std::move(keys.next)};
  }
  if (CodeOf(connection) == Code::kWrongKey) {
    return Fail(Code::kCorrupt, "the database's first page does not authenticate");
  }
  return connection.status();
}

absl::StatusOr<std::unique_ptr<db::Connection>> OpenForReading(const Layout& layout,
                                                               const std::string& vfs,
                                                               const DatabaseKey& key) {
  return db::Connection::Open(DatabaseOptions(layout, vfs, db::Access::kReadOnly), key);
}

absl::StatusOr<std::optional<std::string>> ChooseAnchorDir(const Layout& layout,
                                                           const AnchorOptions& anchor) {
  const AnchorFile* const file = std::get_if<AnchorFile>(&anchor);
  if (file == nullptr) return std::optional<std::string>();
  std::string dir = file->dir;
  if (dir.empty()) {
    PAWL_ASSIGN(dir, DefaultAnchorDir());
  }
  PAWL_ASSIGN(const std::string anchors, ResolvedPath(dir));
  PAWL_ASSIGN(const std::string store, ResolvedPath(layout.dir()));
  if (IsInside(anchors, store)) {
    return Fail(Code::kInvalidArgument, "the anchor lies inside the store's own folder");
  }
  return std::optional<std::string>(anchors);
}

}  // namespace pawl::store
