#include "store/replay.h"

#include "store/rows.h"

namespace pawl::store {

absl::StatusOr<std::vector<ReplayRow>> Replay::LoadAll() {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT last_resort_id, handshake FROM replay"));
  return CollectRows<ReplayRow>(batch(), query, [](Columns& in, ReplayRow& row) {
    in.ReadAll(row.last_resort_id, row.handshake);
  });
}

absl::StatusOr<bool> Replay::Seen(const ByteArray<32>& handshake) {
  PAWL_ASSIGN(db::Statement query, batch().Prepare("SELECT 1 FROM replay WHERE handshake = ?"));
  BindValues(query, handshake);
  return batch().Step(query);
}

absl::Status Replay::Add(const ReplayRow& row) {
  PAWL_ASSIGN(db::Statement change,
              batch().Prepare("INSERT INTO replay (handshake, last_resort_id) VALUES (?, ?)"
                              " ON CONFLICT DO NOTHING"));
  BindValues(change, row.handshake, row.last_resort_id);
  return batch().ChangeOr(change, Code::kReplayed, "this handshake was accepted before");
}

absl::StatusOr<uint32_t> Replay::Count(uint32_t last_resort_id) {
  PAWL_ASSIGN(db::Statement query,
              batch().Prepare("SELECT count(*) FROM replay WHERE last_resort_id = ?"));
  BindValues(query, last_resort_id);
  return SingleValue<uint32_t>(batch(), query);
}

}  // namespace pawl::store
