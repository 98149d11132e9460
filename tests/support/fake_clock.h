#ifndef PAWL_TESTS_SUPPORT_FAKE_CLOCK_H_
#define PAWL_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "base/clock.h"

namespace pawl::test {

// Stands still until told otherwise. Starts at 2030-01-01, so that differences from zero show.
class FakeClock final : public Clock {
 public:
  static constexpr Timestamp kStart{1'893'456'000'000};

  explicit FakeClock(Timestamp start = kStart) : now_(start) {}
  Timestamp Now() const override { return now_; }
  void Advance(Duration by) { now_ = now_ + by; }
  void Set(Timestamp now) { now_ = now; }

 private:
  Timestamp now_;
};

// For tests in which no time passes.
inline constexpr Timestamp kNow = FakeClock::kStart;

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_FAKE_CLOCK_H_
