#ifndef PAWL_RATCHET_KEYS_H_
#define PAWL_RATCHET_KEYS_H_

#include "crypto/aead.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"
#include "ratchet/braid/types.h"

namespace pawl::ratchet {

// The secrets of the Double Ratchet (rev 4 §3, §4), one type each, so that none can stand for
// another.
using RootKey = crypto::Secret<struct RootKeyTag, 32>;    // RK
using ChainKey = crypto::Secret<struct ChainKeyTag, 32>;  // CKs, CKr
using MessageSeed =
    crypto::Secret<struct MessageSeedTag, 32>;  // mk: body key and nonce come from it and the salt
using HeaderKey = crypto::AeadKey;              // HKs, HKr, NHKs, NHKr
using TagKey = crypto::Secret<struct TagKeyTag, 32>;  // derived beside each header key
using braid::PqKey;                                   // the Braid's share of a message key
using ResumptionSecret = crypto::Secret<struct ResumptionSecretTag, 32>;

// What protects the headers of one chain: the AEAD key and the key of its route tags.
struct HeaderKeys {
  HeaderKey header = HeaderKey::Zero();
  TagKey tag = TagKey::Zero();
  HeaderKeys Clone() const { return {header.Clone(), tag.Clone()}; }
};

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_KEYS_H_
