#include "client/engine/own_prekeys.h"

#include <utility>

#include "base/sim_hooks.h"
#include "client/engine/codes.h"

namespace pawl::client {

using session::BundleKeys;
using session::OneTimeKeys;
using store::PrekeyKind;

absl::StatusOr<std::vector<BundleKeys>> LoadBundleKeys(store::Prekeys& prekeys) {
  PAWL_ASSIGN(const auto rows, prekeys.LoadKind(PrekeyKind::kBundle));
  std::vector<BundleKeys> keys;
  for (const store::PrekeyRow& row : rows) {
    PAWL_ASSIGN(auto decoded, FromStore(BundleKeys::Decode(row.private_part.Expose())));
    // The row's end is the truth: it is what rotation changes.
    if (row.expires_at != kNever) {
      decoded.replaced_at = row.expires_at - session::kPrekeyRetention;
    }
    keys.push_back(std::move(decoded));
  }
  return keys;
}

absl::StatusOr<std::shared_ptr<const std::vector<BundleKeys>>> LoadBundleKeys(
    store::Transaction& tx) {
  PAWL_ASSIGN(auto keys, LoadBundleKeys(tx.prekeys()));
  return std::make_shared<const std::vector<BundleKeys>>(std::move(keys));
}

absl::Status RotateBundle(Batch& batch) {
  store::Prekeys& prekeys = batch.tx.prekeys();
  PAWL_ASSIGN(auto rows, prekeys.LoadKind(PrekeyKind::kBundle));
  for (store::PrekeyRow& row : rows) {
    if (row.expires_at != kNever) continue;
    row.expires_at = batch.now + session::kPrekeyRetention;
    row.uploaded = true;  // nobody shall be given it any more
    PAWL_TRY(prekeys.Save(row));
  }
  PAWL_ASSIGN(const uint32_t first, prekeys.ReserveIds(BundleKeys::kIds));
  const BundleKeys keys = BundleKeys::Generate(session::PrekeyId(first), batch.state.config.suites,
                                               batch.now, batch.rng);
  store::PrekeyRow row;
  row.kind = PrekeyKind::kBundle;
  row.id = first;
  row.last_resort_id = *keys.last_resort_id;
  row.private_part = keys.Encode();
  PAWL_ASSIGN(row.public_record,
              keys.MakeBundle(batch.self->device, batch.now).Sign(batch.self->signing));
  row.created_at = batch.now;
  PAWL_TRY(prekeys.Save(row));
  PAWL_ASSIGN(batch.bundle_keys, LoadBundleKeys(batch.tx));
  batch.duties[Duty::kPutPrekeys].due = true;
  return OkStatus();
}

absl::Status MakeOneTimePairs(Batch& batch, size_t count) {
  if (count == 0) return OkStatus();
  PAWL_ASSIGN(uint32_t id, batch.tx.prekeys().ReserveIds(static_cast<uint32_t>(count)));
  for (size_t i = 0; i < count; ++i, ++id) {
    const auto keys = OneTimeKeys::Generate(session::PrekeyId(id), batch.now, batch.rng);
    store::PrekeyRow row;
    row.kind = PrekeyKind::kOneTime;
    row.id = id;
    row.private_part = keys.Encode();
    PAWL_ASSIGN(row.public_record,
                keys.MakePair(batch.self->device.address).Sign(batch.self->signing));
    row.created_at = batch.now;
    // A handshake made on its last day may be on its way for as long again as clocks may differ.
    row.expires_at = keys.expires_at + session::kPrekeyRetention;
    PAWL_TRY(batch.tx.prekeys().Save(row));
  }
  PAWL_TRY(batch.tx.prekeys().EraseBeyond(PrekeyKind::kOneTime, kMaxOneTimeKept));
  batch.duties[Duty::kPutPrekeys].due = true;
  return OkStatus();
}

absl::Status TopUp(Batch& batch) {
  if (batch.one_time_left >= session::kOneTimePoolLow) return OkStatus();
  if (batch.duties[Duty::kPutPrekeys].due) return OkStatus();  // more are on their way already
  return MakeOneTimePairs(batch, session::kOneTimePoolTarget - batch.one_time_left);
}

absl::Status TopUpAtTheirWord(Batch& batch) {
  if (batch.one_time_left >= session::kOneTimePoolLow) return OkStatus();
  // A clock that was set back does not put it off.
  const bool too_soon =
      batch.now < batch.next_top_up && batch.next_top_up - batch.now <= kTopUpInterval;
  if (too_soon) return OkStatus();
  batch.next_top_up = batch.now + kTopUpInterval;
  return TopUp(batch);
}

absl::StatusOr<std::optional<OneTimeKeys>> FindOneTime(Batch& batch, session::PrekeyId id) {
  return FindOneTime(batch.tx.prekeys(), id);
}

absl::StatusOr<std::optional<OneTimeKeys>> FindOneTime(store::Prekeys& prekeys,
                                                       session::PrekeyId id) {
  PAWL_ASSIGN(const auto row, prekeys.Find(PrekeyKind::kOneTime, *id));
  if (!row) return std::optional<OneTimeKeys>();
  PAWL_ASSIGN(auto keys, FromStore(OneTimeKeys::Decode(row->private_part.Expose())));
  return std::optional<OneTimeKeys>(std::move(keys));
}

absl::Status ConsumeOneTime(Batch& batch, session::PrekeyId id) {
  if (batch.one_time_left > 0) --batch.one_time_left;
  PAWL_PASSED("session.one_time_used");
  if (!PAWL_MUTANT("engine.keep_prekey")) {
    PAWL_TRY(batch.tx.prekeys().Erase(PrekeyKind::kOneTime, *id));
  }
  return batch.device_up ? TopUp(batch) : OkStatus();
}

absl::StatusOr<bool> IsReplayed(Batch& batch, const session::HandshakeId& handshake) {
  return batch.tx.replay().Seen(*handshake);
}

absl::Status RememberHandshake(Batch& batch, session::PrekeyId last_resort,
                               const session::HandshakeId& handshake) {
  PAWL_TRY(batch.tx.replay().Add({.last_resort_id = *last_resort, .handshake = *handshake}));
  PAWL_ASSIGN(const uint32_t count, batch.tx.replay().Count(*last_resort));
  if (count < session::kMaxReplayCacheEntries) return OkStatus();
  PAWL_ASSIGN(const auto rows, batch.tx.prekeys().LoadKind(PrekeyKind::kBundle));
  for (const store::PrekeyRow& row : rows) {
    if (row.last_resort_id != *last_resort) continue;
    if (row.expires_at == kNever) PAWL_TRY(RotateBundle(batch));
    PAWL_TRY(batch.tx.prekeys().Erase(PrekeyKind::kBundle, row.id));
  }
  PAWL_ASSIGN(batch.bundle_keys, LoadBundleKeys(batch.tx));
  return OkStatus();
}

}  // namespace pawl::client
