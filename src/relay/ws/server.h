#ifndef PAWL_RELAY_WS_SERVER_H_
#define PAWL_RELAY_WS_SERVER_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "relay/core/effects.h"
#include "relay/core/peer.h"

namespace pawl::relay::ws {

struct HttpAnswer {
  uint32_t status = 404;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Called on the loop's thread, never from inside a Server method.
class ServerHandler {
 public:
  virtual ~ServerHandler() = default;
  // Before anything is spent on a new peer; false turns it away.
  virtual bool OnAccept(const PeerNetwork& network) = 0;
  // That peer is gone: once for every OnAccept that returned true.
  virtual void OnLeft(const PeerNetwork& network) = 0;

  virtual void OnOpened(ConnectionId id, const PeerInfo& peer) = 0;
  // One whole binary message, 8-byte aligned, valid during the call.
  virtual void OnMessage(ConnectionId id, ByteView message) = 0;
  // It sent a text message, which nobody reads. The handler closes it.
  virtual void OnText(ConnectionId id) = 0;
  // Exactly once for every OnOpened.
  virtual void OnClosed(ConnectionId id) = 0;
  virtual void OnTick() = 0;
  // Much waits for this peer to take it (true), or hardly anything any more. Until then it is not
  // read from; nothing that can wait should be sent to it.
  virtual void OnBusy(ConnectionId id, bool busy) = 0;
  // SIGTERM or SIGINT, from Create to the end of Run: one that comes before Run is told in it. One
  // server of a process at a time can have them.
  virtual void OnSignal() = 0;
  // GET or HEAD of anything that is not a WebSocket.
  virtual HttpAnswer OnHttp(std::string_view path) = 0;
  // The same where `metrics_host` listens.
  virtual HttpAnswer OnMetricsHttp(std::string_view path) = 0;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // numeric address, or a name that resolves to one
  uint16_t port = 0;               // 0: any free one
  std::string certificate_file;    // PEM chain; empty: plain text
  std::string key_file;            // PEM
  // A second listener, for plain HTTP alone; empty: none.
  std::string metrics_host;
  uint16_t metrics_port = 0;  // 0: any free one

  size_t max_message = size_t{256} << 10;
  size_t max_queued = size_t{4} << 20;  // bytes not yet taken by a peer
  // ...by all of one network, and by everybody: who holds the most of it is closed.
  size_t max_queued_per_peer = size_t{64} << 20;
  size_t max_queued_in_all = size_t{256} << 20;
  // Messages of which a part has come: likewise.
  size_t max_partial_per_peer = size_t{8} << 20;
  size_t max_partial_in_all = size_t{64} << 20;
  Duration max_assembly = Seconds(20);  // from a message's first part to its last
  Duration max_stall = Seconds(30);     // ...or nothing taken for so long: it reads too slowly
  Duration ping_after = Seconds(30);    // of silence, +- 20 %
  Duration dead_after = Seconds(75);
  Duration tick = Milliseconds(100);  // of OnTick
};

// libwebsockets, server side, on a libev loop: the listener, the sockets, their queues. One thread,
// the one inside Run, does everything; Post is the only way in from others. What a peer can make it
// hold is bounded by ServerOptions.
class Server {
 public:
  // Binds and loads the certificate. kInvalidArgument (address, certificate), kIo (address in use).
  static absl::StatusOr<std::unique_ptr<Server>> Create(ServerOptions options,
                                                        ServerHandler* handler);
  ~Server();  // not while a thread is inside Run
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t port() const;
  uint16_t metrics_port() const;  // 0: none
  // SHA-256 of the certificate's SubjectPublicKeyInfo, what clients pin; zero for plain text.
  const ByteArray<32>& key_hash() const;

  // --- any thread ---
  void Post(absl::AnyInvocable<void()> task);

  // --- the loop's thread ---
  // Until Drain has come to its end.
  void Run();
  // `buffer` is kHeadroom free bytes and one message.
  void Send(ConnectionId id, Bytes buffer);
  // After what was sent before.
  void Close(ConnectionId id, CloseCode code);
  void SetReading(ConnectionId id, bool on);
  // Accepts nobody any more; ends when all peers are gone, after 2 s whether they are or not.
  void Drain();

  // Raises the process's soft limit of descriptors to the hard one: services are started with 1024.
  static void RaiseCapacity();
  // How many peers the process has descriptors for.
  static uint32_t Capacity();
  // For the scratch bytes of the socket library in front of each message.
  static constexpr size_t kHeadroom = 16;

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::relay::ws

#endif  // PAWL_RELAY_WS_SERVER_H_
