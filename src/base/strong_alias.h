#ifndef PAWL_BASE_STRONG_ALIAS_H_
#define PAWL_BASE_STRONG_ALIAS_H_

#include <compare>
#include <utility>

namespace pawl {

// A value of type T that does not mix with other aliases of T: `using DeviceId = StrongAlias<struct
// DeviceIdTag, uint32_t>`. Ordered, equality-comparable and hashable when T is; no arithmetic.
template <typename Tag, typename T>
class StrongAlias {
 public:
  using Underlying = T;

  constexpr StrongAlias() = default;
  constexpr explicit StrongAlias(T value) : value_(std::move(value)) {}

  constexpr const T& value() const { return value_; }
  constexpr const T& operator*() const { return value_; }

  friend constexpr auto operator<=>(const StrongAlias&, const StrongAlias&) = default;
  friend constexpr bool operator==(const StrongAlias&, const StrongAlias&) = default;

  template <typename H>
  friend H AbslHashValue(H h, const StrongAlias& a) {
    return H::combine(std::move(h), a.value_);
  }

 private:
  T value_{};
};

}  // namespace pawl

#endif  // PAWL_BASE_STRONG_ALIAS_H_
