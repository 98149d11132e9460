#ifndef PAWL_TRANSPORT_STEADY_TIME_H_
#define PAWL_TRANSPORT_STEADY_TIME_H_

#include "base/clock.h"

namespace pawl::transport {

// A time that never runs backwards, made of a wall clock that may: a step back adds nothing, a step
// forward is taken at its word. Deadlines are kept in steady time.
class SteadyTime {
 public:
  // The steady time of the wall clock's `now`.
  Timestamp Advance(Timestamp now) {
    if (started_ && now > last_) steady_ = steady_ + (now - last_);
    started_ = true;
    last_ = now;
    return steady_;
  }
  Timestamp now() const { return steady_; }
  // Where the caller's clock will stand at a steady time, if nobody sets it meanwhile.
  Timestamp ToWall(Timestamp steady) const {
    return steady == kNever ? kNever : last_ + (steady - steady_);
  }

 private:
  bool started_ = false;
  Timestamp last_;
  Timestamp steady_;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_STEADY_TIME_H_
