#include "store/generation.h"

#include <algorithm>

#include "base/sim_hooks.h"
#include "store/rows.h"

namespace pawl::store {
namespace {

constexpr Generation kFirst(1);

bool IsWorse(OpenedState a, OpenedState b) {
  const auto rank = [](OpenedState state) {
    switch (state) {
      case OpenedState::kCurrent:
        return 0;
      case OpenedState::kAnchorMissing:
        return 1;
      case OpenedState::kDiverged:
        return 2;
      case OpenedState::kSuperseded:
        break;
    }
    return 3;
  };
  return rank(a) > rank(b);
}

}  // namespace

Meta Meta::Fresh(Rng& rng) {
  Meta meta;
  meta.id = StoreId(rng.Array<16>());
  meta.anchor_key = AnchorKey::Random(rng);
  meta.generation = kFirst;
  return meta;
}

absl::Status InsertMeta(Batch& batch, const Meta& meta) {
  PAWL_ASSIGN(db::Statement change,
              batch.Prepare("INSERT INTO meta (one, store_id, anchor_key, generation, opened_state,"
                            " next_prekey_id) VALUES (1, ?, ?, ?, ?, 1)"));
  BindValues(change, meta.id, ByteView(meta.anchor_key.Expose()), meta.generation, meta.state);
  return batch.Change(change).status();
}

absl::StatusOr<Meta> LoadMeta(Batch& batch) {
  PAWL_ASSIGN(db::Statement query,
              batch.Prepare("SELECT store_id, generation, opened_state, anchor_key FROM meta"));
  PAWL_ASSIGN(std::optional<Meta> meta, FirstRow<Meta>(batch, query, [](Columns& in, Meta& row) {
                in.ReadAll(row.id, row.generation);
                in.ReadEnum(row.state, OpenedState::kCurrent, OpenedState::kSuperseded);
                in.ReadSecret(row.anchor_key);
              }));
  if (!meta) return Fail(Code::kCorrupt, "the store has no meta row");
  return *std::move(meta);
}

absl::Status SetGeneration(Batch& batch, Generation generation) {
  PAWL_ASSIGN(db::Statement change, batch.Prepare("UPDATE meta SET generation = ?"));
  BindValues(change, generation);
  return batch.ChangeOr(change, Code::kCorrupt, "the store has no meta row");
}

absl::Status SetOpenedState(Batch& batch, OpenedState state) {
  PAWL_ASSIGN(db::Statement change, batch.Prepare("UPDATE meta SET opened_state = ?"));
  BindValues(change, state);
  return batch.ChangeOr(change, Code::kCorrupt, "the store has no meta row");
}

std::optional<OpeningRecord> JudgeOpening(const Meta& meta, std::optional<Generation> anchored) {
  if (PAWL_MUTANT("store.no_anchor")) return std::nullopt;
  // The first anchor comes after the creation's commit: dying in between must not look like a copy.
  // A copy of generation 1 is a copy of nothing.
  if (!anchored && meta.generation == kFirst) return std::nullopt;
  const OpenedState state = CompareAnchor(anchored, meta.generation);
  if (state == OpenedState::kCurrent) return std::nullopt;
  // Nothing may be anchored before this is durable: the next opening would find all in order.
  const Generation reached = std::max(meta.generation, anchored.value_or(meta.generation));
  return OpeningRecord{IsWorse(state, meta.state) ? state : meta.state,
                       Generation(reached.value() + 1)};
}

}  // namespace pawl::store
