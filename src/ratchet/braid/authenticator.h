#ifndef PAWL_RATCHET_BRAID_AUTHENTICATOR_H_
#define PAWL_RATCHET_BRAID_AUTHENTICATOR_H_

#include "base/status.h"
#include "ratchet/braid/scheme.h"

namespace pawl::ratchet::braid {

// The ratcheted authenticator (ML-KEM Braid §3.4): MACs what an epoch exchanges, under a key that
// grows from the handshake's and every epoch secret since. So nobody can be in the middle of an
// exchange who was not in the middle of all before it.
struct Authenticator {
  AuthenticatorKeys keys;

  static Authenticator Start(const Scheme& scheme, const AuthKey& key);
  void Update(const Scheme& scheme, Epoch epoch, const EpochSecret& secret);

  Mac OfHeader(const Scheme& scheme, Epoch epoch, const EkHeader& header) const;
  Mac OfCiphertext(const Scheme& scheme, Epoch epoch, const Ct1& ct1, const Ct2& ct2) const;
  Authenticator Clone() const { return {{keys.root.Clone(), keys.mac.Clone()}}; }
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_AUTHENTICATOR_H_
