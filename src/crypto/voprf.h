#ifndef PAWL_CRYPTO_VOPRF_H_
#define PAWL_CRYPTO_VOPRF_H_

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

namespace pawl::crypto {

// RFC 9497, mode VOPRF (0x01), suite ristretto255-SHA512: a keyed function that a server computes
// on an input that it does not see, with one proof for a whole batch that it used the key that
// everybody knows of. Elements and scalars are as the RFC serializes them.

constexpr size_t kVoprfMaxInput = 65535;  // bytes; so many elements in a batch, too
using VoprfElement = ByteArray<32>;       // of ristretto255; not the identity once it was accepted
using VoprfPublic = VoprfElement;
using VoprfScalar = Secret<struct VoprfScalarTag, 32>;
using VoprfProof = ByteArray<64>;
using VoprfOutput = Secret<struct VoprfOutputTag, 64>;

// --- The client ---

struct VoprfBlinded {
  VoprfScalar blind;  // needed to finish; whoever has it can link the element to the output
  VoprfElement element{};
};
// Blind. kInvalidArgument: the input is too long, or one that nobody finds (it maps to the
// identity).
absl::StatusOr<VoprfBlinded> VoprfBlind(ByteView input, Rng& rng);

// VerifyProof: that each of `evaluated` is the key of `server` times the one of `blinded` at its
// place. kMalformed: an element is none, or there are not as many; kAuthFailed.
absl::Status VoprfVerify(const VoprfPublic& server, std::span<const VoprfElement> blinded,
                         std::span<const VoprfElement> evaluated, const VoprfProof& proof);

// Finalize without the proof, which VoprfVerify has judged. kMalformed.
absl::StatusOr<VoprfOutput> VoprfFinalize(ByteView input, const VoprfScalar& blind,
                                          const VoprfElement& evaluated);

// Whether it may be evaluated: an element, and not the identity.
bool IsVoprfElement(const VoprfElement& element);

// --- The server ---

struct VoprfEvaluation {
  std::vector<VoprfElement> elements{};
  VoprfProof proof{};
};

class VoprfKey {
 public:
  // DeriveKeyPair. kInvalidArgument: `info` is too long, or the seed gives no key.
  static absl::StatusOr<VoprfKey> Derive(ByteView seed, ByteView info);

  const VoprfPublic& public_key() const { return public_; }
  // BlindEvaluate of a batch; the proof's scalar is drawn from `rng`. kMalformed: an element is
  // none, or there is none.
  absl::StatusOr<VoprfEvaluation> Evaluate(std::span<const VoprfElement> blinded, Rng& rng) const;
  // What a client that had this input evaluated ends with. kInvalidArgument.
  absl::StatusOr<VoprfOutput> Output(ByteView input) const;

 private:
  VoprfKey(VoprfScalar secret, const VoprfPublic& pub) : secret_(std::move(secret)), public_(pub) {}

  VoprfScalar secret_;
  VoprfPublic public_;
};

}  // namespace pawl::crypto

#endif  // PAWL_CRYPTO_VOPRF_H_
