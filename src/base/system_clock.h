#ifndef PAWL_BASE_SYSTEM_CLOCK_H_
#define PAWL_BASE_SYSTEM_CLOCK_H_

#include "base/clock.h"

namespace pawl {

// The host's wall clock, which may be days off and may jump both ways. Thread-safe.
class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
};

}  // namespace pawl

#endif  // PAWL_BASE_SYSTEM_CLOCK_H_
