#include "relay/service.h"

#include <utility>

#include "base/kill_point.h"
#include "relay/database_key.h"

namespace pawl::relay {
namespace {

constexpr Duration kTurnedAwayInterval = Minutes(1);  // between two lines of the log about it

Config CoreConfig(const Options& options, const ws::Server& server) {
  Config config;
  config.domain = options.domain;
  config.invitation_required = options.invitation_required;
  config.key_hash = server.key_hash();
  config.rate_scale = options.rate_scale;
  config.headroom = ws::Server::kHeadroom;
  return config;
}

Admission::Limits AdmissionLimits(const Options& options) {
  Admission::Limits limits;
  ws::Server::RaiseCapacity();
  limits.connections = ws::Server::Capacity();
  limits.per_peer = Admission::Limits::ShareOf(limits.connections);
  limits.rate_scale = options.rate_scale;
  return limits;
}

ws::ServerOptions SocketOptions(const Options& options) {
  ws::ServerOptions sockets;
  sockets.host = options.host;
  sockets.port = options.port;
  sockets.metrics_host = options.metrics_host;
  sockets.metrics_port = options.metrics_port;
  if (options.plain) return sockets;
  sockets.certificate_file = options.tls_cert;
  sockets.key_file = options.tls_key;
  return sockets;
}

}  // namespace

Service::Service(const Options& options, const Clock& clock, const Log& log)
    : clock_(clock), log_(log), admission_(AdmissionLimits(options)) {}

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Options& options, const Clock& clock,
                                                         const Log& log) {
  std::unique_ptr<Service> service(new Service(options, clock, log));
  PAWL_TRY(service->Open(options));
  return service;
}

absl::Status Service::Open(const Options& options) {
  engine::sqlite::Location location;
  location.directory = options.data;
  PAWL_ASSIGN(location.key, ReadDatabaseKey(options.db_key_file));
  PAWL_ASSIGN(server_, ws::Server::Create(SocketOptions(options), this));
  core_ = std::make_unique<Core>(CoreConfig(options, *server_));
  PAWL_ASSIGN(engine_, engine::sqlite::SqliteEngine::Open(location, options.quotas, *this));
  return OkStatus();
}

void Service::Run() {
  log_.Line(LogLevel::kInfo, "serving on port", server_->port());
  server_->Run();
  log_.Line(LogLevel::kInfo, "stopped; messages stored in this run",
            static_cast<int64_t>(core_->stats().envelopes_stored));
}

bool Service::OnAccept(const PeerNetwork& network) {
  const Timestamp now = clock_.Now();
  if (admission_.Admit(network, now)) return true;
  ++turned_away_;
  if (now >= turned_away_said_ + kTurnedAwayInterval) {
    log_.Line(LogLevel::kWarning, "connections turned away since this was last said", turned_away_);
    turned_away_ = 0;
    turned_away_said_ = now;
  }
  return false;
}

void Service::OnLeft(const PeerNetwork& network) { admission_.Release(network); }

void Service::OnOpened(ConnectionId id, const PeerInfo& peer) {
  Effects effects;
  core_->Opened(id, peer, clock_.Now(), rng_, effects);
  CarryOut(std::move(effects));
}

void Service::OnMessage(ConnectionId id, ByteView message) {
  Effects effects;
  core_->Received(id, message, clock_.Now(), effects);
  CarryOut(std::move(effects));
}

void Service::OnText(ConnectionId id) {
  Effects effects;
  core_->ReceivedText(id, clock_.Now(), effects);
  CarryOut(std::move(effects));
}

void Service::OnClosed(ConnectionId id) {
  Effects effects;
  core_->Closed(id, clock_.Now(), effects);
  CarryOut(std::move(effects));
}

void Service::OnTick() {
  Effects effects;
  core_->Tick(clock_.Now(), effects);
  CarryOut(std::move(effects));
}

void Service::OnBusy(ConnectionId id, bool busy) {
  Effects effects;
  core_->Busy(id, busy, clock_.Now(), effects);
  CarryOut(std::move(effects));
}

void Service::OnSignal() {
  log_.Line(LogLevel::kInfo, "asked to stop: telling the peers");
  Effects effects;
  core_->ShutDown(clock_.Now(), effects);
  CarryOut(std::move(effects));
  server_->Drain();
}

ws::HttpAnswer Service::OnHttp(std::string_view path) {
  ws::HttpAnswer answer;
  if (path == "/health") {
    answer.status = 200;
    answer.body = "ok\n";
  } else {
    answer.body = "A Pawl relay. Clients connect by WebSocket, subprotocol pawl.1.\n";
  }
  return answer;
}

ws::HttpAnswer Service::OnMetricsHttp(std::string_view path) {
  ws::HttpAnswer answer;
  if (path == "/metrics") {
    answer.status = 200;
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = RenderMetrics(core_->stats());
  }
  return answer;
}

// On the engine's threads.
void Service::Complete(engine::Completions completions) {
  server_->Post([this, completions = std::move(completions)]() mutable {
    PAWL_KILL_POINT("relay.before_answer");
    Effects effects;
    core_->Completed(std::move(completions), clock_.Now(), effects);
    CarryOut(std::move(effects));
    PAWL_KILL_POINT("relay.after_answer");
  });
}

void Service::CarryOut(Effects effects) {
  for (SendMessage& send : effects.sends) server_->Send(send.to, std::move(send.message));
  for (const CloseConnection& close : effects.closes) server_->Close(close.id, close.code);
  for (const SetReading& reading : effects.readings) server_->SetReading(reading.id, reading.on);
  if (!effects.requests.empty()) engine_->Submit(std::move(effects.requests));
}

}  // namespace pawl::relay
