#ifndef PAWL_SESSION_DEVICE_IDENTITY_H_
#define PAWL_SESSION_DEVICE_IDENTITY_H_

#include <span>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "identity/address.h"
#include "identity/device_list.h"
#include "session/handshake.h"
#include "session/peer_bundle.h"
#include "session/prekeys.h"
#include "session/replay_cache.h"
#include "session/safety_number.h"

namespace pawl::session {

// A self-contained device for hosts that bring their own transport: account key, signing key,
// identity key, prekeys and replay cache of an account with one device. Whoever changes it saves it
// (Save) before letting anything out. Movable; thread-compatible.
class DeviceIdentity {
 public:
  // Weekly sets that live 30 days, and as many again for a clock that jumped.
  static constexpr size_t kMaxBundleKeySets = 16;

  static absl::StatusOr<DeviceIdentity> Create(const identity::Address& address, Timestamp now,
                                               Rng& rng);

  const LocalDevice& device() const { return device_; }
  Party party() const { return {device_.address.account, device_.account_key}; }

  // A blob for one peer (PeerBundle). It carries a one-time pair of its own, so make one for each
  // peer. Renews list and prekeys when their time has come, and erases what is due. At most
  // kOneTimePoolTarget private pairs are kept; the oldest goes first.
  absl::StatusOr<Bytes> PublicBundle(Timestamp now, Rng& rng);

  // As Initiate. `displaces` is the session with this peer that the new one takes the place of.
  absl::StatusOr<Session> StartSession(const PeerBundle& peer, Timestamp now, Rng& rng,
                                       const Session* displaces = nullptr) const;

  // Who claims to have sent this first envelope: its PeerBundle is needed to accept it. Proves
  // nothing.
  absl::StatusOr<identity::DeviceAddress> PeekSender(ByteView envelope) const;

  struct Received {
    Session session;
    Opened opened;
    Displacement displacement;
  };
  // The session that the envelope begins, and its content. Erases the one-time pair that it used.
  // Later envelopes that repeat the handshake are opened by the session itself (Stage::Open); here
  // they are kReplayed. `peer` must be the sender's, `sessions` all that the host has with it.
  absl::StatusOr<Received> AcceptSession(ByteView envelope, const PeerBundle& peer, Timestamp now,
                                         std::span<const Session* const> sessions = {});
  // True when the envelope repeats the handshake that began `session`. As dear as PeekSender.
  bool IsFor(ByteView envelope, const Session& session) const;

  // What Save and Restore keep; the key is the host's. As sealed_state.h.
  Bytes Save(const crypto::AeadKey& key, Rng& rng) const;
  static absl::StatusOr<DeviceIdentity> Restore(ByteView sealed, const crypto::AeadKey& key);

 private:
  DeviceIdentity(crypto::Ed25519KeyPair account, crypto::Ed25519KeyPair signing, LocalDevice device,
                 identity::DeviceList list);
  absl::Status Renew(Timestamp now, Rng& rng);
  absl::Status RenewList(Timestamp now);
  void EraseDue(Timestamp now);
  PrekeyId TakeIds(uint32_t count);
  const OneTimeKeys* FindOneTime(const std::optional<PrekeyId>& id) const;
  void Consume(const Accepted& accepted);
  crypto::SecretBytes Encode() const;
  static absl::StatusOr<DeviceIdentity> Decode(ByteView state);

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
