#ifndef PAWL_RATCHET_BRAID_KEM_H_
#define PAWL_RATCHET_BRAID_KEM_H_

#include "base/status.h"
#include "crypto/x25519.h"
#include "ratchet/braid/types.h"

namespace pawl::ratchet::braid {

struct EncapsulationKey {
  EkHeader header;
  EkVector vector;
};

struct FirstHalf {
  Ct1 ct1;
  crypto::SharedSecret shared = crypto::SharedSecret::Zero();
};

// Incremental ML-KEM-768 (ML-KEM Braid §3.2), each part a function of what is kept: a seed or a
// coin of a few bytes, in whatever byte order the machine has. Tests bring recorded keys.
struct Kem {
  EncapsulationKey (*expand)(const KeySeed& seed);
  crypto::SharedSecret (*decapsulate)(const KeySeed& seed, const Ct1& ct1, const Ct2& ct2);
  // Needs the key's header alone.
  FirstHalf (*encapsulate1)(const EkHeader& header, const Coin& coin);
  // kInvalidKey: the vector is not the header's, or has a coefficient ≥ q.
  absl::StatusOr<Ct2> (*encapsulate2)(const EkHeader& header, const Coin& coin,
                                      const EkVector& vector);
};

const Kem& MlKem768();

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_KEM_H_
