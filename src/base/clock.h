#ifndef PAWL_BASE_CLOCK_H_
#define PAWL_BASE_CLOCK_H_

#include <compare>
#include <cstdint>

namespace pawl {

// A span of time in milliseconds.
struct Duration {
  int64_t ms = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};
constexpr Duration Milliseconds(int64_t n) { return {n}; }
constexpr Duration Seconds(int64_t n) { return {n * 1000}; }
constexpr Duration Minutes(int64_t n) { return {n * 60'000}; }
constexpr Duration Hours(int64_t n) { return {n * 3'600'000}; }
constexpr Duration Days(int64_t n) { return {n * 86'400'000}; }

// Wall-clock time in milliseconds since the Unix epoch. Other people's timestamps are hints, never
// proofs.
struct Timestamp {
  int64_t ms = 0;
  friend constexpr auto operator<=>(const Timestamp&, const Timestamp&) = default;
};
constexpr Timestamp kNever{INT64_MAX};
constexpr Timestamp kLongAgo{INT64_MIN};  // before any time: what is due then is due at once

namespace internal {
constexpr int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? INT64_MIN : INT64_MAX;
}
constexpr int64_t SaturatingSubtract(int64_t a, int64_t b) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b < 0 ? INT64_MAX : INT64_MIN;
}
}  // namespace internal

// Saturating: a peer may claim any time, and nothing comes after kNever.
constexpr Timestamp operator+(Timestamp t, Duration d) {
  return {internal::SaturatingAdd(t.ms, d.ms)};
}
constexpr Timestamp operator-(Timestamp t, Duration d) {
  return {internal::SaturatingSubtract(t.ms, d.ms)};
}
constexpr Duration operator-(Timestamp a, Timestamp b) {
  return {internal::SaturatingSubtract(a.ms, b.ms)};
}

// Where time comes from. Only client/runner, the ws adapters and capi hold one; everything below
// takes `now`.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

}  // namespace pawl

#endif  // PAWL_BASE_CLOCK_H_
