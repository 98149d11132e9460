#include "sim/coverage.h"

#include <cstdio>
#include <set>

namespace pawl::sim {
namespace {

// Faults, transitions and ways back: in a run of the default size none of them may stay at 0.
constexpr const char* kMustOccur[] = {
    // Faults.
    "fault.offline",
    "fault.partition",
    "fault.cut",
    "fault.silence",
    "fault.lose_acks",
    "fault.delay",
    "fault.duplicate",
    "fault.rename",
    "fault.corrupt",
    "fault.reorder",
    "fault.withhold",
    "fault.roll_list",
    "fault.relay_crash",
    "fault.relay_kill",
    "fault.kill",
    "fault.crash.process",
    "fault.crash.torn",
    "fault.crash.power_cut",
    "fault.disk_full",
    "fault.restore_alone",
    "fault.restore_with_anchor",
    "fault.clone",
    "fault.poison",
    "fault.clock_back",
    "fault.clock_forward",
    // Messages, from one state to the next; from nothing: what a copy that was put back, or another
    // device of the account, hears of a message that it does not know.
    "message.>queued",
    "message.>delivered",
    "message.queued>at_relay",
    "message.queued>confirmed",
    "message.at_relay>confirmed",
    "message.at_relay>delivered",
    "message.at_relay>failed",
    "message.confirmed>delivered",
    "message.read",
    // The transport machine.
    "transport.offline>connecting",
    "transport.connecting>authenticating",
    "transport.connecting>backing_off",
    "transport.authenticating>online",
    "transport.authenticating>backing_off",
    "transport.online>offline",
    "transport.online>backing_off",
    "transport.online>replaced",
    "transport.backing_off>connecting",
    // Sessions and the Braid.
    "session.initiated",
    "session.accepted",
    "session.confirmed",
    "session.simultaneous",
    "session.resumed",
    "session.one_time_used",
    "braid.keys_unsampled>keys_sampled",
    "braid.keys_sampled>header_sent",
    "braid.header_sent>ct1_received",
    "braid.ct1_received>ek_sent_ct1_received",
    "braid.ek_sent_ct1_received>no_header_received",
    "braid.no_header_received>header_received",
    "braid.header_received>ct1_sampled",
    "braid.ct1_sampled>ek_received_ct1_sampled",
    "braid.ct1_sampled>ct1_acknowledged",
    "braid.ct1_sampled>ct2_sampled",
    "braid.ek_received_ct1_sampled>ct2_sampled",
    "braid.ct1_acknowledged>ct2_sampled",
    "braid.ct2_sampled>keys_unsampled",
    "braid.broken",
    // Ways back.
    "recovery.event_handed_out_again",
    "recovery.step_again",
    "rejected.AUTH_FAILED",
    "rejected.REPLAYED",
    "recovery.known_envelope",
    "recovery.parked",
    "recovery.sent_again",
    "recovery.diverged",
    "recovery.resume_answered",
    "recovery.retransmitted",
    "recovery.resent_on_fresh_session",
    "recovery.header_trial",
    "recovery.reopened",
    "ratchet.skipped_key_used",
    "event.superseded",
    "event.session_reset",
    "event.device_rekeyed",
    "event.undecryptable",
    "event.repaired",
    "event.gap",
    "event.list_warning",
    "event.device_added",
    "event.device_removed",
};

}  // namespace

std::vector<std::string> Report(const Tally& tally) {
  std::set<std::string> names(std::begin(kMustOccur), std::end(kMustOccur));
  for (const auto& [name, times] : tally.all()) names.insert(name);
  for (const std::string& name : names) {
    std::printf("  %-48s %10llu\n", name.c_str(), static_cast<unsigned long long>(tally.Of(name)));
  }
  std::vector<std::string> missing;
  for (const char* name : kMustOccur) {
    if (tally.Of(name) == 0) missing.emplace_back(name);
  }
  return missing;
}

}  // namespace pawl::sim
