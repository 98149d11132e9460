#ifndef PAWL_RELAY_CORE_STATS_H_
#define PAWL_RELAY_CORE_STATS_H_

#include <cstdint>
#include <string>

namespace pawl::relay {

// What is counted: numbers about the relay, none about anybody.
struct Stats {
  // Now.
  uint64_t device_connections = 0;
  uint64_t peek_connections = 0;
  uint64_t anonymous_connections = 0;
  uint64_t opening_connections = 0;
  uint64_t pending_requests = 0;
  uint64_t pending_bytes = 0;
  // Since the start.
  uint64_t connections = 0;
  uint64_t authentications_failed = 0;
  uint64_t replaced = 0;
  uint64_t registrations = 0;
  uint64_t envelopes_stored = 0;
  uint64_t envelopes_duplicate = 0;
  uint64_t envelopes_refused = 0;
  uint64_t envelope_bytes_stored = 0;
  uint64_t envelopes_delivered = 0;
  uint64_t envelopes_acknowledged = 0;
  uint64_t prekeys_taken = 0;
  uint64_t blob_bytes_received = 0;
  uint64_t blob_bytes_sent = 0;
  uint64_t tokens_issued = 0;
  uint64_t rate_limited = 0;
  uint64_t protocol_violations = 0;
  uint64_t storage_failures = 0;
};

// Prometheus text exposition format 0.0.4.
std::string RenderMetrics(const Stats& stats);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_STATS_H_
