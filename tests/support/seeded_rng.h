#ifndef PAWL_TESTS_SUPPORT_SEEDED_RNG_H_
#define PAWL_TESTS_SUPPORT_SEEDED_RNG_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "crypto/aead.h"

namespace pawl::test {

// An endless ChaCha20 stream: one seed, one run. Every Fill takes a fresh stretch, so draws depend
// on their number and sizes alone.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(uint64_t seed);
  void Fill(MutableByteView out) override;

 private:
  crypto::AeadKey key_;
  uint64_t draws_ = 0;
};

// Gives back exactly the bytes it was made with: for vectors that fix the randomness. Asking for
// more fails the running test.
class ScriptedRng final : public Rng {
 public:
  explicit ScriptedRng(Bytes script) : script_(std::move(script)) {}
  void Fill(MutableByteView out) override;
  size_t remaining() const { return script_.size() - at_; }

 private:
  Bytes script_;
  size_t at_ = 0;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_SEEDED_RNG_H_
