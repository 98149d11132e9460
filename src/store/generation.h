#ifndef PAWL_STORE_GENERATION_H_
#define PAWL_STORE_GENERATION_H_

#include <optional>

#include "base/rng.h"
#include "base/status.h"
#include "store/anchor.h"
#include "store/batch.h"
#include "store/ids.h"

namespace pawl::store {

// What the database knows about itself: the one row of `meta`.
struct Meta {
  StoreId id;
  AnchorKey anchor_key = AnchorKey::Zero();
  Generation generation;
  // The worst that an opening found since the last healing: a divergence stays known until it is
  // healed, however often the store is opened meanwhile.
  OpenedState state = OpenedState::kCurrent;

  // Of a new store: generation 1.
  static Meta Fresh(Rng& rng);
};

// Inside the transaction of `batch`.
absl::Status InsertMeta(Batch& batch, const Meta& meta);
absl::StatusOr<Meta> LoadMeta(Batch& batch);  // kCorrupt when it is not there
absl::Status SetGeneration(Batch& batch, Generation generation);
absl::Status SetOpenedState(Batch& batch, OpenedState state);

// What an opening has to make durable before anything else: nullopt when nothing.
struct OpeningRecord {
  OpenedState state = OpenedState::kCurrent;
  // Beyond the anchor too, so that a later copy of today's state is told from the future that was
  // lost.
  Generation generation;
};
std::optional<OpeningRecord> JudgeOpening(const Meta& meta, std::optional<Generation> anchored);

}  // namespace pawl::store

#endif  // PAWL_STORE_GENERATION_H_
