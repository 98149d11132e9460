#include <optional>
#include <utility>

#include "client/engine/backoff.h"
#include "client/engine/devices.h"
#include "client/engine/fanout.h"
#include "client/engine/resend.h"
#include "client/engine/session_rows.h"
#include "session/convergence.h"
#include "session/handshake.h"

namespace pawl::client {
namespace {

// What a peer whose prekeys ran out of date may take to come back.
constexpr Duration kExpiredBundleRetry = Hours(6);

struct PeerKeys {
  Bytes epoch_record;
  identity::EpochRecord epoch;
  identity::Bundle bundle;
  std::optional<identity::OneTimePair> one_time;
};

absl::StatusOr<PeerKeys> ParseKeys(const session::RemoteDevice& remote,
                                   const PrekeyRecords& records, Timestamp now) {
  PAWL_ASSIGN(auto epoch, identity::EpochRecord::Parse(records.epoch, remote.signing_key));
  PAWL_ASSIGN(auto bundle, identity::Bundle::Parse(records.bundle, remote.signing_key));
  if (epoch.device != remote.address || bundle.device != remote.address ||
      bundle.epoch != epoch.epoch || bundle.identity_key != epoch.identity_key) {
    return Fail(Code::kMalformed, "records of different devices or epochs");
  }
  PAWL_TRY(bundle.CheckTime(now));
  PeerKeys keys{ToBytes(records.epoch), std::move(epoch), std::move(bundle), std::nullopt};
  if (!records.one_time.empty()) {
    // A pair that is wrong or out of date is as good as none: the last-resort key is there for
    // that.
    auto pair = identity::OneTimePair::Parse(records.one_time, remote.signing_key);
    if (pair.ok() && pair->device == remote.address && pair->expires_at > now) {
      keys.one_time = *std::move(pair);
    }
  }
  return keys;
}

absl::Status Retry(Batch& batch, const identity::DeviceAddress& device, store::PendingReason reason,
                   Code code, Duration wait) {
  const Timestamp at = batch.now + wait;
  batch.fetches.push_back(
      {.what = device, .kind = Batch::FetchChange::Kind::kRetry, .not_before = at});
  return Postpone(batch, device, reason, code, at);
}

absl::Status RetryWithBackoff(Batch& batch, const identity::DeviceAddress& device, Code code,
                              Duration retry_after) {
  auto fetch = batch.state.fetches.find(device);
  const uint32_t attempts = fetch == batch.state.fetches.end() ? 0 : fetch->second.attempts;
  return Retry(batch, device, store::PendingReason::kNeedsBundle, code,
               Backoff(attempts, retry_after, batch.rng));
}

// Whose place a fresh session takes: that of the one in use, though nobody may have answered it;
// when none is, of one that both sides are known to have held.
const session::Session* Displaced(const Batch& batch, const identity::DeviceAddress& device) {
  std::vector<const session::Session*> all;
  const session::Session* held = nullptr;
  for (const SessionEntry* entry : batch.sessions.With(device)) {
    all.push_back(&entry->session);
    if (!held || entry->session.confirmed()) held = &entry->session;
  }
  const session::Session* in_use = session::SendingSession(all);
  return in_use ? in_use : held;
}

absl::Status Begin(Batch& batch, const session::RemoteDevice& remote, const PeerKeys& keys) {
  auto made = session::Initiate({.local = batch.self->device,
                                 .remote = remote,
                                 .bundle = keys.bundle,
                                 .one_time = keys.one_time ? &*keys.one_time : nullptr,
                                 .suites = batch.state.config.suites,
                                 .displaces = Displaced(batch, remote.address)},
                                batch.now, batch.rng);
  if (!made.ok()) {
    return RetryWithBackoff(batch, remote.address, CodeOf(made.status()), Duration{});
  }
  PAWL_TRY(InsertSession(batch, *std::move(made)).status());
  PAWL_TRY(ResendOldest(batch, remote.address));
  return ResolveDevice(batch, remote.address);
}

}  // namespace

absl::Status OnPrekeys(Batch& batch, const identity::DeviceAddress& device,
                       const PrekeyRecords& records) {
  const auto remote = RemoteOf(batch, device);
  if (!remote.ok()) {
    batch.fetches.push_back({.what = device, .kind = Batch::FetchChange::Kind::kDone});
    return OkStatus();
  }
  const auto keys = ParseKeys(*remote, records, batch.now);
  if (CodeOf(keys.status()) == Code::kExpired || CodeOf(keys.status()) == Code::kNotYetValid) {
    return Retry(batch, device, store::PendingReason::kBundleExpired, Code::kPeerBundleExpired,
                 kExpiredBundleRetry);
  }
  if (!keys.ok()) return RetryWithBackoff(batch, device, CodeOf(keys.status()), Duration{});
  PAWL_ASSIGN(const bool current,
              NoteEpoch(batch, *remote, keys->epoch, keys->epoch_record, keys->bundle.suites));
  if (!current) return RetryWithBackoff(batch, device, Code::kReplayed, Duration{});
  batch.fetches.push_back({.what = device, .kind = Batch::FetchChange::Kind::kDone});
  return Begin(batch, *remote, *keys);
}

absl::Status OnPrekeysRefused(Batch& batch, const identity::DeviceAddress& device,
                              const Refused& refused) {
  // Listed, but without keys at the relay (yet), or the list we know is out of date.
  if (refused.code == Code::kNotFound) batch.WantList(device.account);
  return RetryWithBackoff(batch, device, refused.code, refused.retry_after);
}

}  // namespace pawl::client
