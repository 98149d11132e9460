#ifndef PAWL_RATCHET_BRAID_ENTERED_H_
#define PAWL_RATCHET_BRAID_ENTERED_H_

#include "base/sim_hooks.h"
#include "ratchet/braid/braid.h"

namespace pawl::ratchet::braid {

// The simulator counts how often each state was entered.
inline void NoteEntered([[maybe_unused]] const State& state) {
#ifdef PAWL_SIM_HOOKS
  constexpr const char* kNames[] = {
      "braid.keys_unsampled",   "braid.keys_sampled",         "braid.header_sent",
      "braid.ct1_received",     "braid.ek_sent_ct1_received", "braid.no_header_received",
      "braid.header_received",  "braid.ct1_sampled",          "braid.ek_received_ct1_sampled",
      "braid.ct1_acknowledged", "braid.ct2_sampled"};
  static_assert(std::size(kNames) == std::variant_size_v<State>);
  pawl_sim_passed(kNames[state.index()]);
#endif
}

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_ENTERED_H_
