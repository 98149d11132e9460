#ifndef PAWL_TESTS_SIGNAL_RECORDED_BRAID_H_
#define PAWL_TESTS_SIGNAL_RECORDED_BRAID_H_

#include "ratchet/braid/spqr.h"
#include "recording.h"

namespace pawl::signal {

// Both parties' Braids of a recording. What libsignal drew at random (keys and ciphertexts) comes
// from the recording, which must outlive it; one lives at a time.
class RecordedBraid {
 public:
  struct Party {
    ratchet::braid::Spqr spqr;
    ratchet::braid::SkippedPqMap skipped;
  };
  struct Sent {
    ratchet::braid::Stamp stamp;
    ratchet::braid::PqKey key = ratchet::braid::PqKey::Zero();
  };

  explicit RecordedBraid(const Recording& recording);

  // Failures fail the running test.
  static Sent Send(Party& party);
  static void Receive(Party& party, const ratchet::braid::Stamp& stamp);
  // Signal's, on recorded keys.
  static const ratchet::braid::Scheme& scheme();

  Party& party(bool is_a) { return is_a ? alice_ : bob_; }

 private:
  Party alice_;
  Party bob_;
};

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_RECORDED_BRAID_H_
