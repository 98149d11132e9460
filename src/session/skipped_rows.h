#ifndef PAWL_SESSION_SKIPPED_ROWS_H_
#define PAWL_SESSION_SKIPPED_ROWS_H_

#include <vector>

#include "base/status.h"
#include "ratchet/braid/skipped_keys.h"
#include "ratchet/core.h"
#include "ratchet/skipped_keys.h"
#include "session/types.h"

namespace pawl::session {

// Skipped keys as rows of the store (FORMAT.md): those of the Double Ratchet under their route tag,
// those of the post-quantum chains under a name made of their epoch and index.
SkippedRow ToRow(const RouteTag& tag, const ratchet::SkippedKey& key);
SkippedRow ToRow(const ratchet::braid::PqKeyId& id, const ratchet::braid::SkippedPqKey& key);
RouteTag RowName(const ratchet::braid::PqKeyId& id);

template <typename Map>
void AppendRows(const Map& keys, std::vector<SkippedRow>& rows) {
  for (const auto& [name, key] : keys) rows.push_back(ToRow(name, key));
}

// kMalformed: of an unknown chain, twice, or more than a session keeps.
absl::Status InsertRow(const SkippedRow& row, const ratchet::Core& core,
                       ratchet::SkippedKeys& skipped, ratchet::braid::SkippedPqMap& skipped_pq);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SKIPPED_ROWS_H_
