#ifndef PAWL_TESTS_CT_POISON_H_
#define PAWL_TESTS_CT_POISON_H_

#include <valgrind/memcheck.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/rng.h"
#include "support/seeded_rng.h"

// Secrets are undefined memory to valgrind, and so is all that is computed from them. It reports
// each branch and each address that depends on undefined memory: what an attacker's clock sees.
namespace pawl::ct {

inline void Poison(ByteView secret) { VALGRIND_MAKE_MEM_UNDEFINED(secret.data(), secret.size()); }

// For what the protocol itself makes public. Each call is one such decision.
inline void Declassify(ByteView public_bytes) {
  VALGRIND_MAKE_MEM_DEFINED(public_bytes.data(), public_bytes.size());
}
template <typename T>
T Declassified(T value) {
  VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
  return value;
}

// The bits of a byte that are secret to valgrind; none when it does not run.
inline uint8_t PoisonOf(const uint8_t& byte) {
  uint8_t undefined = 0;
  return VALGRIND_GET_VBITS(&byte, &undefined, 1) == 1 ? undefined : uint8_t{0};
}
// Whether all bytes are secret: a test that lost the poison on its way proves nothing.
inline bool IsPoisoned(ByteView bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(),
                                       [](const uint8_t& byte) { return PoisonOf(byte) == 0xff; });
}
inline bool HasPoison(ByteView bytes) {
  return std::any_of(bytes.begin(), bytes.end(),
                     [](const uint8_t& byte) { return PoisonOf(byte) != 0; });
}

// Every draw is secret. What of it is sent is declassified where it is sent.
class SecretRng final : public Rng {
 public:
  explicit SecretRng(uint64_t seed) : seeded_(seed) {}
  void Fill(MutableByteView out) override {
    seeded_.Fill(out);
    Poison(out);
  }

 private:
  test::SeededRng seeded_;
};

}  // namespace pawl::ct

#endif  // PAWL_TESTS_CT_POISON_H_
