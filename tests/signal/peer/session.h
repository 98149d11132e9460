#ifndef PAWL_TESTS_SIGNAL_PEER_SESSION_H_
#define PAWL_TESTS_SIGNAL_PEER_SESSION_H_

#include <vector>

#include "base/rng.h"
#include "base/status.h"
#include "message.h"
#include "ratchet/braid/spqr.h"
#include "ratchet/core.h"
#include "ratchet/double_ratchet.h"

namespace pawl::signal {

// Who talks; addresses (18 bytes each, or empty) go into messages when both are known.
struct Participants {
  TypedKey local{};
  TypedKey remote{};
  Bytes local_address;
  Bytes remote_address;
};

// What a handshake would have given. `root` of the initiator may be the one before or after its
// first sending step, which the other values tell apart.
struct InitiatorKeys {
  ratchet::RootKey root = ratchet::RootKey::Zero();
  ratchet::ChainKey receiving = ratchet::ChainKey::Zero();  // of the chain of `peer`
  ratchet::braid::AuthKey auth = ratchet::braid::AuthKey::Zero();
  crypto::X25519KeyPair own{crypto::X25519Private::Zero(), {}};
  ratchet::ChainKey sending = ratchet::ChainKey::Zero();
  crypto::X25519Public peer{};
};
struct ResponderKeys {
  ratchet::RootKey root = ratchet::RootKey::Zero();
  ratchet::ChainKey sending = ratchet::ChainKey::Zero();  // of the chain of `own`
  ratchet::braid::AuthKey auth = ratchet::braid::AuthKey::Zero();
  crypto::X25519KeyPair own{crypto::X25519Private::Zero(), {}};
};

// A Triple Ratchet session of libsignal's kind on our ratchet: no header encryption, so a message's
// chain is found by the ratchet key in its clear header.
class Session {
 public:
  // kInvalidKey: `peer` has small order.
  static absl::StatusOr<Session> Initiate(Participants who, InitiatorKeys keys, Rng& rng);
  static Session Respond(Participants who, ResponderKeys keys, Rng& rng);

  // kWrongState.
  absl::StatusOr<Bytes> Encrypt(ByteView plaintext, Rng& rng);
  // A SignalMessage. An error leaves every byte of the session as it was.
  absl::StatusOr<Bytes> Decrypt(ByteView wire);

  const ratchet::Core& core() const { return core_; }
  const ratchet::braid::Spqr& spqr() const { return spqr_; }
  const ratchet::SkippedKeys& skipped() const { return skipped_; }
  const ratchet::braid::SkippedPqMap& skipped_pq() const { return skipped_pq_; }

 private:
  struct PastChain {
    crypto::X25519Public key;
    uint32_t serial;
  };

  Session(Participants who, ratchet::Core core, ratchet::braid::Role role,
          const ratchet::braid::AuthKey& auth);

  absl::StatusOr<ratchet::Located> Locate(const SignalMessage& message) const;
  void Apply(ratchet::ReceiveStep step);
  absl::Status CheckAddresses(ByteView addresses) const;

  Participants who_;
  ratchet::Core core_;
  ratchet::braid::Spqr spqr_;
  ratchet::SkippedKeys skipped_;
  ratchet::braid::SkippedPqMap skipped_pq_;
  std::vector<PastChain> past_;  // closed receiving chains whose messages may still come
};

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PEER_SESSION_H_
