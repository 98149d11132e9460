#ifndef PAWL_SESSION_DEVICE_IDENTITY_H_
#define PAWL_SESSION_DEVICE_IDENTITY_H_

#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "identity/address.h"
#include "session/handshake.h"
#include "session/peer_bundle.h"
#include "session/prekeys.h"
#include "session/replay_cache.h"

namespace pawl::session {

// A self-contained device for hosts that bring their own transport: account key, signing key,
// identity key, prekeys and replay cache of an account with one device. Whoever changes it saves it
// (Save) before letting anything out. Movable; thread-compatible.
class DeviceIdentity {
 public:
  static absl::StatusOr<DeviceIdentity> Create(const identity::Address& address, Timestamp now,
                                               Rng& rng);

  const LocalDevice& device() const { return device_; }

  // A blob for one peer (PeerBundle): it carries a one-time pair of its own, so make one for each
  // peer. Renews list, bundle and prekeys when their time has come. At most kOneTimePoolTarget
  // pairs are kept; the oldest are erased first.
  absl::StatusOr<Bytes> PublicBundle(Timestamp now, Rng& rng);

  absl::StatusOr<Session> StartSession(const PeerBundle& peer, Timestamp now, Rng& rng) const;

  struct Received {
    Session session;
    Opened opened;
  };
  // Who claims to have sent this first envelope: fetch that device's PeerBundle. Nothing is proven
  // by it.
  absl::StatusOr<identity::DeviceAddress> PeekSender(ByteView envelope) const;
  // The session that the envelope begins. Erases the one-time pair it used. A further envelope of
  // the same handshake goes to Stage::OpenRepeated of the session (IsFor tells); here it is
  // kReplayed. `peer` must be of the sender.
  absl::StatusOr<Received> AcceptSession(ByteView envelope, const PeerBundle& peer, Timestamp now,
                                         Rng& rng);
  // True when the envelope repeats the handshake that began `session`.
  bool IsFor(ByteView envelope, const Session& session) const;

  Bytes Save(const crypto::AeadKey& key, Rng& rng) const;
  static absl::StatusOr<DeviceIdentity> Restore(ByteView sealed, const crypto::AeadKey& key);

 private:
  DeviceIdentity(crypto::Ed25519KeyPair account, crypto::Ed25519KeyPair signing, LocalDevice device,
                 identity::DeviceList list);
  void Maintain(Timestamp now, Rng& rng);

  crypto::Ed25519KeyPair account_;
  crypto::Ed25519KeyPair signing_;
  LocalDevice device_;
  identity::DeviceList list_;
  uint32_t next_prekey_id_ = 1;
  std::vector<BundleKeys> bundle_keys_;  // newest first
  std::vector<OneTimeKeys> one_time_;    // oldest first
  ReplayCache replays_;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_DEVICE_IDENTITY_H_
