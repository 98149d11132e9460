#include "store/store.h"

#include <algorithm>

#include "db/migrations.h"
#include "store/file.h"
#include "store/opening.h"
#include "store/reader_impl.h"
#include "store/schema.h"
#include "store/store_impl.h"

namespace pawl::store {

using ImplPtr = std::unique_ptr<Store::Impl>;

// --- Opening ---

absl::Status Store::Impl::Create(const OpenOptions& options, Rng& rng) {
  PAWL_TRY(layout.BeginCreation());
  PAWL_ASSIGN(DatabaseKeys keys, CreateKeys(layout, options, rng));
  PAWL_TRY(Connect(std::move(keys)));
  meta = Meta::Fresh(rng);
  PAWL_TRY(Begin());
  PAWL_TRY(InsertMeta(batch, meta));
  const absl::Status committed = running->Commit();
  Drop();
  PAWL_TRY(committed);
  return layout.EndCreation();
}

absl::Status Store::Impl::Connect(DatabaseKeys keys) {
  PAWL_ASSIGN(OpenDatabase opened, OpenWithEither(layout, vfs, std::move(keys)));
  connection = std::move(opened.connection);
  key = std::move(opened.key);
  batch.Attach(connection.get());
  return db::Migrate(*connection, Migrations());
}

absl::Status Store::Impl::OpenExisting(const OpenOptions& options, Rng& rng) {
  PAWL_ASSIGN(DatabaseKeys keys, LoadKeys(layout, options.key));
  const bool was_rekeying = keys.next.has_value();
  PAWL_TRY(Connect(std::move(keys)));
  PAWL_ASSIGN(meta, LoadMeta(batch));
  PAWL_ASSIGN(lineage, LoadLineage(batch));
  // Should the disk be full now, the key that is over stays in the file until the next opening.
  if (was_rekeying) WriteKeys(options.key, std::nullopt, rng).IgnoreError();
  return OkStatus();
}

absl::StatusOr<std::optional<Generation>> Store::Impl::ReadAnchored(
    const AnchorOptions& options) const {
  if (const HostAnchor* host = std::get_if<HostAnchor>(&options)) return host->generation;
  return ReadAnchor(*anchor_dir, meta.id, meta.anchor_key);
}

absl::Status Store::Impl::CompareWithAnchor(const AnchorOptions& options, Timestamp now) {
  PAWL_ASSIGN(const std::optional<Generation> anchored, ReadAnchored(options));
  const std::optional<OpeningRecord> record = JudgeOpening(meta, anchored);
  if (!record) {
    // A crash came between a commit and its anchor; the next commit may be long in coming. It is
    // anchored at once, all the same.
    if (anchor_dir && anchored && *anchored < meta.generation) {
      WriteAnchor(*anchor_dir, meta.id, meta.generation, meta.anchor_key).IgnoreError();
    }
    return OkStatus();
  }
  PAWL_TRY(Begin());
  PAWL_TRY(SetOpenedState(batch, record->state));
  return Commit(record->generation, record->state, now);
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(OpenOptions options, Timestamp now, Rng& rng) {
  if (options.dir.empty()) return Fail(Code::kInvalidArgument, "a store needs a folder");
  const Layout layout(options.dir);
  if (!layout.HoldsSomething() && !options.create_if_missing) {
    return Fail(Code::kNotFound, "no store in this folder");
  }
  PAWL_TRY(MakeDirs(options.dir));
  PAWL_ASSIGN(WriterLock lock, WriterLock::Take(layout.Lock()));
  // Not before the lock is ours: it opens the database, and closing that again would end the locks
  // of a writer in this very process.
  PAWL_ASSIGN(const Presence presence, layout.Look());
  const bool exists = presence == Presence::kStore;

  ImplPtr impl = std::make_unique<Impl>(layout, std::move(lock));
  impl->vfs = options.vfs;
  impl->instance = InstanceId(rng.Array<16>());
  PAWL_ASSIGN(impl->anchor_dir, ChooseAnchorDir(layout, options.anchor));
  PAWL_TRY(exists ? impl->OpenExisting(options, rng) : impl->Create(options, rng));
  if (exists) PAWL_TRY(impl->CompareWithAnchor(options.anchor, now));
  if (!exists) impl->NoteCommitted(now);
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

bool Store::Exists(const std::string& dir) {
  const absl::StatusOr<Presence> presence = Layout(dir).Look();
  return !presence.ok() || *presence == Presence::kStore;
}

// --- Living ---

Store::Store(ImplPtr impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

bool Store::Impl::HasBegun() const {
  return std::ranges::find(lineage, instance, &Instance::id) != lineage.end();
}

absl::Status Store::Impl::CheckIdle() const {
  if (suspended) return Fail(Code::kWrongState, "the store is suspended");
  if (connection == nullptr) return Fail(Code::kClosed, "the store is closed");
  if (running) return Fail(Code::kWrongState, "a transaction is open");
  return OkStatus();
}

absl::Status Store::Impl::Begin() {
  PAWL_TRY(CheckIdle());
  batch.Start();
  PAWL_ASSIGN(db::Transaction transaction, db::Transaction::Begin(*connection));
  running.emplace(std::move(transaction));
  return OkStatus();
}

absl::Status Store::Impl::Commit(Generation generation, OpenedState state, Timestamp now) {
  absl::Status status = batch.failure();
  if (status.ok() && !batch.changed()) {
    Drop();
    return OkStatus();
  }
  const bool first = !HasBegun();
  if (status.ok() && first) status = BeginInstance(batch, {instance, generation});
  if (status.ok()) status = SetGeneration(batch, generation);
  if (status.ok()) status = running->Commit();
  Drop();
  PAWL_TRY(status);
  if (first) lineage.push_back({instance, generation});
  meta.generation = generation;
  meta.state = state;
  NoteCommitted(now);
  return OkStatus();
}

void Store::Impl::NoteCommitted(Timestamp now) {
  anchor.Committed(meta.generation, now);
  // The commit stands, whatever becomes of the anchor: it is tried again with the next one.
  RaiseAnchor(anchor.Due(now), now).IgnoreError();
}

absl::Status Store::Impl::RaiseAnchor(std::optional<Generation> to, Timestamp now) {
  if (!anchor_dir || !to) return OkStatus();
  if (absl::Status written = WriteAnchor(*anchor_dir, meta.id, *to, meta.anchor_key);
      !written.ok()) {
    anchor.Failed(now);
    return written;
  }
  anchor.Raised(*to, now);
  return OkStatus();
}

absl::StatusOr<Transaction> Store::Begin() {
  PAWL_TRY(impl_->Begin());
  return Transaction(*this);
}

absl::StatusOr<std::unique_ptr<Reader>> Store::OpenReader() const {
  if (impl_->suspended) return Fail(Code::kWrongState, "the store is suspended");
  if (!impl_->key) return Fail(Code::kClosed, "the store is closed");
  PAWL_ASSIGN(std::unique_ptr<db::Connection> connection,
              OpenForReading(impl_->layout, impl_->vfs, *impl_->key));
  return std::unique_ptr<Reader>(
      new Reader(std::make_unique<Reader::Impl>(std::move(connection), impl_->readers)));
}

const StoreId& Store::id() const { return impl_->meta.id; }
Generation Store::generation() const { return impl_->meta.generation; }
OpenedState Store::opened_state() const { return impl_->meta.state; }

std::optional<Bytes> Store::MakeNote(Rng& rng) const {
  if (!impl_->HasBegun()) return std::nullopt;
  return SealNote({impl_->instance, impl_->meta.generation}, impl_->meta.id, impl_->meta.anchor_key,
                  rng);
}

NoteVerdict Store::JudgeNote(ByteView sealed) const {
  const auto note = OpenNote(sealed, impl_->meta.id, impl_->meta.anchor_key);
  if (!note) return NoteVerdict::kSilent;
  return store::JudgeNote(*note, impl_->lineage, impl_->meta.generation);
}

absl::Status Store::EraseTraces() {
  PAWL_TRY(impl_->CheckIdle());
  return impl_->connection->Checkpoint(db::CheckpointMode::kTruncate);
}

Timestamp Store::AnchorDeadline() const { return impl_->anchor.Deadline(); }

absl::Status Store::AnchorTick(Timestamp now) {
  return impl_->RaiseAnchor(impl_->anchor.Due(now), now);
}

std::optional<Generation> Store::AnchorToKeep(Timestamp now) const {
  if (impl_->anchor_dir) return std::nullopt;
  return impl_->anchor.Due(now);
}

void Store::AnchorKept(Generation generation, Timestamp now) {
  if (!impl_->anchor_dir) impl_->anchor.Raised(generation, now);
}

absl::Status Store::Close(Timestamp now) {
  if (impl_->suspended) {
    impl_->suspended = false;
    impl_->key.reset();
    return OkStatus();
  }
  PAWL_TRY(impl_->CheckIdle());
  absl::Status anchored = impl_->RaiseAnchor(impl_->anchor.Pending(), now);
  // Fine when a Reader is in the way: the log stays and is found at the next opening.
  impl_->connection->Checkpoint(db::CheckpointMode::kTruncate).IgnoreError();
  impl_->connection.reset();
  impl_->batch.Attach(nullptr);
  impl_->key.reset();
  impl_->lock.reset();
  return anchored;
}

}  // namespace pawl::store
