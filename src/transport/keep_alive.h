#ifndef PAWL_TRANSPORT_KEEP_ALIVE_H_
#define PAWL_TRANSPORT_KEEP_ALIVE_H_

#include "base/clock.h"

namespace pawl::transport {

// Whether the peer still lives (P8: a stream must not die silently). Silence for `ping_after` calls
// for one ping, silence for `dead_after` is death; anything heard starts over. Steady time.
class KeepAlive {
 public:
  enum class Verdict { kFine, kPing, kDead };

  KeepAlive(Duration ping_after, Duration dead_after)
      : ping_after_(ping_after), dead_after_(dead_after) {}

  void Heard(Timestamp now) {
    heard_ = now;
    pinged_ = false;
  }
  // kPing once per silence.
  Verdict Check(Timestamp now) {
    if (now >= heard_ + dead_after_) return Verdict::kDead;
    if (pinged_ || now < heard_ + ping_after_) return Verdict::kFine;
    pinged_ = true;
    return Verdict::kPing;
  }
  Timestamp NextDeadline() const { return heard_ + (pinged_ ? dead_after_ : ping_after_); }

 private:
  Duration ping_after_;
  Duration dead_after_;
  Timestamp heard_;
  bool pinged_ = false;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_KEEP_ALIVE_H_
