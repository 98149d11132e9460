#include "store/lineage.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "store/rows.h"

namespace pawl::store {
namespace {

constexpr std::string_view kNoteLabel = "pawl relay note v1";
constexpr crypto::Suite kNoteSuite = crypto::Suite::kXChaCha20Poly1305;
constexpr size_t kNoteNonceSize = 24;
constexpr size_t kTextSize = 24;
static_assert(kNoteNonceSize + kTextSize + 16 == kNoteSize);

crypto::AeadKey NoteKey(const StoreId& id, const AnchorKey& key) {
  crypto::AeadKey derived = crypto::AeadKey::Zero();
  crypto::Blake2bKeyed(key.Expose(), {AsBytes(kNoteLabel), *id}, derived.Writable());
  return derived;
}

}  // namespace

absl::StatusOr<Lineage> LoadLineage(Batch& batch) {
  PAWL_ASSIGN(db::Statement query,
              batch.Prepare("SELECT instance, began, absorbed FROM lineage ORDER BY began"));
  return CollectRows<Instance>(batch, query, [](Columns& in, Instance& instance) {
    in.ReadAll(instance.id, instance.began, instance.absorbed);
  });
}

absl::Status BeginInstance(Batch& batch, const Instance& instance) {
  PAWL_ASSIGN(
      db::Statement insert,
      batch.Prepare("INSERT OR REPLACE INTO lineage (instance, began, absorbed) VALUES (?, ?, ?)"));
  BindValues(insert, instance.id, instance.began, instance.absorbed);
  PAWL_TRY(batch.Change(insert).status());
  PAWL_ASSIGN(db::Statement prune,
              batch.Prepare("DELETE FROM lineage WHERE instance NOT IN"
                            " (SELECT instance FROM lineage ORDER BY began DESC LIMIT ?)"));
  BindValues(prune, RowLimit(kMaxInstances));
  return batch.Change(prune).status();
}

Bytes SealNote(const Note& note, const StoreId& id, const AnchorKey& key, Rng& rng) {
  Bytes sealed(kNoteSize);
  const MutableByteView all(sealed);
  const MutableByteView nonce = all.first(kNoteNonceSize);
  rng.Fill(nonce);
  const MutableByteView text = all.subspan(kNoteNonceSize, kTextSize);
  codec::FixedWriter(text).Raw(*note.instance).U64(*note.generation);
  crypto::SealInPlace(kNoteSuite, NoteKey(id, key), nonce, AsBytes(kNoteLabel), text,
                      all.subspan(kNoteNonceSize + kTextSize));
  return sealed;
}

std::optional<Note> OpenNote(ByteView sealed, const StoreId& id, const AnchorKey& key) {
  if (sealed.size() != kNoteSize) return std::nullopt;
  ByteArray<kTextSize> text;
  const absl::Status opened = crypto::Open(
      kNoteSuite, NoteKey(id, key), sealed.first(kNoteNonceSize), AsBytes(kNoteLabel),
      sealed.subspan(kNoteNonceSize, kTextSize), sealed.subspan(kNoteNonceSize + kTextSize), text);
  if (!opened.ok()) return std::nullopt;
  codec::Reader in(text);
  const InstanceId instance(in.Array<16>());
  return Note{instance, Generation(in.U64())};
}

NoteVerdict JudgeNote(const Note& note, const Lineage& lineage, Generation generation) {
  const auto at = std::ranges::find(lineage, note.instance, &Instance::id);
  if (at == lineage.end()) {
    const bool forgotten =
        lineage.size() >= kMaxInstances && note.generation < lineage.front().began;
    return forgotten ? NoteVerdict::kSilent : NoteVerdict::kForeign;
  }
  if (at->absorbed) return NoteVerdict::kSilent;
  const auto next = std::find_if(std::next(at), lineage.end(),
                                 [](const Instance& instance) { return !instance.absorbed; });
  const bool seen =
      next == lineage.end() ? note.generation <= generation : note.generation < next->began;
  return seen ? NoteVerdict::kOurs : NoteVerdict::kForeign;
}

}  // namespace pawl::store
