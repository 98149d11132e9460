#ifndef PAWL_RATCHET_BRAID_ENTERED_H_
#define PAWL_RATCHET_BRAID_ENTERED_H_

#include <cstddef>
#include <string>

#include "base/sim_hooks.h"
#include "ratchet/braid/braid.h"

namespace pawl::ratchet::braid {

// The simulator counts how often each transition was made.
inline void NoteEntered([[maybe_unused]] size_t from, [[maybe_unused]] const State& state) {
#ifdef PAWL_SIM_HOOKS
  constexpr const char* kNames[] = {
      "keys_unsampled",          "keys_sampled",       "header_sent",     "ct1_received",
      "ek_sent_ct1_received",    "no_header_received", "header_received", "ct1_sampled",
      "ek_received_ct1_sampled", "ct1_acknowledged",   "ct2_sampled"};
  static_assert(std::size(kNames) == std::variant_size_v<State>);
  const std::string name = std::string("braid.") + kNames[from] + ">" + kNames[state.index()];
  pawl_sim_passed(name.c_str());
#endif
}

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_ENTERED_H_
