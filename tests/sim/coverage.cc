#include "sim/coverage.h"

#include <cstdio>
#include <set>

namespace pawl::sim {
namespace {

// Faults, states and ways back: in a run of the default size none of them may stay at 0.
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
    "fault.restore",
    "fault.restore_with_anchor",
    "fault.clone",
    "fault.poisoned_chunk",
    "fault.clock_back",
    "fault.clock_forward",
    // Messages.
    "message.queued",
    "message.at_relay",
    "message.confirmed",
    "message.delivered",
    "message.read",
    "message.failed",
    // The transport machine.
    "transport.offline",
    "transport.connecting",
    "transport.authenticating",
    "transport.online",
    "transport.backing_off",
    // Sessions and the Braid.
    "session.initiated",
    "session.accepted",
    "session.confirmed",
    "session.simultaneous",
    "session.resumed",
    "session.one_time_used",
    "braid.keys_unsampled",
    "braid.keys_sampled",
    "braid.header_sent",
    "braid.ct1_received",
    "braid.ek_sent_ct1_received",
    "braid.no_header_received",
    "braid.header_received",
    "braid.ct1_sampled",
    "braid.ek_received_ct1_sampled",
    "braid.ct1_acknowledged",
    "braid.ct2_sampled",
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
    "ratchet.skipped_key_used",
    "event.superseded",
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
    std::printf("  %-36s %10llu\n", name.c_str(), static_cast<unsigned long long>(tally.Of(name)));
  }
  std::vector<std::string> missing;
  for (const char* name : kMustOccur) {
    if (tally.Of(name) == 0) missing.emplace_back(name);
  }
  return missing;
}

}  // namespace pawl::sim
