#include "sim/mutants.h"

#include <algorithm>
#include <array>

namespace pawl::sim {
namespace {

constexpr std::array kMutants = {
    Mutant{"engine.ack_before_commit", 200},  Mutant{"engine.no_dedupe", 200},
    Mutant{"engine.keep_prekey", 200},        Mutant{"engine.lose_outbox_row", 200},
    Mutant{"engine.trust_any_list", 200},     Mutant{"ratchet.no_salt", 200},
    Mutant{"ratchet.keep_skipped", 200},      Mutant{"ratchet.wrong_pn", 200},
    Mutant{"session.commit_unverified", 200}, Mutant{"store.reuse_event_number", 200},
    Mutant{"store.no_anchor", 200},           Mutant{"engine.retry_loop", 200},
};

}  // namespace

std::span<const Mutant> Mutants() { return kMutants; }

const char* FindMutant(std::string_view name) {
  const auto at = std::find_if(kMutants.begin(), kMutants.end(),
                               [&](const Mutant& mutant) { return name == mutant.name; });
  return at == kMutants.end() ? nullptr : at->name;
}

}  // namespace pawl::sim
