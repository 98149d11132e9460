#include "crypto/voprf.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>

namespace pawl::crypto {
namespace {

// RFC 9497 §3.1: "OPRFV1-" || I2OSP(mode, 1) || "-" || identifier; §4.1: the identifier.
constexpr std::string_view kContext{"OPRFV1-\x01-ristretto255-SHA512", 29 - 1};
constexpr size_t kUniform = 64;
using Uniform = Secret<struct VoprfUniformTag, kUniform>;
// Of an input, or of its output: whoever has it can tell which token it was.
using SecretElement = Secret<struct VoprfSecretElementTag, 32>;

ByteArray<2> Length(size_t size) {
  return {static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
}

// SHA-512 over parts, one at a time; what it holds of an input is wiped.
class Sha512Stream {
 public:
  Sha512Stream() { crypto_hash_sha512_init(&state_); }
  ~Sha512Stream() { sodium_memzero(&state_, sizeof(state_)); }
  Sha512Stream& Add(ByteView bytes) {
    crypto_hash_sha512_update(&state_, bytes.data(), bytes.size());
    return *this;
  }
  Sha512Stream& Add(std::string_view text) { return Add(AsBytes(text)); }
  Sha512Stream& AddPrefixed(ByteView bytes) { return Add(Length(bytes.size())).Add(bytes); }
  void Finish(std::span<uint8_t, 64> out) { crypto_hash_sha512_final(&state_, out.data()); }

 private:
  crypto_hash_sha512_state state_;
};

// expand_message_xmd of RFC 9380 §5.3.1 with SHA-512 and 64 bytes of output: a single block. `feed`
// adds the message; the tag is `name` and the context.
template <typename Feed>
Uniform Expand(std::string_view name, Feed feed) {
  constexpr ByteArray<128> kZeroBlock{};  // the hash's input block
  constexpr ByteArray<3> kLengthAndZero{0, kUniform, 0};
  constexpr ByteArray<1> kFirst{1};
  const ByteArray<1> tag_size{static_cast<uint8_t>(name.size() + kContext.size())};
  Uniform b0 = Uniform::Zero();
  Sha512Stream first;
  first.Add(kZeroBlock);
  feed(first);
  first.Add(kLengthAndZero).Add(name).Add(kContext).Add(tag_size).Finish(b0.Writable());
  Uniform b1 = Uniform::Zero();
  Sha512Stream second;
  second.Add(b0.Expose()).Add(kFirst).Add(name).Add(kContext).Add(tag_size);
  second.Finish(b1.Writable());
  return b1;
}

VoprfScalar Reduce(const Uniform& uniform) {
  VoprfScalar scalar = VoprfScalar::Zero();
  crypto_core_ristretto255_scalar_reduce(scalar.Writable().data(), uniform.Expose().data());
  return scalar;
}

SecretElement HashToGroup(ByteView input) {
  const Uniform uniform = Expand("HashToGroup-", [&](Sha512Stream& hash) { hash.Add(input); });
  SecretElement element = SecretElement::Zero();
  crypto_core_ristretto255_from_hash(element.Writable().data(), uniform.Expose().data());
  return element;
}

template <typename Feed>
VoprfScalar HashToScalar(Feed feed) {
  return Reduce(Expand("HashToScalar-", feed));
}

bool IsZero(const VoprfScalar& scalar) {
  return sodium_is_zero(scalar.Expose().data(), VoprfScalar::kSize) != 0;
}

// §2.1: uniform, and not 0. Of 64 uniform bytes 0 does not come in practice.
VoprfScalar RandomScalar(Rng& rng) {
  VoprfScalar scalar = VoprfScalar::Zero();
  do {
    scalar = Reduce(Uniform::Random(rng));
  } while (IsZero(scalar));
  return scalar;
}

// False: the point is none, or the result is the identity.
bool Multiply(const VoprfScalar& scalar, std::span<const uint8_t, 32> point,
              std::span<uint8_t, 32> out) {
  return crypto_scalarmult_ristretto255(out.data(), scalar.Expose().data(), point.data()) == 0;
}
bool MultiplyBase(const VoprfScalar& scalar, VoprfElement& out) {
  return crypto_scalarmult_ristretto255_base(out.data(), scalar.Expose().data()) == 0;
}
bool AddTo(VoprfElement& sum, const VoprfElement& point) {
  return crypto_core_ristretto255_add(sum.data(), sum.data(), point.data()) == 0;
}

VoprfScalar Invert(const VoprfScalar& scalar) {
  VoprfScalar inverse = VoprfScalar::Zero();
  crypto_core_ristretto255_scalar_invert(inverse.Writable().data(), scalar.Expose().data());
  return inverse;
}

// §4: "Applications MUST check that input Element values received over the wire are not the group
// identity element." The identity's encoding is all zero.
bool IsElement(const VoprfElement& element) {
  return sodium_is_zero(element.data(), element.size()) == 0 &&
         crypto_core_ristretto255_is_valid_point(element.data()) == 1;
}
bool AreElements(std::span<const VoprfElement> elements) {
  return std::all_of(elements.begin(), elements.end(), IsElement);
}

// §2.2.1, the scalars d_i of ComputeComposites.
class Weights {
 public:
  explicit Weights(const VoprfPublic& server) {
    const std::string tag = "Seed-" + std::string(kContext);
    Sha512Stream().AddPrefixed(server).AddPrefixed(AsBytes(tag)).Finish(seed_);
  }
  VoprfScalar At(size_t i, const VoprfElement& c, const VoprfElement& d) const {
    return HashToScalar([&](Sha512Stream& hash) {
      hash.AddPrefixed(seed_).Add(Length(i)).AddPrefixed(c).AddPrefixed(d).Add("Composite");
    });
  }

 private:
  Hash64 seed_;
};

struct Composites {
  VoprfElement m{};
  VoprfElement z{};
};

// ComputeComposites; without `z` when the caller can get it by its key.
bool Compose(const VoprfPublic& server, std::span<const VoprfElement> c,
             std::span<const VoprfElement> d, bool with_z, Composites& out) {
  const Weights weights(server);
  for (size_t i = 0; i < c.size(); ++i) {
    const VoprfScalar weight = weights.At(i, c[i], d[i]);
    VoprfElement term;
    if (!Multiply(weight, c[i], term) || !AddTo(out.m, term)) return false;
    if (with_z && (!Multiply(weight, d[i], term) || !AddTo(out.z, term))) return false;
  }
  return true;
}

VoprfScalar Challenge(const VoprfPublic& server, const Composites& composites,
                      const VoprfElement& t2, const VoprfElement& t3) {
  return HashToScalar([&](Sha512Stream& hash) {
    hash.AddPrefixed(server).AddPrefixed(composites.m).AddPrefixed(composites.z);
    hash.AddPrefixed(t2).AddPrefixed(t3).Add("Challenge");
  });
}

// a * x + b * y, each factor possibly 0.
bool Combine(const VoprfScalar& a, const VoprfElement* x, const VoprfScalar& b,
             const VoprfElement& y, VoprfElement& out) {
  out = {};
  VoprfElement term;
  if (!IsZero(a)) {
    if (!(x != nullptr ? Multiply(a, *x, term) : MultiplyBase(a, term))) return false;
    if (!AddTo(out, term)) return false;
  }
  return IsZero(b) || (Multiply(b, y, term) && AddTo(out, term));
}

// A scalar that is not reduced has a second encoding, and a proof would have two.
bool IsReduced(std::span<const uint8_t, 32> scalar) {
  Uniform wide = Uniform::Zero();
  std::copy(scalar.begin(), scalar.end(), wide.Writable().begin());
  return SameBytes(Reduce(wide).Expose(), scalar);
}

VoprfOutput Finish(ByteView input, const SecretElement& unblinded) {
  VoprfOutput output = VoprfOutput::Zero();
  Sha512Stream hash;
  hash.AddPrefixed(input).AddPrefixed(unblinded.Expose()).Add("Finalize").Finish(output.Writable());
  return output;
}

}  // namespace

bool IsVoprfElement(const VoprfElement& element) { return IsElement(element); }

absl::StatusOr<VoprfBlinded> VoprfBlind(ByteView input, Rng& rng) {
  if (input.size() > kVoprfMaxInput) return Fail(Code::kInvalidArgument, "VOPRF input too long");
  VoprfBlinded blinded{RandomScalar(rng)};
  if (!Multiply(blinded.blind, HashToGroup(input).Expose(), blinded.element)) {
    return Fail(Code::kInvalidArgument, "VOPRF input of the identity");
  }
  return blinded;
}

absl::Status VoprfVerify(const VoprfPublic& server, std::span<const VoprfElement> blinded,
                         std::span<const VoprfElement> evaluated, const VoprfProof& proof) {
  if (blinded.empty() || blinded.size() != evaluated.size() || blinded.size() > kVoprfMaxInput ||
      !IsElement(server) || !AreElements(blinded) || !AreElements(evaluated)) {
    return Fail(Code::kMalformed, "no VOPRF elements");
  }
  const auto c_bytes = std::span(proof).first<32>();
  const auto s_bytes = std::span(proof).last<32>();
  if (!IsReduced(c_bytes) || !IsReduced(s_bytes)) return Fail(Code::kMalformed, "VOPRF proof");
  const auto c = VoprfScalar::From(c_bytes);
  const auto s = VoprfScalar::From(s_bytes);
  Composites composites;
  VoprfElement t2, t3;
  if (!Compose(server, blinded, evaluated, true, composites) ||
      !Combine(s, nullptr, c, server, t2) || !Combine(s, &composites.m, c, composites.z, t3)) {
    return Fail(Code::kAuthFailed, "VOPRF proof");
  }
  const VoprfScalar expected = Challenge(server, composites, t2, t3);
  return expected.Equals(c) ? OkStatus() : Fail(Code::kAuthFailed, "VOPRF proof");
}

absl::StatusOr<VoprfOutput> VoprfFinalize(ByteView input, const VoprfScalar& blind,
                                          const VoprfElement& evaluated) {
  SecretElement unblinded = SecretElement::Zero();
  if (input.size() > kVoprfMaxInput || !IsElement(evaluated) ||
      !Multiply(Invert(blind), evaluated, unblinded.Writable())) {
    return Fail(Code::kMalformed, "no VOPRF element");
  }
  return Finish(input, unblinded);
}

absl::StatusOr<VoprfKey> VoprfKey::Derive(ByteView seed, ByteView info) {
  if (info.size() > kVoprfMaxInput) return Fail(Code::kInvalidArgument, "VOPRF info too long");
  for (int counter = 0; counter <= 255; ++counter) {
    const ByteArray<1> last{static_cast<uint8_t>(counter)};
    VoprfScalar secret = Reduce(Expand(
        "DeriveKeyPair", [&](Sha512Stream& hash) { hash.Add(seed).AddPrefixed(info).Add(last); }));
    VoprfPublic pub;
    if (!IsZero(secret) && MultiplyBase(secret, pub)) return VoprfKey(std::move(secret), pub);
  }
  return Fail(Code::kInvalidArgument, "VOPRF seed without a key");
}

absl::StatusOr<VoprfEvaluation> VoprfKey::Evaluate(std::span<const VoprfElement> blinded,
                                                   Rng& rng) const {
  if (blinded.empty() || blinded.size() > kVoprfMaxInput || !AreElements(blinded)) {
    return Fail(Code::kMalformed, "no VOPRF elements");
  }
  VoprfEvaluation evaluation;
  evaluation.elements.resize(blinded.size());
  bool good = true;
  for (size_t i = 0; i < blinded.size(); ++i) {
    good = good && Multiply(secret_, blinded[i], evaluation.elements[i]);
  }
  // GenerateProof.
  Composites composites;
  VoprfElement t2, t3;
  const VoprfScalar r = RandomScalar(rng);
  good = good && Compose(public_, blinded, evaluation.elements, false, composites) &&
         Multiply(secret_, composites.m, composites.z) && MultiplyBase(r, t2) &&
         Multiply(r, composites.m, t3);
  if (!good) return Fail(Code::kMalformed, "VOPRF elements that cancel out");
  const VoprfScalar c = Challenge(public_, composites, t2, t3);
  VoprfScalar ck = VoprfScalar::Zero();
  crypto_core_ristretto255_scalar_mul(ck.Writable().data(), c.Expose().data(),
                                      secret_.Expose().data());
  std::copy(c.Expose().begin(), c.Expose().end(), evaluation.proof.begin());
  crypto_core_ristretto255_scalar_sub(evaluation.proof.data() + 32, r.Expose().data(),
                                      ck.Expose().data());
  return evaluation;
}

absl::StatusOr<VoprfOutput> VoprfKey::Output(ByteView input) const {
  SecretElement evaluated = SecretElement::Zero();
  if (input.size() > kVoprfMaxInput ||
      !Multiply(secret_, HashToGroup(input).Expose(), evaluated.Writable())) {
    return Fail(Code::kInvalidArgument, "VOPRF input");
  }
  return Finish(input, evaluated);
}

}  // namespace pawl::crypto
