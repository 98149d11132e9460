#ifndef PAWL_RELAY_SERVICE_H_
#define PAWL_RELAY_SERVICE_H_

#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/init.h"
#include "relay/core/admission.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/sqlite_engine.h"
#include "relay/options.h"
#include "relay/ws/server.h"

namespace pawl::relay {

// The whole relay: sockets into the core, the core's effects to sockets and storage, the storage's
// news back into the core. All of it on the thread inside Run, but for the engine's own threads.
class Service final : private ws::ServerHandler, private engine::Sink {
 public:
  // Binds, opens the storage. Errors as of Server::Create and SqliteEngine::Open. `clock` and `log`
  // outlive it.
  static absl::StatusOr<std::unique_ptr<Service>> Create(const Options& options, const Clock& clock,
                                                         const Log& log);
  ~Service() override = default;

  uint16_t port() const { return server_->port(); }
  uint16_t metrics_port() const { return server_->metrics_port(); }
  const ByteArray<32>& key_hash() const { return server_->key_hash(); }
  // Until SIGTERM or SIGINT, and all peers have been told.
  void Run();

 private:
  Service(const Options& options, const Clock& clock, const Log& log);
  absl::Status Open(const Options& options);

  bool OnAccept(const PeerNetwork& network) override;
  void OnLeft(const PeerNetwork& network) override;
  void OnOpened(ConnectionId id, const PeerInfo& peer) override;
  void OnMessage(ConnectionId id, ByteView message) override;
  void OnText(ConnectionId id) override;
  void OnClosed(ConnectionId id) override;
  void OnTick() override;
  void OnBusy(ConnectionId id, bool busy) override;
  void OnSignal() override;
  ws::HttpAnswer OnHttp(std::string_view path) override;
  ws::HttpAnswer OnMetricsHttp(std::string_view path) override;
  void Complete(engine::Completions completions) override;

  void CarryOut(Effects effects);

  const Clock& clock_;
  const Log& log_;
  crypto::SystemRng rng_;
  Admission admission_;
  int64_t turned_away_ = 0;  // since it was last said
  Timestamp turned_away_said_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<ws::Server> server_;  // says OnClosed as it goes
  // Last: its threads post to the server, so it goes first.
  std::unique_ptr<engine::sqlite::SqliteEngine> engine_;
};

}  // namespace pawl::relay

#endif  // PAWL_RELAY_SERVICE_H_
