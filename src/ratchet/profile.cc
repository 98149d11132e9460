#include "ratchet/profile.h"

#include <algorithm>

#include "codec/reader.h"
#include "crypto/kdf.h"

namespace pawl::ratchet {
namespace {

constexpr std::string_view kName = "Pawl 1: X25519, ML-KEM-768, HKDF-SHA-512, BLAKE2b";
constexpr std::string_view kRootLabel = "Pawl root v1";
constexpr std::string_view kResumedRootLabel = "Pawl root v1, resumed";
constexpr std::string_view kChainLabel = "Pawl chain v1";
constexpr std::string_view kBodyLabel = "Pawl body v1";

template <size_t N>
using Scratch = crypto::Secret<struct ScratchTag, N>;

RootOutput Root(const RootKey& root, const crypto::SharedSecret& dh,
                const ResumptionSecret* resumption) {
  Scratch<64> ikm = Scratch<64>::Zero();
  std::copy_n(dh.Expose().begin(), 32, ikm.Writable().begin());
  size_t ikm_size = 32;
  std::string_view label = kRootLabel;
  if (resumption != nullptr) {
    std::copy_n(resumption->Expose().begin(), 32, ikm.Writable().begin() + 32);
    ikm_size = 64;
    label = kResumedRootLabel;
  }
  Scratch<128> okm = Scratch<128>::Zero();
  // 128 bytes are below HKDF's bound, its only failure.
  (void)crypto::HkdfSha512(root.Expose(), ikm.Expose().first(ikm_size), AsBytes(label),
                           okm.Writable());
  RootOutput out;
  codec::Reader in(okm.Expose());
  in.Copy(out.root.Writable());
  in.Copy(out.chain.Writable());
  in.Copy(out.next.header.Writable());
  in.Copy(out.next.tag.Writable());
  return out;
}

ChainOutput Chain(const ChainKey& chain) {
  Scratch<64> okm = Scratch<64>::Zero();
  crypto::Blake2bKeyed(chain.Expose(), {AsBytes(kChainLabel)}, okm.Writable());
  ChainOutput out;
  codec::Reader in(okm.Expose());
  in.Copy(out.next.Writable());
  in.Copy(out.seed.Writable());
  return out;
}

BodyKeys Body(const MessageSeed& seed, const PqKey& pq, const Salt& salt) {
  Scratch<64> okm = Scratch<64>::Zero();
  crypto::Blake2bKeyed(seed.Expose(), {AsBytes(kBodyLabel), pq.Expose(), salt}, okm.Writable());
  BodyKeys out;
  codec::Reader in(okm.Expose());
  in.Copy(out.key.Writable());
  in.Copy(out.nonce);
  return out;
}

RouteTag Tag(const TagKey& key, uint32_t n) {
  const ByteArray<4> number = {static_cast<uint8_t>(n >> 24), static_cast<uint8_t>(n >> 16),
                               static_cast<uint8_t>(n >> 8), static_cast<uint8_t>(n)};
  ByteArray<16> tag;
  crypto::Blake2bKeyed(key.Expose(), {number}, tag);
  return RouteTag(tag);
}

}  // namespace

const Profile& ProductionProfile() {
  static const Profile kProfile{kName, Root, Chain, Body, Tag, &braid::ProductionScheme()};
  return kProfile;
}

}  // namespace pawl::ratchet
