#include "relay/core/stats.h"

#include <string_view>

namespace pawl::relay {
namespace {

enum class Kind { kGauge, kCounter };

void AddLine(std::string& out, std::string_view name, Kind kind, uint64_t value) {
  out.append("# TYPE ").append(name).append(kind == Kind::kGauge ? " gauge\n" : " counter\n");
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void AddGauges(std::string& out, const Stats& stats) {
  const auto add = [&](std::string_view name, uint64_t value) {
    AddLine(out, name, Kind::kGauge, value);
  };
  out.append("# TYPE pawl_relay_connections_open gauge\n");
  const auto add_mode = [&](std::string_view mode, uint64_t value) {
    out.append("pawl_relay_connections_open{mode=\"").append(mode).append("\"} ");
    out.append(std::to_string(value)).append("\n");
  };
  add_mode("device", stats.device_connections);
  add_mode("peek", stats.peek_connections);
  add_mode("anonymous", stats.anonymous_connections);
  add_mode("opening", stats.opening_connections);
  add("pawl_relay_storage_requests_pending", stats.pending_requests);
  add("pawl_relay_storage_bytes_pending", stats.pending_bytes);
}

void AddCounters(std::string& out, const Stats& stats) {
  const auto add = [&](std::string_view name, uint64_t value) {
    AddLine(out, name, Kind::kCounter, value);
  };
  add("pawl_relay_connections_total", stats.connections);
  add("pawl_relay_authentications_failed_total", stats.authentications_failed);
  add("pawl_relay_connections_replaced_total", stats.replaced);
  add("pawl_relay_registrations_total", stats.registrations);
  add("pawl_relay_envelopes_stored_total", stats.envelopes_stored);
  add("pawl_relay_envelopes_duplicate_total", stats.envelopes_duplicate);
  add("pawl_relay_envelopes_refused_total", stats.envelopes_refused);
  add("pawl_relay_envelope_bytes_stored_total", stats.envelope_bytes_stored);
  add("pawl_relay_envelopes_delivered_total", stats.envelopes_delivered);
  add("pawl_relay_envelopes_acknowledged_total", stats.envelopes_acknowledged);
  add("pawl_relay_prekeys_taken_total", stats.prekeys_taken);
  add("pawl_relay_blob_bytes_received_total", stats.blob_bytes_received);
  add("pawl_relay_blob_bytes_sent_total", stats.blob_bytes_sent);
  add("pawl_relay_tokens_issued_total", stats.tokens_issued);
  add("pawl_relay_rate_limited_total", stats.rate_limited);
  add("pawl_relay_protocol_violations_total", stats.protocol_violations);
  add("pawl_relay_storage_failures_total", stats.storage_failures);
}

}  // namespace

std::string RenderMetrics(const Stats& stats) {
  std::string out;
  AddGauges(out, stats);
  AddCounters(out, stats);
  return out;
}

}  // namespace pawl::relay
