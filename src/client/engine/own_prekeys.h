#ifndef PAWL_CLIENT_ENGINE_OWN_PREKEYS_H_
#define PAWL_CLIENT_ENGINE_OWN_PREKEYS_H_

#include <memory>
#include <vector>

#include "client/engine/batch.h"
#include "session/prekeys.h"

namespace pawl::client {

// Fresh seal key, signed prekey and last-resort key; those before are kept for kPrekeyRetention. To
// be uploaded.
absl::Status RotateBundle(Batch& batch);
// `count` more one-time pairs, to be uploaded.
absl::Status MakeOneTimePairs(Batch& batch, size_t count);
// The relay runs low: fill it up to kOneTimePoolTarget.
absl::Status TopUp(Batch& batch);
// The same because it says so itself: once per kTopUpInterval at most, for whoever drains it, or
// the relay that says so with every connection, makes us work and our store grow.
constexpr Duration kTopUpInterval = Minutes(10);
absl::Status TopUpAtTheirWord(Batch& batch);
// Private halves that are kept of pairs nobody has used yet; beyond it the oldest go.
constexpr uint32_t kMaxOneTimeKept = 1000;

// A private one-time pair; nullopt when it is not there (used before, or never ours).
absl::StatusOr<std::optional<session::OneTimeKeys>> FindOneTime(store::Prekeys& prekeys,
                                                                session::PrekeyId id);
absl::StatusOr<std::optional<session::OneTimeKeys>> FindOneTime(Batch& batch, session::PrekeyId id);
// Erased in the transaction of the session that it began.
absl::Status ConsumeOneTime(Batch& batch, session::PrekeyId id);
// True when the handshake was accepted before.
absl::StatusOr<bool> IsReplayed(Batch& batch, const session::HandshakeId& handshake);
// Remembers a handshake that used no one-time pair. A last-resort key that has seen
// kMaxReplayCacheEntries of them is replaced and erased.
absl::Status RememberHandshake(Batch& batch, session::PrekeyId last_resort,
                               const session::HandshakeId& handshake);

// Private bundle keys as stored, newest first. kCorrupt.
absl::StatusOr<std::vector<session::BundleKeys>> LoadBundleKeys(store::Prekeys& prekeys);
absl::StatusOr<std::shared_ptr<const std::vector<session::BundleKeys>>> LoadBundleKeys(
    store::Transaction& tx);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_OWN_PREKEYS_H_
