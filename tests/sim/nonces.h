#ifndef PAWL_TESTS_SIM_NONCES_H_
#define PAWL_TESTS_SIM_NONCES_H_

#include <cstdint>
#include <unordered_set>

#include "base/bytes.h"

namespace pawl::sim {

// Every (key, nonce) that anybody in the world sealed under, copies included. One at a time.
class Nonces {
 public:
  Nonces();
  ~Nonces();
  // How often one was used a second time.
  uint64_t repeated() const { return repeated_; }
  uint64_t used() const { return used_.size(); }

 private:
  static void Sealed(ByteView key, ByteView nonce);
  std::unordered_set<uint64_t> used_;
  uint64_t repeated_ = 0;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_NONCES_H_
