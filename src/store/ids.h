#ifndef PAWL_STORE_IDS_H_
#define PAWL_STORE_IDS_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/strong_alias.h"

namespace pawl::store {

// Names one store for ever: 128 random bits, drawn when it is created, copied with every backup.
using StoreId = StrongAlias<struct StoreIdTag, ByteArray<16>>;
// Counts the commits of a store; +1 in each commit that changed anything. A store whose generation
// is below its anchor's is an older copy of itself.
using Generation = StrongAlias<struct GenerationTag, uint64_t>;
// Rows of this store; monotone in the order of insertion, never reused.
using MessageRowId = StrongAlias<struct MessageRowIdTag, int64_t>;
using OutboxId = StrongAlias<struct OutboxIdTag, int64_t>;
using PendingId = StrongAlias<struct PendingIdTag, int64_t>;
using TransferId = StrongAlias<struct TransferIdTag, int64_t>;

}  // namespace pawl::store

#endif  // PAWL_STORE_IDS_H_
