#ifndef PAWL_TRANSPORT_WS_LOOP_IMPL_H_
#define PAWL_TRANSPORT_WS_LOOP_IMPL_H_

#include <libwebsockets.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transport/ws/loop.h"
#include "transport/ws/resolver.h"
#include "transport/ws/socket_table.h"
#include "transport/ws/task_queue.h"
#include "transport/ws/tls_client.h"

// The only header of the client that knows libwebsockets; for the three loop*.cc. A "4.1.6" in a
// comment is about what that release does.

namespace pawl::transport::ws {

inline constexpr char kSubprotocol[] = "pawl.1";
// The connection machine keeps its sockets alive; the library's own checks are off.
inline constexpr lws_retry_bo_t kNoValidityChecks{};

class WsLoop::Impl {
 public:
  Impl(LoopOptions options, LoopHandler* handler)
      : options_(std::move(options)),
        handler_(handler),
        sockets_(options_.max_sockets, options_.max_message),
        timers_(options_.max_sockets) {}
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status Init();
  void Run();
  absl::StatusOr<SocketId> Open(const Endpoint& endpoint);
  void Send(SocketId id, Bytes buffer);
  void Ping(SocketId id);
  void Close(SocketId id, uint16_t ws_code);
  void WakeAfter(Duration delay);
  // Makes the next wait of lws_service return at once. Needed on the loop's own thread too: 4.1.6
  // calls timers before it waits, and what they leave for Run to do must not wait with it.
  void WakeUp() { lws_cancel_service(context_); }

  TaskQueue& tasks() { return tasks_; }

 private:
  struct Timer {
    lws_sorted_usec_list_t list{};  // first: the library gives its address back
    Impl* loop = nullptr;
    Socket* socket = nullptr;
  };
  struct Ended {
    Socket* socket;
    SocketEnd end;
  };

  static int OnCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in, size_t size);
  static void OnTimer(lws_sorted_usec_list_t* list);

  bool RunTasks();
  void TellEnded();
  void ConnectSoon(Socket& socket);
  void ConnectAgain();

  void OnResolved(SocketId id, Addresses addresses);
  void Connect(Socket& socket);
  bool TryAddress(Socket& socket, const std::string& address);
  void Arm(Socket& socket, Duration delay);
  void Kill(Socket& socket);
  void End(Socket& socket, SocketEnd end);

  int Dispatch(Socket& socket, lws* wsi, lws_callback_reasons reason, ByteView in);
  int OnUpgradeAnswer(lws* wsi);
  int OnEstablished(Socket& socket, lws* wsi);
  void OnReceive(Socket& socket, lws* wsi, ByteView piece);
  int OnWriteable(Socket& socket, lws* wsi);
  void Refuse(Socket& socket, SocketFailure failure, uint16_t ws_code);
  int Goodbye(Socket& socket, lws* wsi);
  void OnConnectFailed(Socket& socket, lws* wsi, std::string_view why);
  void OnDestroyed(Socket& socket);
  void OnDeadline(Socket& socket);

  const LoopOptions options_;
  LoopHandler* const handler_;
  TaskQueue tasks_;
  SocketTable sockets_;
  std::vector<Timer> timers_;  // one per socket, same index
  Timer wake_;
  bool wake_due_ = false;
  std::vector<Ended> ended_;           // owners to be told
  std::vector<Socket*> next_address_;  // to be connected to the next of their addresses
  bool inside_connect_ = false;
  std::unique_ptr<TlsClient> tls_;
  lws_context* context_ = nullptr;
  std::optional<Resolver> resolver_;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_LOOP_IMPL_H_
