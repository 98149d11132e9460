#ifndef PAWL_STORE_LINEAGE_H_
#define PAWL_STORE_LINEAGE_H_

#include <optional>
#include <vector>

#include "base/rng.h"
#include "base/status.h"
#include "store/anchor.h"
#include "store/batch.h"
#include "store/ids.h"

namespace pawl::store {

// Which opening of the store made which of its generations. A copy that went on elsewhere, and a
// future that was lost when an older copy was put back, have openings that this lineage does not
// know, or generations of a known one that it does not know of.

// One opening: 128 random bits, drawn when the store is opened.
using InstanceId = StrongAlias<struct InstanceIdTag, ByteArray<16>>;
struct Instance {
  InstanceId id;
  Generation began;  // the generation of its first commit; it ended before the next one's
  // Of another copy, and healed from: its notes say nothing new.
  bool absorbed = false;
};

// The latest openings, oldest first, those absorbed where they were found.
using Lineage = std::vector<Instance>;
constexpr size_t kMaxInstances = 64;

// Inside the transaction of `batch`.
absl::StatusOr<Lineage> LoadLineage(Batch& batch);
// Adds the opening that begins with this transaction; the oldest beyond kMaxInstances goes.
absl::Status BeginInstance(Batch& batch, const Instance& instance);

// What the relay keeps for us and shows after each login: opening and generation, sealed, so that
// it tells the relay nothing, not even how often a store was written.
constexpr size_t kNoteSize = 64;  // 24 nonce, 24 ciphertext, 16 tag: XChaCha20-Poly1305
struct Note {
  InstanceId instance;
  Generation generation;
};
Bytes SealNote(const Note& note, const StoreId& id, const AnchorKey& key, Rng& rng);
// nullopt for anything that SealNote with this id and key did not make.
std::optional<Note> OpenNote(ByteView sealed, const StoreId& id, const AnchorKey& key);

enum class NoteVerdict : uint8_t {
  kSilent = 0,   // none, not ours, absorbed, or older than the lineage remembers: says nothing
  kOurs = 1,     // of an opening and a generation that this database has seen
  kForeign = 2,  // of one that it has not: this is an older copy, or one of two
};
// `generation`: the database's now.
NoteVerdict JudgeNote(const Note& note, const Lineage& lineage, Generation generation);

}  // namespace pawl::store

#endif  // PAWL_STORE_LINEAGE_H_
