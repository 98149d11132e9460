#ifndef PAWL_SESSION_KEY_AGREEMENT_H_
#define PAWL_SESSION_KEY_AGREEMENT_H_

#include "base/status.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"
#include "ratchet/braid/spqr.h"
#include "ratchet/core.h"
#include "session/facts.h"
#include "session/types.h"

namespace pawl::session {

// What PQXDH gives both sides (rev 3 §3.3), all from one KDF over all secrets and the transcript.
struct AgreedKeys {
  ratchet::RootKey root = ratchet::RootKey::Zero();  // SK
  ratchet::HeaderKeys initiator;  // shared_hka of the Double Ratchet §4 and its tag key
  ratchet::HeaderKeys responder;  // shared_nhkb and its tag key
  ratchet::braid::AuthKey pq_auth = ratchet::braid::AuthKey::Zero();
  ratchet::ResumptionSecret resumption = ratchet::ResumptionSecret::Zero();
};

// DH1 to DH4 and SS of PQXDH; DH4 is absent without a one-time pair.
struct AgreedSecrets {
  crypto::SharedSecret dh1 = crypto::SharedSecret::Zero();
  crypto::SharedSecret dh2 = crypto::SharedSecret::Zero();
  crypto::SharedSecret dh3 = crypto::SharedSecret::Zero();
  std::optional<crypto::SharedSecret> dh4;
  crypto::SharedSecret kem = crypto::SharedSecret::Zero();
};

AgreedKeys DeriveKeys(const AgreedSecrets& secrets, const TranscriptHash& transcript);

// PQXDH ends here and the ratchet begins: the initiator's first step answers the signed prekey, the
// responder's own first ratchet key is that prekey.
ratchet::Core InitiatorCore(const AgreedKeys& keys, const crypto::X25519Public& signed_prekey);
ratchet::Core ResponderCore(const AgreedKeys& keys, const crypto::X25519KeyPair& signed_prekey);
ratchet::braid::Spqr StartSpqr(const AgreedKeys& keys, Role role);

// Proof to the responder that the initiator held `previous`, and what both then mix into the
// responder's first ratchet step.
ByteArray<32> ProveResumption(const ratchet::ResumptionSecret& previous,
                              const TranscriptHash& transcript);
ratchet::ResumptionSecret ResumptionMix(const ratchet::ResumptionSecret& previous,
                                        const TranscriptHash& transcript);

}  // namespace pawl::session

#endif  // PAWL_SESSION_KEY_AGREEMENT_H_
