#ifndef PAWL_RATCHET_BRAID_TYPES_H_
#define PAWL_RATCHET_BRAID_TYPES_H_

#include "base/bytes.h"
#include "base/strong_alias.h"
#include "crypto/secret.h"

namespace pawl::ratchet::braid {

// One ML-KEM exchange, counted from 1; the chains that the handshake starts are those of epoch 0.
using Epoch = StrongAlias<struct BraidEpochTag, uint64_t>;
constexpr Epoch After(Epoch epoch) { return Epoch(*epoch + 1); }
constexpr Epoch Before(Epoch epoch) { return Epoch(*epoch - 1); }

// Which side of the session; it says which chain is whose.
enum class Role : uint8_t { kInitiator = 1, kResponder = 2 };

// The parts that ML-KEM-768's key and ciphertext are sent in (ML-KEM Braid §3.2).
constexpr size_t kEkHeaderSize = 64;    // rho[32] || SHA3-256(ek)[32]
constexpr size_t kEkVectorSize = 1152;  // t
constexpr size_t kCt1Size = 960;        // compressed u
constexpr size_t kCt2Size = 128;        // compressed v
constexpr size_t kMacSize = 32;
using EkHeader = ByteArray<kEkHeaderSize>;
using EkVector = ByteArray<kEkVectorSize>;
using Ct1 = ByteArray<kCt1Size>;
using Ct2 = ByteArray<kCt2Size>;
using Mac = ByteArray<kMacSize>;

using AuthKey = crypto::Secret<struct BraidAuthKeyTag, 32>;  // from the handshake
using AuthRoot = crypto::Secret<struct BraidAuthRootTag, 32>;
using MacKey = crypto::Secret<struct BraidMacKeyTag, 32>;
using KeySeed = crypto::Secret<struct BraidKeySeedTag, 64>;  // d || z of FIPS 203
using Coin = crypto::Secret<struct BraidCoinTag, 32>;        // m of FIPS 203
using EpochSecret = crypto::Secret<struct BraidEpochSecretTag, 32>;
using ChainRoot = crypto::Secret<struct BraidChainRootTag, 32>;
using ChainKey = crypto::Secret<struct BraidChainKeyTag, 32>;
using PqKey = crypto::Secret<struct PqKeyTag, 32>;  // of one message

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_TYPES_H_
