#ifndef PAWL_TESTS_SUPPORT_FUZZ_REQUIRE_H_
#define PAWL_TESTS_SUPPORT_FUZZ_REQUIRE_H_

namespace pawl::test {

// What must hold for every input of a fuzz target; the fuzzer reports the input when it does not.
inline void Require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_FUZZ_REQUIRE_H_
