#ifndef PAWL_WIRE_VERIFIED_H_
#define PAWL_WIRE_VERIFIED_H_

namespace pawl::wire {

namespace internal {
struct VerifiedAccess;
}  // namespace internal

// Proof by type that a FlatBuffers verifier with our depth, table and size caps accepted the bytes
// that T lies in. Only this layer's verifying functions make one, and no function of ours takes a
// naked `const fb::X*` from outside, so unverified bytes cannot be read as a table. Everything
// reachable from a verified root is verified too.
//
// A view: it borrows the bytes, which must stay where they are as long as it lives.
template <typename T>
class Verified {
 public:
  const T* operator->() const { return root_; }
  const T& operator*() const { return *root_; }

 private:
  friend struct internal::VerifiedAccess;
  explicit Verified(const T* root) : root_(root) {}

  const T* root_;
};

}  // namespace pawl::wire

#endif  // PAWL_WIRE_VERIFIED_H_
