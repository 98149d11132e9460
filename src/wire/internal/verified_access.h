#ifndef PAWL_WIRE_INTERNAL_VERIFIED_ACCESS_H_
#define PAWL_WIRE_INTERNAL_VERIFIED_ACCESS_H_

#include "wire/verified.h"

namespace pawl::wire::internal {

// The only way to make a Verified. For the verifying functions of this layer, right after their
// verifier agreed.
struct VerifiedAccess {
  template <typename T>
  static Verified<T> Make(const T* root) {
    return Verified<T>(root);
  }
};

}  // namespace pawl::wire::internal

#endif  // PAWL_WIRE_INTERNAL_VERIFIED_ACCESS_H_
