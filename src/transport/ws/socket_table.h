#ifndef PAWL_TRANSPORT_WS_SOCKET_TABLE_H_
#define PAWL_TRANSPORT_WS_SOCKET_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "transport/channel.h"
#include "transport/endpoint.h"
#include "transport/ws/loop.h"
#include "transport/ws/message_assembler.h"
#include "transport/ws/resolver.h"

struct lws;

namespace pawl::transport::ws {

// One place for a socket. It is taken from Open until its owner has been told of the end *and* the
// library has let go of its connection, so a library callback always finds the right one.
struct Socket {
  enum class Stage : uint8_t {
    kFree,
    kResolving,
    kConnecting,  // TCP, TLS, upgrade
    kOpen,
    kClosing,  // we said Close: what is queued still goes out, nothing comes in
    kEnded,    // over for its owner; the library may still be saying goodbye
  };

  Socket(uint32_t slot, size_t max_message) : id{slot, 0}, incoming(max_message) {}

  SocketId id;
  Stage stage = Stage::kFree;
  lws* wsi = nullptr;
  Endpoint endpoint;
  Addresses addresses;  // not tried yet, the next one last
  bool upgrading = false;
  std::optional<SocketEnd> end;  // known before the library is done with the connection
  bool told = false;             // kEnded: the owner has been
  MessageAssembler incoming;
  std::deque<Bytes> outgoing;
  bool wants_ping = false;
  uint16_t close_code = kCloseNormal;
  bool owes_goodbye = false;  // a close frame with close_code
};

// The sockets of a loop, addressed by (slot, generation): an id that outlived its socket finds
// nothing. Places never move. Thread-compatible.
class SocketTable {
 public:
  SocketTable(size_t max_sockets, size_t max_message);

  // Nullptr when all places are taken.
  Socket* Take();
  // The socket of that id; nullptr if it has ended.
  Socket* Find(SocketId id);
  // Frees the place if both its owner and the library are done with it.
  void FreeIfDone(Socket& socket);

  // All places, free ones too.
  std::vector<Socket>& all() { return sockets_; }

 private:
  std::vector<Socket> sockets_;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_SOCKET_TABLE_H_
