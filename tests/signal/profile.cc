#include "profile.h"

#include "codec/reader.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "scheme.h"

namespace pawl::signal {
namespace {

using namespace ratchet;  // NOLINT: a translation of names

// libsignal takes 64 bytes, root || chain. What HKDF gives beyond serves as tag key.
RootOutput Root(const RootKey& root, const crypto::SharedSecret& dh, const ResumptionSecret*) {
  ByteArray<96> okm;
  // 96 bytes are below HKDF's bound, its only failure.
  (void)crypto::HkdfSha256(root.Expose(), dh.Expose(), AsBytes("WhisperRatchet"), okm);
  RootOutput out;
  codec::Reader in(okm);
  in.Copy(out.root.Writable());
  in.Copy(out.chain.Writable());
  in.Copy(out.next.tag.Writable());
  return out;
}

ChainOutput Chain(const ChainKey& chain) {
  const ByteArray<1> seed_label = {1};
  const ByteArray<1> next_label = {2};
  return {ChainKey::From(crypto::HmacSha256(chain.Expose(), {next_label})),
          MessageSeed::From(crypto::HmacSha256(chain.Expose(), {seed_label}))};
}

}  // namespace

const Profile& SignalProfile() {
  static const braid::Scheme scheme = SignalScheme(&braid::MlKem768());
  static const Profile profile{
      "Signal", Root, Chain, ProductionProfile().body, ProductionProfile().tag, &scheme};
  return profile;
}

}  // namespace pawl::signal
