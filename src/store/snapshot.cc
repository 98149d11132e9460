#include "store/snapshot.h"

#include <utility>

#include "store/generation.h"
#include "store/opening.h"
#include "store/schema.h"

namespace pawl::store {
namespace {

absl::Status CheckVersion(db::Connection& connection) {
  PAWL_ASSIGN(const int64_t version, connection.UserVersion());
  const auto known = static_cast<int64_t>(Migrations().size());
  if (version > known) return Fail(Code::kStoreTooNew, "made by a later release");
  if (version < known) {
    return Fail(Code::kStoreTooOld, "made by an earlier release: its client must open it first");
  }
  return OkStatus();
}

absl::Status CheckIsNewest(const Meta& meta, std::optional<Generation> anchored) {
  if (meta.state == OpenedState::kSuperseded) {
    return Fail(Code::kSuperseded, "another copy of the store took this device's place");
  }
  const bool older = anchored && CompareAnchor(anchored, meta.generation) != OpenedState::kCurrent;
  if (!older && meta.state == OpenedState::kCurrent) return OkStatus();
  return Fail(Code::kDiverged, "the store is an older copy: its client must heal it first");
}

}  // namespace

absl::StatusOr<Observer> Observer::Open(const ObserverOptions& options) {
  if (options.dir.empty()) return Fail(Code::kInvalidArgument, "a store needs a folder");
  Layout layout(options.dir);
  if (!layout.HoldsSomething()) return Fail(Code::kNotFound, "no store in this folder");
  PAWL_ASSIGN(DatabaseKeys keys, LoadKeys(layout, options.key));
  Observer observer(std::move(layout), std::move(keys), options.vfs);
  if (const auto* host = std::get_if<HostAnchor>(&options.anchor)) {
    observer.host_anchor_ = host->generation;
    return observer;
  }
  auto dir = ChooseAnchorDir(observer.layout_, options.anchor);
  // A sandboxed process may know of no folder by default; one that was named must be right.
  if (!dir.ok() && !std::get<AnchorFile>(options.anchor).dir.empty()) return dir.status();
  if (dir.ok()) observer.anchor_dir_ = *std::move(dir);
  return observer;
}

absl::StatusOr<std::unique_ptr<db::Connection>> Observer::Connect() const {
  db::OpenOptions options;
  options.path = layout_.Database();
  options.access = db::Access::kReadOnly;
  options.busy_timeout = kPatience;
  options.cache_kib = kCacheKib;
  options.vfs = vfs_;
  auto connection = db::Connection::Open(options, keys_.current);
  if (CodeOf(connection) == Code::kWrongKey && keys_.next) {
    connection = db::Connection::Open(options, *keys_.next);
  }
  return connection;
}

std::optional<Generation> Observer::Anchored(Batch& batch) const {
  if (host_anchor_ || !anchor_dir_) return host_anchor_;
  const auto meta = LoadMeta(batch);
  if (!meta.ok()) return std::nullopt;
  return ReadAnchor(*anchor_dir_, meta->id, meta->anchor_key).value_or(std::nullopt);
}

absl::StatusOr<std::unique_ptr<Snapshot>> Observer::Look() const {
  if (!layout_.HoldsSomething()) return Fail(Code::kNotFound, "the store is gone");
  PAWL_ASSIGN(auto connection, Connect());
  PAWL_TRY(CheckVersion(*connection));
  std::unique_ptr<Snapshot> snapshot(new Snapshot(std::move(connection)));
  const std::optional<Generation> anchored = Anchored(snapshot->batch_);
  PAWL_ASSIGN(auto begun,
              db::Transaction::Begin(*snapshot->connection_, db::TransactionKind::kRead));
  snapshot->transaction_.emplace(std::move(begun));
  // The first read of a transaction is what fixes it to a commit.
  PAWL_ASSIGN(const Meta meta, LoadMeta(snapshot->batch_));
  PAWL_TRY(CheckIsNewest(meta, anchored));
  snapshot->generation_ = meta.generation;
  return snapshot;
}

}  // namespace pawl::store
