#include "ratchet/braid/authenticator.h"

namespace pawl::ratchet::braid {

Authenticator Authenticator::Start(const Scheme& scheme, const AuthKey& key) {
  return {scheme.authenticate(AuthRoot::Zero(), key.Expose(), Epoch(1))};
}

void Authenticator::Update(const Scheme& scheme, Epoch epoch, const EpochSecret& secret) {
  keys = scheme.authenticate(keys.root, secret.Expose(), epoch);
}

Mac Authenticator::OfHeader(const Scheme& scheme, Epoch epoch, const EkHeader& header) const {
  return scheme.header_mac(keys.mac, epoch, header);
}

Mac Authenticator::OfCiphertext(const Scheme& scheme, Epoch epoch, const Ct1& ct1,
                                const Ct2& ct2) const {
  return scheme.ciphertext_mac(keys.mac, epoch, ct1, ct2);
}

}  // namespace pawl::ratchet::braid
